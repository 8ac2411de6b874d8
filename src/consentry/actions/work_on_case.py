"""Claim a case for a while, and look at its picture: both are written down, neither moves a clock."""

from datetime import timedelta

from consentry.access import Actor, Permission
from consentry.actions.case_steps import locked_case, take_step, tell
from consentry.actions.context import Context
from consentry.actions.decide_case import require_claim
from consentry.actions.errors import NotAllowedNow
from consentry.actions.log import enter_for_case
from consentry.actions.transaction import action
from consentry.cases.lifecycle import Move
from consentry.cases.register import Register, may_preview
from consentry.oversight.events import EventType
from consentry.records.case import Case
from consentry.records.staff import StaffMember

CLAIM = timedelta(minutes=20)


@action
def claim_case(ctx: Context, *, by: Actor, member: StaffMember, case_id: str) -> Case:
    """Hold a case for ``CLAIM``; ``Conflict`` while somebody else holds it, ``LifecycleError`` when nobody need act."""
    by.require(Permission.DECIDE_CASE)
    case = locked_case(case_id)
    require_claim(ctx, case, member)
    take_step(ctx, case, Move.CLAIM, by=by)
    case.claimed_by, case.claimed_until = member, ctx.clock.now() + CLAIM
    case.save()
    tell(ctx, case, "claimed", by=by, public=False)
    return case


@action
def record_view(ctx: Context, *, by: Actor, member: StaffMember, case_id: str) -> Case:
    """Enter that this person unblurred the picture; the case must be theirs, and of the adult register."""
    by.require(Permission.VIEW_PICTURE)
    case = locked_case(case_id)
    if not may_preview(Register(case.register)):
        raise NotAllowedNow(
            "This case stands in the child register, whose pictures are never shown here.",
            not_done="The picture was not fetched.",
            next_step="Follow the child-protection procedure of your organisation.",
        )
    if case.claimed_by_id != member.pk or case.claimed_until is None or case.claimed_until <= ctx.clock.now():
        raise NotAllowedNow(
            "A picture is shown only to the person who has claimed its case.",
            not_done="The picture was not fetched.",
            next_step="Claim the case first.",
        )
    entered = enter_for_case(ctx, EventType.CASE_VIEWED, case, private={"by": by.label}, rule="review")
    tell(ctx, case, "viewed", by=by, public=False, entry=entered.entry)
    return case
