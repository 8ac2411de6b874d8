"""The policy file: YAML in, checked values out (docs/spec/policy.md).

Invariants: unknown keys, doubled keys or rule ids, unknown signals, reasons or outcomes are refused. Not done here:
compiling expressions and evaluating them (``policy``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from consentry.guard.decision import Outcome, OutputCheck
from consentry.guard.errors import PolicyError
from consentry.guard.reasons import known_codes

_THEN = ("deny", "challenge", "strict")
_CONTEXT = ("route", "person", "stage", "subject_known", "strict_output")
_CONTEXT_DEFAULTS: Mapping[str, str | bool] = {
    "route": "edit",
    "person": "unstated",
    "stage": "request",
    "subject_known": True,
    "strict_output": False,
}


@dataclass(frozen=True, slots=True)
class RuleText:
    """One rule as written. ``then`` is ``deny``, ``challenge`` or ``strict``; only a strict rule may lack a reason."""

    id: str
    when: str
    then: str
    reason: str
    note: str

    @property
    def outcome(self) -> Outcome:
        """What the rule asks for; a strict rule allows, but with the strict check of the output."""
        return Outcome.ALLOW if self.then == "strict" else Outcome(self.then)

    @property
    def strict(self) -> bool:
        """True when the rule asks for the strict check of the output."""
        return self.then == "strict"


@dataclass(frozen=True, slots=True)
class Example:
    """One example that the policy carries with it: these signals in this context must have this outcome."""

    name: str
    signals: Mapping[str, float]
    context: Mapping[str, str | bool]
    expect: Outcome
    output_check: OutputCheck | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class PolicyFile:
    """A policy file that was read and checked, but not yet compiled."""

    name: str
    version: str
    signals: tuple[str, ...]
    rules: tuple[RuleText, ...]
    examples: tuple[Example, ...]


class _OneKeyLoader(yaml.SafeLoader):
    """YAML lets a doubled key pass and keeps the last; in a policy that would silently drop a rule."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        doubled = sorted({str(key) for key in keys if keys.count(key) > 1})
        if doubled:
            raise PolicyError(f"The policy names {', '.join(doubled)} twice in one place.")
        return dict(super().construct_mapping(node, deep))


def parse_policy_file(text: bytes, *, known_signals: frozenset[str]) -> PolicyFile:
    """Read a policy's bytes (UTF-8 YAML); :class:`PolicyError` names the first thing that is wrong."""
    try:
        data = yaml.load(text.decode("utf-8"), Loader=_OneKeyLoader)  # noqa: S506 - a SafeLoader with one more check
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise PolicyError(f"The policy is not YAML in UTF-8: {error}") from error
    top = _table(data, "the policy", required=("name", "version", "signals", "rules"), optional=("examples", "about"))
    signals = _signals(top["signals"], known_signals)
    rules = _rules(top["rules"])
    examples = tuple(
        _example(item, number, frozenset(signals))
        for number, item in enumerate(_list(top.get("examples", []), "examples"))
    )
    return PolicyFile(
        name=_word(top["name"], "name"), version=str(top["version"]), signals=signals, rules=rules, examples=examples
    )


def _signals(data: Any, known: frozenset[str]) -> tuple[str, ...]:
    names = tuple(_word(item, "signal") for item in _list(data, "signals"))
    for name in names:
        if name not in known:
            raise PolicyError(f"The policy names the signal {name}, which nothing measures.")
        if names.count(name) > 1:
            raise PolicyError(f"The policy names the signal {name} twice.")
    return names


def _rules(data: Any) -> tuple[RuleText, ...]:
    rules: list[RuleText] = []
    for item in _list(data, "rules"):
        row = _table(item, "a rule", required=("id", "when", "then"), optional=("reason", "note"))
        rule = RuleText(
            id=_word(row["id"], "rule id"),
            when=str(row["when"]),
            then=_word(row["then"], "then"),
            reason=str(row.get("reason", "")),
            note=str(row.get("note", "")),
        )
        if rule.then not in _THEN:
            raise PolicyError(f"Rule {rule.id} says {rule.then!r}; it may say deny, challenge or strict.")
        if (rule.reason or rule.then != "strict") and rule.reason not in known_codes():
            raise PolicyError(f"Rule {rule.id} gives the reason {rule.reason!r}, which does not exist.")
        if any(rule.id == other.id for other in rules):
            raise PolicyError(f"Two rules have the id {rule.id}.")
        rules.append(rule)
    if not rules:
        raise PolicyError("The policy has no rules, so it would allow everything.")
    return tuple(rules)


def _example(data: Any, number: int, signals: frozenset[str]) -> Example:
    row = _table(
        data,
        f"example {number + 1}",
        required=("name", "expect"),
        optional=("signals", "context", "output_check", "reason"),
    )
    name = _word(row["name"], "example name")
    numbers = _table(row.get("signals", {}), f"signals of {name}", optional=tuple(signals))
    context = _table(row.get("context", {}), f"context of {name}", optional=_CONTEXT)
    try:
        check = OutputCheck(row["output_check"]) if "output_check" in row else None
        return Example(
            name=name,
            signals={key: float(value) for key, value in numbers.items()},
            context=dict(_CONTEXT_DEFAULTS) | context,
            expect=Outcome(row["expect"]),
            output_check=check,
            reason=row.get("reason"),
        )
    except (ValueError, TypeError) as error:
        raise PolicyError(f"The example {name} cannot be read: {error}") from error


def _list(data: Any, what: str) -> list[Any]:
    if not isinstance(data, list):
        raise PolicyError(f"In the policy, {what} must be a list.")
    return data


def _word(data: Any, what: str) -> str:
    if not isinstance(data, str) or not data:
        raise PolicyError(f"In the policy, {what} must be a word.")
    return data


def _table(data: Any, what: str, *, required: tuple[str, ...] = (), optional: tuple[str, ...] = ()) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise PolicyError(f"In the policy, {what} must be a table.")
    for key in required:
        if key not in data:
            raise PolicyError(f"In the policy, {what} lacks {key}.")
    for key in data:
        if key not in required and key not in optional:
            raise PolicyError(f"In the policy, {what} has the unknown entry {key}.")
    return data
