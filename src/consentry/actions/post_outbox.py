"""Put work into the outbox, take it out under a lease, and say how it went.

Invariants: a message is written in the transaction of what caused it; ``once`` makes writing it twice impossible; a
message is held by at most one live worker; whatever is not done is tried again, with growing delays, until it is dead
and lies on the desk. Not done here: the sending (``deliver_outbox``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q

from consentry.access import Actor, Permission
from consentry.actions.context import Context
from consentry.actions.transaction import action
from consentry.records.case import Case
from consentry.records.outbox_message import OutboxKind, OutboxMessage, OutboxState
from consentry.records.platform import Platform

LEASE = timedelta(seconds=60)
FIRST_DELAY = timedelta(seconds=1)
LONGEST_DELAY = timedelta(minutes=5)
GIVE_UP_AFTER = timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class Attempt:
    """How one try went. ``retry`` is false when trying again cannot help; ``retry_after`` is the receiver's wish."""

    done: bool
    answer: Mapping[str, object] | None = None
    error: str = ""
    retry: bool = True
    retry_after: timedelta | None = None


def post(
    ctx: Context,
    *,
    kind: OutboxKind,
    body: Mapping[str, object],
    once: str,
    platform: Platform | None = None,
    case: Case | None = None,
) -> OutboxMessage:
    """Write a message in the caller's transaction; the one already there when ``once`` was used before."""
    now = ctx.clock.now()
    message, _ = OutboxMessage.objects.get_or_create(
        once=once,
        defaults={
            "kind": kind.value,
            "platform": platform,
            "case": case,
            "body": dict(body),
            "created_at": now,
            "due_at": now,
        },
    )
    return message


@action
def lease_due(ctx: Context, *, by: Actor, worker: str, most: int = 20) -> list[OutboxMessage]:
    """Up to ``most`` due messages, oldest first, held by ``worker`` for ``LEASE``."""
    by.require(Permission.RUN_SYSTEM)
    now = ctx.clock.now()
    due = (
        OutboxMessage.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(
            Q(leased_until__isnull=True) | Q(leased_until__lte=now), state=OutboxState.WAITING.value, due_at__lte=now
        )
        .order_by("due_at", "id")[:most]
    )
    messages = list(due)
    for message in messages:
        message.leased_until = now + LEASE
        message.leased_by = worker
        message.attempts += 1
    OutboxMessage.objects.bulk_update(messages, ["leased_until", "leased_by", "attempts"])
    return messages


def settle(ctx: Context, *, message: OutboxMessage, worker: str, attempt: Attempt) -> bool:
    """Write down how ``attempt`` went, in the caller's transaction; false when another worker has taken over."""
    now = ctx.clock.now()
    held = OutboxMessage.objects.select_for_update().filter(
        pk=message.pk, leased_by=worker, state=OutboxState.WAITING.value
    )
    row = held.first()
    if row is None:
        return False
    row.leased_until, row.leased_by = None, ""
    row.last_error = attempt.error[:200]
    if attempt.done:
        row.state, row.done_at, row.answer = OutboxState.DONE.value, now, dict(attempt.answer or {})
    elif not attempt.retry or now - row.created_at > GIVE_UP_AFTER:
        row.state = OutboxState.DEAD.value
    else:
        delay = min(FIRST_DELAY * 2 ** min(row.attempts - 1, 12), LONGEST_DELAY)
        row.due_at = now + max(delay, attempt.retry_after or delay)
    row.save()
    return True
