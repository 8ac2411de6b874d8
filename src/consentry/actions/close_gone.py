"""A report whose content the platform does not know (any more): closed as moot, which counts against nobody."""

from consentry.access import Actor, Permission
from consentry.actions.case_steps import locked_case, take_step, tell
from consentry.actions.context import Context
from consentry.actions.log import enter_for_case
from consentry.actions.transaction import action
from consentry.cases.lifecycle import TERMINAL, CaseState, Move
from consentry.oversight.buckets import bucket_of
from consentry.oversight.events import EventType


@action
def close_gone(ctx: Context, *, by: Actor, case_id: str) -> None:
    """Close a living case whose picture is no longer there; nothing happens to one that was decided."""
    by.require(Permission.RUN_SYSTEM)
    case = locked_case(case_id)
    if CaseState(case.state) in TERMINAL:
        return
    take_step(ctx, case, Move.MOOT, by=by)
    entered = enter_for_case(
        ctx,
        EventType.CASE_CLOSED,
        case,
        private={"content": case.content_ref},
        rule="content_gone",
        lane=case.lane,
        duration=bucket_of(ctx.clock.now() - case.opened_at),
    )
    tell(ctx, case, "content_gone", by=by, entry=entered.entry)
