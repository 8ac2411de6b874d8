"""Another person rules on an appeal: the first decision stands, or falls with everything that rested on it.

Invariants: nobody who decided in the case before; the effects are those that ``cases.appeal.rule_on`` lists, done in
the same transaction; both sides are told, but an uploader who never knew of a restriction is not told now (DR-09).
"""

from typing import Any

from consentry.access import Actor, Permission
from consentry.actions.case_steps import HANDS, happen, locked_case, tell, tell_reporters
from consentry.actions.context import Context
from consentry.actions.decide_case import Decided, new_decision, require_claim
from consentry.actions.errors import Conflict, Invalid, NotFound
from consentry.actions.follow_decision import bring_back, take_down
from consentry.actions.log import enter_for_case
from consentry.actions.tell_platform import send_letter
from consentry.actions.transaction import action
from consentry.actions.write_letters import appeal_outcome_letter, reasons_for
from consentry.cases.appeal import AppealEffect, AppealOutcome, AppealSide, Ruling, rule_on
from consentry.cases.decision import DecisionOutcome, Fact, Person, Term
from consentry.cases.lifecycle import CaseState
from consentry.cases.register import Register
from consentry.oversight.buckets import bucket_of
from consentry.oversight.events import EventType
from consentry.records.appeal import Appeal
from consentry.records.case import Case
from consentry.records.case_decision import CaseDecision
from consentry.records.outbox_message import OutboxMessage
from consentry.records.staff import StaffMember

NOTE_LIMIT = 2000


@action
def decide_appeal(
    ctx: Context,
    *,
    by: Actor,
    member: StaffMember,
    appeal_id: str,
    outcome: AppealOutcome,
    facts: tuple[Fact, ...] = (),
    note: str = "",
) -> Decided:
    """Rule on one appeal; ``facts`` are those of the new decision when the first one falls."""
    by.require(Permission.DECIDE_APPEAL)
    if len(note) > NOTE_LIMIT:
        raise Invalid({"note": "too_long"})
    appeal = Appeal.objects.select_related("decision").filter(pk=appeal_id).first()
    if appeal is None:
        raise NotFound("There is no such appeal.", not_done="Nothing was decided.")
    case = locked_case(appeal.case_id)
    if appeal.outcome:
        raise Conflict("This appeal was decided already.", not_done="Nothing was decided again.")
    require_claim(ctx, case, member)
    ruling = rule_on(
        CaseState(case.state),
        outcome,
        by=Person(str(member.pk), HANDS[by.role]),
        decided_before=_decided_before(case),
        register=Register(case.register),
        uploader_knows=OutboxMessage.objects.filter(case=case, body__type="account.notice").exists(),
        lane_involved=bool(case.body),
    )
    promise = _write_ruling(ctx, case, appeal, ruling, by=by, member=member, note=note)
    decision = appeal.decision
    if outcome is AppealOutcome.OVERTURNED:
        decision = _replace(ctx, case, appeal.decision, ruling, by=by, member=member, facts=facts, note=note)
    if AppealEffect.TELL_UPLOADER in ruling.effects and AppealEffect.HIDE_CONTENT not in ruling.effects:
        restored = AppealEffect.RESTORE_CONTENT in ruling.effects
        letter = appeal_outcome_letter(case, result="removal_reversed" if restored else "removal_stands")
        send_letter(ctx, case, kind="appeal_outcome", letter=letter, cause=appeal.pk)
    tell_reporters(ctx, case, ref=decision.pk)
    case.claimed_by, case.claimed_until = None, None
    case.save()
    return Decided(decision, promise)


def _write_ruling(
    ctx: Context, case: Case, appeal: Appeal, ruling: Ruling, *, by: Actor, member: StaffMember, note: str
) -> dict[str, Any]:
    now = ctx.clock.now()
    appeal.outcome, appeal.ruled_by, appeal.ruled_at, appeal.note = ruling.outcome.value, member, now, note.strip()
    appeal.save()
    if AppealEffect.HIDE_CONTENT in ruling.effects and case.hidden_at is None:
        case.hidden_at = now
    hidden = AppealEffect.RESTORE_CONTENT in ruling.effects
    case.state = ruling.step.state.value
    happen(ctx, case, ruling.step.events, ref=appeal.pk, kept=hidden, hidden=hidden)
    entered = enter_for_case(
        ctx,
        EventType.APPEAL_DECIDED,
        case,
        private={"appeal": appeal.pk, "by": by.label},
        side=AppealSide(appeal.side).value,
        outcome=appeal.outcome,
        lane=case.lane,
        duration=bucket_of(now - appeal.filed_at),
    )
    tell(ctx, case, f"appeal_{appeal.outcome}", by=by, facts={"side": appeal.side}, entry=entered.entry)
    return entered.promise


def _replace(
    ctx: Context,
    case: Case,
    first: CaseDecision,
    ruling: Ruling,
    *,
    by: Actor,
    member: StaffMember,
    facts: tuple[Fact, ...],
    note: str,
) -> CaseDecision:
    """Put the opposite decision in force, and undo or do what rests on it."""
    first.overturned_at = ctx.clock.now()
    first.save(update_fields=["overturned_at"])
    restore = AppealEffect.RESTORE_CONTENT in ruling.effects
    outcome = DecisionOutcome.KEEP if restore else DecisionOutcome.REMOVE
    chosen = tuple(fact for fact in facts if fact.speaks_for is outcome)
    if not chosen:
        raise Invalid({"facts": "required"})
    term = None if restore else Term.NONCONSENSUAL_SEXUALISED
    second = new_decision(ctx, case, member, outcome, facts=chosen, term=term, note=note)
    second.looked = True
    second.statement = reasons_for(ctx, case=case, decision=second)
    second.save(force_insert=True)
    if restore:
        bring_back(ctx, case, first, by=by, basis="appeal", rule="overturned")
    else:
        take_down(ctx, case, second, by=by)
    return second


def _decided_before(case: Case) -> set[str]:
    deciders = case.decisions.values_list("decided_by_id", flat=True)
    rulers = case.appeals.exclude(ruled_by=None).values_list("ruled_by_id", flat=True)
    return {str(pk) for pk in [*deciders, *rulers]}
