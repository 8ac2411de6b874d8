"""Say how an investigation went; one that cannot be done is shown on the desk, where a person looks."""

from consentry.access import Actor, Permission
from consentry.actions.case_steps import tell
from consentry.actions.context import Context
from consentry.actions.post_outbox import Attempt, settle
from consentry.actions.transaction import action
from consentry.records.outbox_message import OutboxMessage


@action
def settle_investigation(ctx: Context, *, by: Actor, message: OutboxMessage, worker: str, attempt: Attempt) -> bool:
    """Settle one investigation; false when another worker had taken it over."""
    by.require(Permission.RUN_SYSTEM)
    held = settle(ctx, message=message, worker=worker, attempt=attempt)
    if held and not attempt.done and message.case is not None and message.attempts == 1:
        tell(ctx, message.case, "not_read", by=by, public=False, facts={"why": attempt.error})
    return held
