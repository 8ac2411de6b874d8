"""Rule 4: CEL must never fail open; and the house policy keeps its own examples."""

import math

import pytest
from cel_expr_python import cel

from consentry.guard.decision import Outcome, OutputCheck
from consentry.guard.errors import PolicyError
from consentry.guard.policy import Policy, house_policy_bytes, load_policy
from consentry.guard.signals import KNOWN_SIGNALS

CONTEXT: dict[str, str | bool] = {"route": "edit", "person": "unstated", "stage": "request", "subject_known": True}
SMALL = """
name: small
version: "3"
signals: [text_undress, text_sexual]
rules:
  - {id: undress, when: text_undress >= 0.7, then: deny, reason: nonconsensual_undress}
  - {id: sexual, when: text_sexual >= 0.7, then: challenge, reason: consent_required}
  - {id: careful, when: text_sexual >= 0.3, then: strict}
"""


def small(text: str = SMALL) -> Policy:
    return load_policy(text.encode(), known_signals=KNOWN_SIGNALS)


def house() -> Policy:
    return load_policy(house_policy_bytes(), known_signals=KNOWN_SIGNALS)


def calm() -> dict[str, float]:
    return dict.fromkeys(KNOWN_SIGNALS, 0.0)


class TestWhatTheParserOfCelDoes:
    """The facts that the wrapper exists for; when one changes, the wrapper is looked at again."""

    def test_a_missing_signal_is_a_value_and_not_an_exception_and_every_value_is_true(self) -> None:
        expression = cel.NewEnv(variables={"s": cel.Type.DOUBLE}).compile("s >= 0.7")
        value = expression.eval(data={})
        assert value.type() == cel.Type.ERROR
        assert bool(value) is True

    def test_not_a_number_compares_false(self) -> None:
        expression = cel.NewEnv(variables={"s": cel.Type.DOUBLE}).compile("s >= 0.7")
        assert expression.eval(data={"s": math.nan}).plain_value() is False


class TestEvaluation:
    def test_the_strictest_rule_wins_and_only_its_reasons_are_given(self) -> None:
        verdict = small().evaluate({"text_undress": 0.9, "text_sexual": 0.9}, CONTEXT)
        assert verdict.outcome is Outcome.DENY
        assert [one.code for one in verdict.reasons] == ["nonconsensual_undress"]
        assert verdict.rules_fired == ("undress", "sexual", "careful")

    def test_a_strict_rule_allows_but_holds_the_output(self) -> None:
        verdict = small().evaluate({"text_undress": 0.0, "text_sexual": 0.4}, CONTEXT)
        assert (verdict.outcome, verdict.output_check, verdict.reasons) == (Outcome.ALLOW, OutputCheck.STRICT, ())

    def test_nothing_fires(self) -> None:
        verdict = small().evaluate({"text_undress": 0.0, "text_sexual": 0.0}, CONTEXT)
        assert (verdict.outcome, verdict.output_check) == (Outcome.ALLOW, OutputCheck.NORMAL)

    @pytest.mark.parametrize(
        "signals",
        [
            {},
            {"text_undress": 0.0},
            {"text_undress": math.nan, "text_sexual": 0.0},
            {"text_undress": math.inf, "text_sexual": 0.0},
            {"text_undress": -math.inf, "text_sexual": 0.0},
            {"text_undress": "0.1", "text_sexual": 0.0},
            {"text_undress": None, "text_sexual": 0.0},
            {"text_undress": True, "text_sexual": 0.0},
            {"text_undress": [0.1], "text_sexual": 0.0},
            {"text_undress": 0.0, "text_sexual": 0.0, "unused": math.nan},
        ],
    )
    def test_incomplete_or_foreign_signals_deny(self, signals: dict[str, float]) -> None:
        verdict = small().evaluate(signals, CONTEXT)
        assert verdict.outcome is Outcome.DENY
        assert [one.code for one in verdict.reasons] == ["screening_unavailable"]

    @pytest.mark.parametrize(
        "change",
        [
            {"route": "video"},
            {"person": "maybe"},
            {"stage": ""},
            {"subject_known": 1},
            {"subject_known": "yes"},
            {"route": None},
            {"strict_output": 0},
        ],
    )
    def test_a_foreign_context_denies(self, change: dict[str, str | bool]) -> None:
        verdict = small().evaluate({"text_undress": 0.0, "text_sexual": 0.0}, CONTEXT | change)
        assert verdict.outcome is Outcome.DENY

    @pytest.mark.parametrize("missing", ["route", "person", "stage", "subject_known"])
    def test_a_missing_context_denies(self, missing: str) -> None:
        context = {name: value for name, value in CONTEXT.items() if name != missing}
        assert small().evaluate({"text_undress": 0.0, "text_sexual": 0.0}, context).outcome is Outcome.DENY

    def test_an_error_value_denies_and_names_the_rule(self) -> None:
        policy = small(SMALL.replace("text_undress >= 0.7", "1 / 0 == 1"))
        verdict = policy.evaluate({"text_undress": 0.0, "text_sexual": 0.0}, CONTEXT)
        assert verdict.outcome is Outcome.DENY
        assert verdict.rules_fired == ("undress",)
        assert [one.code for one in verdict.reasons] == ["screening_unavailable"]

    def test_left_out_strict_output_counts_as_strict(self) -> None:
        policy = small(SMALL.replace("text_sexual >= 0.7", "strict_output"))
        calm_signals = {"text_undress": 0.0, "text_sexual": 0.0}
        assert policy.evaluate(calm_signals, CONTEXT).outcome is Outcome.CHALLENGE
        assert policy.evaluate(calm_signals, CONTEXT | {"strict_output": False}).outcome is Outcome.ALLOW

    def test_whole_numbers_are_numbers(self) -> None:
        assert small().evaluate({"text_undress": 1, "text_sexual": 0}, CONTEXT).outcome is Outcome.DENY


class TestLoading:
    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("text_undress >= 0.7", "text_undres >= 0.7"),
            ("text_undress >= 0.7", "text_undress > 1"),
            ("text_undress >= 0.7", "text_undress"),
            ("text_undress >= 0.7", "route"),
            ("text_undress >= 0.7", "dyn(text_undress)"),
            ("text_undress >= 0.7", "text_undress >="),
            ("id: sexual", "id: undress"),
            ("reason: consent_required", "reason: because"),
            ("then: challenge, reason: consent_required", "then: challenge"),
            ("then: deny", "then: allow"),
            ("[text_undress, text_sexual]", "[text_undress, text_sexual, text_mood]"),
            ("[text_undress, text_sexual]", "[text_undress, text_sexual, text_sexual]"),
            ("name: small", "name: small\nname: other"),
            ("name: small", "title: small"),
            ("version:", "colour: red\nversion:"),
            ("rules:", "rules: []\nexamples:"),
            ("{id: careful", "{id: careful, whne: x"),
        ],
    )
    def test_a_faulty_policy_is_refused_with_words(self, old: str, new: str) -> None:
        assert old in SMALL
        with pytest.raises(PolicyError) as caught:
            small(SMALL.replace(old, new, 1))
        assert caught.value.happened
        assert caught.value.not_done
        assert caught.value.next_step

    @pytest.mark.parametrize("text", [b"", b"\xff\xfe", b"- a", b"{", b"name: !!python/object/apply:os.getcwd []"])
    def test_what_is_no_policy_is_refused(self, text: bytes) -> None:
        with pytest.raises(PolicyError):
            load_policy(text, known_signals=KNOWN_SIGNALS)

    def test_label_and_digest_follow_the_bytes(self) -> None:
        one, other = small(), small(SMALL + "# a word more\n")
        assert one.label == "small@3"
        assert len(one.digest) == 64
        assert one.digest != other.digest


class TestHousePolicy:
    def test_every_example_of_its_own_agrees(self) -> None:
        results = house().run_examples()
        assert len(results) >= 20
        assert [one.example.name for one in results if not one.passed] == []

    def test_every_rule_can_fire(self) -> None:
        """A rule that no combination of signals reaches is dead weight, or a slip in its expression."""
        policy = house()
        fired: set[str] = set()
        full = dict.fromkeys(KNOWN_SIGNALS, 1.0)
        for route in ("generate", "edit", "variation"):
            for person in ("real", "fictional", "none", "unstated"):
                for stage in ("request", "output"):
                    for known in (True, False):
                        context: dict[str, str | bool] = {
                            "route": route, "person": person, "stage": stage, "subject_known": known,
                        }  # fmt: skip
                        for signals in (full, full | {"faces_score": 0.0, "text_real_person": 0.0}):
                            fired |= set(policy.evaluate(signals, context).rules_fired)
        assert fired == {rule.id for rule in policy.rules}

    @pytest.mark.parametrize("person", ["real", "fictional", "none", "unstated"])
    @pytest.mark.parametrize("known", [True, False])
    def test_nothing_said_about_the_person_loosens_undress_where_a_face_is_seen(self, person: str, known: bool) -> None:
        signals = calm() | {"text_undress": 0.9, "faces_score": 0.9, "image_count": 1.0}
        verdict = house().evaluate(signals, CONTEXT | {"person": person, "subject_known": known})
        assert verdict.outcome is Outcome.DENY

    def test_more_of_any_text_signal_never_makes_it_looser(self) -> None:
        policy = house()
        for name in ("text_undress", "text_sexual", "text_swimwear", "text_minor", "text_evasion", "text_kiss"):
            for route in ("generate", "edit", "variation"):
                last = 0
                for step in range(11):
                    signals = calm() | {
                        name: step / 10,
                        "text_undress": max(0.35, step / 10 if name == "text_undress" else 0),
                    }
                    verdict = policy.evaluate(signals, CONTEXT | {"route": route})
                    assert verdict.outcome.severity >= last, (name, route, step)
                    last = verdict.outcome.severity
