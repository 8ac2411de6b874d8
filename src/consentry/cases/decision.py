"""A person's decision on a case: what was found, on which ground, by whom.

Invariants: only a reviewer of the platform decides, never a machine, a lane or the reporter; a removal has a ground and
a fact; law that is not settled is never the only ground (DR-10); facts are codes with fixed sentences, so that no
complaint can be quoted to anybody (DR-09). Not done here: the move of the case (``lifecycle``), letters (``notices``).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from consentry.cases.errors import DecisionError
from consentry.cases.events import utc
from consentry.cases.jurisdictions import RuleBook
from consentry.cases.lifecycle import ActorKind, Move

UNDO_WITHIN = timedelta(minutes=10)
"""How long a decision can be taken back without an appeal."""

_DECIDERS = frozenset({ActorKind.REVIEWER, ActorKind.SENIOR_REVIEWER})


class DecisionOutcome(StrEnum):
    """What was decided about the picture."""

    REMOVE = "remove"
    KEEP = "keep"

    @property
    def move(self) -> Move:
        """The move of the case that carries it out."""
        return Move.DECIDE_REMOVE if self is DecisionOutcome.REMOVE else Move.DECIDE_KEEP


class Term(StrEnum):
    """The house terms that a picture can break (sentences: notices/phrases.yaml)."""

    NONCONSENSUAL_SEXUALISED = "nonconsensual_sexualised"
    NONCONSENSUAL_INTIMATE = "nonconsensual_intimate"
    REPOSTED_AFTER_REMOVAL = "reposted_after_removal"


class Fact(StrEnum):
    """What the person who decided found. Says nothing of who reported, when or why."""

    MACHINE_MADE_SEXUALISED = "machine_made_sexualised"
    PHOTOGRAPHED_INTIMATE = "photographed_intimate"
    COPY_OF_REMOVED = "copy_of_removed"
    NOT_SEXUALISED = "not_sexualised"
    NOBODY_RECOGNISABLE = "nobody_recognisable"
    CONSENT_SHOWN = "consent_shown"

    @property
    def speaks_for(self) -> DecisionOutcome:
        """The only outcome that this fact supports."""
        return DecisionOutcome.REMOVE if self in _FOR_REMOVAL else DecisionOutcome.KEEP


_FOR_REMOVAL = frozenset({Fact.MACHINE_MADE_SEXUALISED, Fact.PHOTOGRAPHED_INTIMATE, Fact.COPY_OF_REMOVED})


@dataclass(frozen=True, slots=True)
class Person:
    """Who acts: a staff row's id (never a name) and in which capacity."""

    ref: str
    kind: ActorKind


@dataclass(frozen=True, slots=True)
class CaseDecision:
    """One decision. ``rule_id`` is law, ``term`` is house; ``territory`` empty means everywhere.

    ``note`` is for the desk only and personal; it goes into no letter and no statement.
    """

    outcome: DecisionOutcome
    facts: tuple[Fact, ...]
    term: Term | None
    rule_id: str
    decided_by: str
    decided_at: datetime
    territory: tuple[str, ...] = ()
    note: str = ""


def decide(
    outcome: DecisionOutcome,
    *,
    facts: tuple[Fact, ...],
    by: Person,
    at: datetime,
    book: RuleBook,
    term: Term | None = None,
    rule_id: str = "",
    territory: tuple[str, ...] = (),
    note: str = "",
) -> CaseDecision:
    """The decision, if it may be taken so; ``DecisionError`` says what is missing."""
    if by.kind not in _DECIDERS or not by.ref:
        raise _refused(f"A {by.kind.value} does not decide cases.", "Let a reviewer of the platform decide.")
    if not facts or any(fact.speaks_for is not outcome for fact in facts):
        raise _refused("The facts do not support this outcome.", "Choose at least one fact, all for the same outcome.")
    if outcome is DecisionOutcome.REMOVE:
        _check_ground(term, rule_id, book)
    elif term is not None or rule_id:
        raise _refused("A picture that is kept breaks no rule.", "Leave the ground empty.")
    return CaseDecision(outcome, facts, term, rule_id, by.ref, utc(at), tuple(sorted(set(territory))), note)


def may_undo(decision: CaseDecision, *, by: Person, now: datetime) -> bool:
    """Whether ``by`` may still take ``decision`` back: its author or a senior reviewer, within ``UNDO_WITHIN``."""
    own = by.ref == decision.decided_by and by.kind in _DECIDERS
    in_time = timedelta(0) <= utc(now) - decision.decided_at <= UNDO_WITHIN
    return in_time and (own or by.kind is ActorKind.SENIOR_REVIEWER)


def _check_ground(term: Term | None, rule_id: str, book: RuleBook) -> None:
    if term is None and not rule_id:
        raise _refused("A removal needs a ground.", "Choose a rule of law or a house term.")
    if not rule_id:
        return
    rule = book.rules.get(rule_id)
    if rule is None or rule.is_house:
        raise _refused("This rule of law is not on file.", "Choose one from the list.")
    if term is None and not rule.settled:
        raise _refused(
            f"The rule {rule_id} is {rule.status.value}: it cannot carry a removal alone.",
            "Add the house term that the picture breaks.",
        )


def _refused(happened: str, next_step: str) -> DecisionError:
    return DecisionError(happened, not_done="Nothing was decided.", next_step=next_step)
