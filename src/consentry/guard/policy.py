"""Policy: CEL rules over named numbers, wrapped so that nothing unsure ever becomes *allow*.

CEL fails open when used naively (rule 4, measured with cel-expr-python 0.1.3): a missing variable gives an ERROR
*value* and no exception, ``bool()`` of any value is true, and NaN makes ``s >= 0.7`` false. Therefore: signals are
complete and finite before a rule is tried; only a value of type BOOL whose plain value *is* ``True`` or ``False``
counts; anything else denies with ``screening_unavailable``; the strictest rule wins.

Not done here: measuring signals, reading policy files from disk, changing the policy in force.
"""

import hashlib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from numbers import Real

from cel_expr_python import cel

from consentry.basics.ids import Sha256Hex
from consentry.guard.decision import Outcome, OutputCheck, Reason
from consentry.guard.errors import PolicyError
from consentry.guard.policy_file import Example, PolicyFile, RuleText, parse_policy_file
from consentry.guard.reasons import reason
from consentry.guard.request import Person, Route

CONTEXT_VALUES: Mapping[str, frozenset[str]] = {
    "route": frozenset(Route),
    "person": frozenset(Person),
    "stage": frozenset({"request", "output"}),
}
"""Text variables of a rule and all values that they can have."""

CONTEXT_FLAGS: tuple[str, ...] = ("subject_known", "strict_output")
"""Truth variables of a rule. ``strict_output`` may be left out: it then counts as true, the stricter value."""

UNAVAILABLE = "screening_unavailable"


@dataclass(frozen=True, slots=True)
class PolicyVerdict:
    """What the rules say together: the strictest outcome, its reasons, and every rule that fired."""

    outcome: Outcome
    output_check: OutputCheck
    reasons: tuple[Reason, ...]
    rules_fired: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExampleResult:
    """One of the policy's own examples, judged: ``passed`` when verdict and expectation agree."""

    example: Example
    verdict: PolicyVerdict
    passed: bool


class Policy:
    """A policy that compiled. Immutable, and safe to share between threads: evaluation keeps no state."""

    def __init__(self, file: PolicyFile, digest: Sha256Hex, compiled: Mapping[str, "cel.Expression"]) -> None:
        self._file = file
        self._digest = digest
        self._compiled = compiled

    @property
    def name(self) -> str:
        """The policy's name."""
        return self._file.name

    @property
    def version(self) -> str:
        """The policy's version."""
        return self._file.version

    @property
    def label(self) -> str:
        """``name@version``, as decisions carry it."""
        return f"{self._file.name}@{self._file.version}"

    @property
    def digest(self) -> Sha256Hex:
        """SHA-256 of the policy's bytes."""
        return self._digest

    @property
    def rules(self) -> tuple[RuleText, ...]:
        """The rules as written, in order."""
        return self._file.rules

    @property
    def signals(self) -> tuple[str, ...]:
        """The signals that the policy declares; each must be present whenever it is evaluated."""
        return self._file.signals

    def evaluate(self, signals: Mapping[str, float], context: Mapping[str, str | bool]) -> PolicyVerdict:
        """Weigh complete signals under every rule; never raises, and denies whatever it cannot weigh.

        ``signals`` must hold every declared signal as a finite number; ``context`` has ``route``, ``person``,
        ``stage`` (text) and ``subject_known`` (bool), optionally ``strict_output`` (bool).
        """
        values = self._activation(signals, context)
        if values is None:
            return _unavailable(())
        fired: list[RuleText] = []
        for rule in self._file.rules:
            holds = _truth(self._compiled[rule.id], values)
            if holds is None:
                return _unavailable((rule.id,))
            if holds:
                fired.append(rule)
        return _strictest(fired)

    def run_examples(self) -> list[ExampleResult]:
        """Judge the policy's own examples; signals that an example leaves out are 0.0."""
        results = []
        for example in self._file.examples:
            signals = dict.fromkeys(self._file.signals, 0.0) | dict(example.signals)
            verdict = self.evaluate(signals, example.context)
            passed = verdict.outcome is example.expect and (
                example.output_check is None or verdict.output_check is example.output_check
            )
            if example.reason is not None:
                passed = passed and example.reason in {one.code for one in verdict.reasons}
            results.append(ExampleResult(example, verdict, passed))
        return results

    def _activation(
        self, signals: Mapping[str, float], context: Mapping[str, str | bool]
    ) -> dict[str, float | str | bool] | None:
        """The variables of one evaluation, or ``None`` when one is missing, foreign or not finite."""
        values: dict[str, float | str | bool] = {}
        for name, number in signals.items():
            if isinstance(number, bool) or not isinstance(number, Real):
                return None
            plain = float(number)
            if not math.isfinite(plain):
                return None
            if name in self._file.signals:
                values[name] = plain
        if len(values) != len(self._file.signals):
            return None
        for name, allowed in CONTEXT_VALUES.items():
            word = context.get(name)
            if not isinstance(word, str) or word not in allowed:
                return None
            values[name] = str(word)
        for name in CONTEXT_FLAGS:
            flag = context.get(name, True if name == "strict_output" else None)
            if not isinstance(flag, bool):
                return None
            values[name] = flag
        return values


def load_policy(text: bytes, *, known_signals: Iterable[str]) -> Policy:
    """Parse and type-check a policy; :class:`PolicyError` names the first thing that is wrong.

    Every expression is compiled against doubles for the declared signals, so a signal that nobody measures, a
    comparison of unlike types or a rule that is not a truth value is refused here and not met at run time.
    """
    file = parse_policy_file(text, known_signals=frozenset(known_signals))
    types = dict.fromkeys(file.signals, cel.Type.DOUBLE)
    types |= dict.fromkeys(CONTEXT_VALUES, cel.Type.STRING)
    types |= dict.fromkeys(CONTEXT_FLAGS, cel.Type.BOOL)
    environment = cel.NewEnv(variables=types)
    compiled = {}
    for rule in file.rules:
        try:
            expression = environment.compile(rule.when)
        except RuntimeError as error:
            raise PolicyError(f"Rule {rule.id} does not compile: {error}") from error
        if expression.return_type() != cel.Type.BOOL:
            raise PolicyError(f"Rule {rule.id} must be a truth value, not {expression.return_type().name()}.")
        compiled[rule.id] = expression
    return Policy(file, Sha256Hex(hashlib.sha256(text).hexdigest()), compiled)


def house_policy_bytes() -> bytes:
    """The bytes of the policy that comes with the package."""
    return resources.files("consentry.guard").joinpath("policies", "house.yaml").read_bytes()


def _truth(expression: "cel.Expression", values: Mapping[str, float | str | bool]) -> bool | None:
    """The expression's truth value, or ``None`` for an error of any kind."""
    try:
        value = expression.eval(data=dict(values))
        if value.type() != cel.Type.BOOL:
            return None
        plain = value.plain_value()
    except Exception:  # foreign code: whatever it raises, the answer is "unknown", and unknown denies
        return None
    return plain if plain is True or plain is False else None


def _strictest(fired: list[RuleText]) -> PolicyVerdict:
    outcome = max((rule.outcome for rule in fired), key=lambda one: one.severity, default=Outcome.ALLOW)
    strict = outcome is not Outcome.ALLOW or any(rule.strict for rule in fired)
    codes: dict[str, None] = {}
    if outcome is not Outcome.ALLOW:
        codes = dict.fromkeys(rule.reason for rule in fired if rule.outcome is outcome)
    return PolicyVerdict(
        outcome=outcome,
        output_check=OutputCheck.STRICT if strict else OutputCheck.NORMAL,
        reasons=tuple(reason(code) for code in codes),
        rules_fired=tuple(rule.id for rule in fired),
    )


def _unavailable(rules: tuple[str, ...]) -> PolicyVerdict:
    return PolicyVerdict(Outcome.DENY, OutputCheck.STRICT, (reason(UNAVAILABLE),), rules)
