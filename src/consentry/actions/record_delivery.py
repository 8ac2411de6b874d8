"""Write down what a platform answered to an order, and say so where people look.

Invariants: "the platform says removed at ..." is shown only from its own confirmation; a confirmed hide or removal
stops the clocks that it fulfils; an order that will not be obeyed becomes a dead letter on the desk and a published
``failed``.
"""

from datetime import datetime

from consentry.access import Actor, Permission
from consentry.actions.case_steps import happen, locked_case, tell
from consentry.actions.context import Context
from consentry.actions.log import enter_for_case
from consentry.actions.post_outbox import Attempt, settle
from consentry.actions.transaction import action
from consentry.cases.events import EventKind
from consentry.oversight.buckets import bucket_of
from consentry.oversight.events import EventType
from consentry.records.case import Case
from consentry.records.outbox_message import OutboxMessage, OutboxState

CONFIRMS = {
    "hidden": (EventKind.CONTENT_HIDDEN,),
    "removed": (EventKind.CONTENT_REMOVED,),
    "visible": (EventKind.CONTENT_RESTORED,),
}
PUBLIC_OUTCOME = {"hidden": "hidden", "removed": "removed", "visible": "restored"}
NOTICE_EVENTS = {
    "hidden": EventKind.ACTION_NOTIFIED,
    "statement_of_reasons": EventKind.REASONS_SENT,
    "appeal_outcome": EventKind.INQUIRY_ANSWERED,
}


@action
def record_delivery(ctx: Context, *, by: Actor, message: OutboxMessage, worker: str, attempt: Attempt) -> bool:
    """Settle one webhook; false when another worker had taken it over."""
    by.require(Permission.RUN_SYSTEM)
    if not settle(ctx, message=message, worker=worker, attempt=attempt):
        return False
    kind = str(message.body.get("type", ""))
    if message.case_id is None:
        return True
    case = locked_case(message.case_id)
    if attempt.done and kind.startswith("content."):
        _confirm(ctx, case, by=by, message=message, attempt=attempt)
    elif attempt.done and kind == "account.notice":
        _letter_left(ctx, case, by=by, message=message)
    elif not attempt.done:
        _maybe_dead(ctx, case, by=by, message=message, attempt=attempt)
    return True


def _confirm(ctx: Context, case: Case, *, by: Actor, message: OutboxMessage, attempt: Attempt) -> None:
    answer = attempt.answer or {}
    state = str(answer.get("state", ""))
    now = ctx.clock.now()
    case.confirmed_state, case.confirmed_at = state[:20], now
    happen(ctx, case, CONFIRMS.get(state, ()), ref="")
    since: datetime = case.opened_at
    if state == "visible":
        since = message.created_at
    if state in PUBLIC_OUTCOME:
        entered = enter_for_case(
            ctx,
            EventType.PLATFORM_ACTED,
            case,
            private={"message": message.pk, "answer": dict(answer)},
            lane=case.lane,
            outcome=PUBLIC_OUTCOME[state],
            duration=bucket_of(max(now - since, now - now)),
        )
        tell(ctx, case, f"platform_{PUBLIC_OUTCOME[state]}", by=by, entry=entered.entry)


def _letter_left(ctx: Context, case: Case, *, by: Actor, message: OutboxMessage) -> None:
    letter = str(message.body["data"]["kind"])
    enter_for_case(
        ctx, EventType.NOTICE_SENT, case, private={"message": message.pk}, rule=letter, side="uploader", lane=case.lane
    )
    if letter in NOTICE_EVENTS:
        happen(ctx, case, (NOTICE_EVENTS[letter],), ref=str(message.body["data"].get("decision", "")))


def _maybe_dead(ctx: Context, case: Case, *, by: Actor, message: OutboxMessage, attempt: Attempt) -> None:
    state = OutboxMessage.objects.values_list("state", flat=True).get(pk=message.pk)
    if state != OutboxState.DEAD:
        return
    tell(ctx, case, "order_failed", by=by, public=False, facts={"type": message.body.get("type"), "why": attempt.error})
    if str(message.body.get("type", "")).startswith("content."):
        enter_for_case(
            ctx,
            EventType.PLATFORM_ACTED,
            case,
            private={"message": message.pk},
            lane=case.lane,
            outcome="failed",
            duration=bucket_of(ctx.clock.now() - case.opened_at),
        )
