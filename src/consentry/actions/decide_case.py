"""A person decides a case: remove or keep; everything that follows is written with it.

Invariants: one decision in force a case; whoever decides holds the claim, so that two people never decide unknowingly;
a removal banks only our own fingerprint, strikes the account once, and keeps the picture restorable until the appeal
window ends (rule 16); the letter to the uploader knows nothing about the reporter.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from consentry.access import Actor, Permission
from consentry.actions.case_steps import HANDS, locked_case, take_step, tell, tell_reporters
from consentry.actions.context import Context
from consentry.actions.errors import Conflict
from consentry.actions.follow_decision import bring_back, take_down
from consentry.actions.log import enter_for_case
from consentry.actions.transaction import action
from consentry.actions.write_letters import reasons_for
from consentry.cases.decision import DecisionOutcome, Fact, Person, Term, decide
from consentry.cases.lifecycle import HIDES, CaseState
from consentry.oversight.buckets import bucket_of
from consentry.oversight.events import EventType
from consentry.records.case import Case
from consentry.records.case_decision import CaseDecision
from consentry.records.staff import StaffMember

APPEAL_WINDOW = timedelta(days=184)


@dataclass(frozen=True, slots=True)
class Decided:
    """The decision's row and the promise (JSON data) of its log entry."""

    decision: CaseDecision
    promise: dict[str, Any]


@action
def decide_case(
    ctx: Context,
    *,
    by: Actor,
    member: StaffMember,
    case_id: str,
    outcome: DecisionOutcome,
    facts: Sequence[Fact],
    term: Term | None,
    rule_id: str = "",
    note: str = "",
    looked: bool = False,
) -> Decided:
    """Decide one case. ``DecisionError`` when ground and facts do not fit, ``Conflict`` when somebody else holds it."""
    by.require(Permission.DECIDE_CASE)
    case = locked_case(case_id)
    require_claim(ctx, case, member)
    now = ctx.clock.now()
    value = decide(
        outcome,
        facts=tuple(facts),
        by=Person(str(member.pk), HANDS[by.role]),
        at=now,
        book=ctx.rules,
        term=term,
        rule_id=rule_id,
        note=note,
    )
    was_hidden = CaseState(case.state) in HIDES
    decision = new_decision(ctx, case, member, outcome, facts=value.facts, term=term, rule_id=rule_id, note=note)
    decision.looked = looked
    remove = outcome is DecisionOutcome.REMOVE
    if remove and case.hidden_at is None:
        case.hidden_at = now
    take_step(ctx, case, outcome.move, by=by, ref=decision.pk, kept=not remove)
    decision.statement = reasons_for(ctx, case=case, decision=decision)
    decision.save(force_insert=True)
    entered = enter_for_case(
        ctx,
        EventType.CASE_DECIDED,
        case,
        private={"decision": decision.pk, "by": by.label, "facts": list(decision.facts), "content": case.content_ref},
        lane=case.lane,
        outcome=outcome.value,
        rule=ground_of(decision),
        duration=bucket_of(now - case.opened_at),
    )
    tell(ctx, case, f"decided_{outcome.value}", by=by, facts={"ground": ground_of(decision)}, entry=entered.entry)
    if remove:
        take_down(ctx, case, decision, by=by)
    elif was_hidden:
        bring_back(ctx, case, decision, by=by, basis="unfounded", rule="kept")
    tell_reporters(ctx, case, ref=decision.pk)
    case.claimed_by, case.claimed_until = None, None
    case.save()
    return Decided(decision, entered.promise)


def new_decision(
    ctx: Context,
    case: Case,
    member: StaffMember,
    outcome: DecisionOutcome,
    *,
    facts: Sequence[Fact],
    term: Term | None,
    rule_id: str = "",
    note: str = "",
) -> CaseDecision:
    """An unsaved row for a decision taken now, with its appeal window."""
    now = ctx.clock.now()
    return CaseDecision(
        case=case,
        outcome=outcome.value,
        facts=[fact.value for fact in facts],
        term=term.value if term else "",
        rule_id=rule_id,
        note=note.strip(),
        decided_by=member,
        decided_at=now,
        appeal_until=now + APPEAL_WINDOW,
    )


def ground_of(decision: CaseDecision) -> str:
    """The ground as one public token: the rule of law, or the house term, or ``no_ground`` for what is kept."""
    return decision.rule_id or decision.term or "no_ground"


def require_claim(ctx: Context, case: Case, member: StaffMember) -> None:
    """Pass when nobody else holds a live claim on the case."""
    held = case.claimed_by_id is not None and case.claimed_until is not None and case.claimed_until > ctx.clock.now()
    if held and case.claimed_by_id != member.pk:
        raise Conflict(
            "Somebody else is working on this case.",
            not_done="Your decision was not stored.",
            next_step="Look at the case again; it is free when their claim ends.",
        )
