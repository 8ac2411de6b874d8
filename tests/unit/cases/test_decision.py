"""A person's decision: ground, facts, hand."""

from datetime import UTC, datetime, timedelta

import pytest

from consentry.cases.decision import CaseDecision, DecisionOutcome, Fact, Person, Term, decide, may_undo
from consentry.cases.errors import DecisionError
from consentry.cases.jurisdictions import load_rules
from consentry.cases.lifecycle import ActorKind, Move

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
REVIEWER = Person("7", ActorKind.REVIEWER)


def removal(
    by: Person = REVIEWER, term: Term | None = Term.NONCONSENSUAL_SEXUALISED, rule_id: str = ""
) -> CaseDecision:
    """A removal of a machine-made picture."""
    return decide(
        DecisionOutcome.REMOVE,
        facts=(Fact.MACHINE_MADE_SEXUALISED,),
        by=by,
        at=NOW,
        book=load_rules(),
        term=term,
        rule_id=rule_id,
    )


def test_a_removal_rests_on_a_term_or_on_settled_law() -> None:
    assert removal().term is Term.NONCONSENSUAL_SEXUALISED
    assert removal(term=None, rule_id="us-tida-remove").rule_id == "us-tida-remove"
    with pytest.raises(DecisionError, match="needs a ground"):
        removal(term=None)


def test_dr_10_uncertain_law_never_carries_a_removal_alone() -> None:
    with pytest.raises(DecisionError, match="uncertain"):
        removal(term=None, rule_id="uk-osa-10-3a-remove")
    assert removal(rule_id="uk-osa-10-3a-remove").rule_id == "uk-osa-10-3a-remove"


@pytest.mark.parametrize("rule_id", ["us-none", "house-look"])
def test_a_rule_that_is_no_law_is_no_ground(rule_id: str) -> None:
    with pytest.raises(DecisionError, match="not on file"):
        removal(rule_id=rule_id)


@pytest.mark.parametrize("kind", [kind for kind in ActorKind if "reviewer" not in kind])
def test_only_reviewers_decide(kind: ActorKind) -> None:
    with pytest.raises(DecisionError, match="does not decide"):
        removal(by=Person("7", kind))


def test_nobody_without_a_reference_decides() -> None:
    with pytest.raises(DecisionError):
        removal(by=Person("", ActorKind.REVIEWER))


def test_facts_must_speak_for_the_outcome() -> None:
    mixed = (Fact.NOT_SEXUALISED, Fact.MACHINE_MADE_SEXUALISED)
    for facts in ((), mixed, (Fact.MACHINE_MADE_SEXUALISED,)):
        with pytest.raises(DecisionError, match="facts"):
            decide(DecisionOutcome.KEEP, facts=facts, by=REVIEWER, at=NOW, book=load_rules())
    kept = decide(DecisionOutcome.KEEP, facts=(Fact.CONSENT_SHOWN,), by=REVIEWER, at=NOW, book=load_rules())
    assert kept.outcome.move is Move.DECIDE_KEEP
    with pytest.raises(DecisionError, match="breaks no rule"):
        decide(
            DecisionOutcome.KEEP,
            facts=(Fact.CONSENT_SHOWN,),
            by=REVIEWER,
            at=NOW,
            book=load_rules(),
            term=Term.NONCONSENSUAL_INTIMATE,
        )


def test_undo_is_for_its_author_or_a_senior_within_minutes() -> None:
    decision = removal()
    assert may_undo(decision, by=REVIEWER, now=NOW + timedelta(minutes=10))
    assert not may_undo(decision, by=REVIEWER, now=NOW + timedelta(minutes=11))
    assert not may_undo(decision, by=Person("8", ActorKind.REVIEWER), now=NOW)
    assert may_undo(decision, by=Person("8", ActorKind.SENIOR_REVIEWER), now=NOW)
    assert not may_undo(decision, by=REVIEWER, now=NOW - timedelta(minutes=1))
