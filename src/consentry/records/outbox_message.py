"""Everything that leaves, and all work that follows a write: written with the write, done later, exactly as told."""

from enum import StrEnum
from typing import ClassVar

from django.db import models

from consentry.records.fields import allowed, choice_column, id_column


class OutboxKind(StrEnum):
    """What a message asks the worker to do."""

    WEBHOOK = "webhook"
    """Tell a platform something (docs/spec/webhook.md)."""
    INVESTIGATE = "investigate"
    """Fetch the platform's own bytes for a case and see whether they corroborate the report."""


class OutboxState(StrEnum):
    """Where a message stands."""

    WAITING = "waiting"
    DONE = "done"
    DEAD = "dead"


class OutboxMessage(models.Model):
    """One message. ``id`` is its idempotency key: the receiver sees the same one at every retry.

    A worker holds a message by ``leased_until``; when it dies, the lease runs out and another takes it.
    """

    id = id_column("msg")
    kind = choice_column(OutboxKind)
    state = choice_column(OutboxState, default=OutboxState.WAITING.value)
    platform = models.ForeignKey("records.Platform", null=True, on_delete=models.PROTECT)
    case = models.ForeignKey("records.Case", null=True, on_delete=models.PROTECT, related_name="outbox")
    body = models.JSONField()
    once = models.CharField(max_length=120, unique=True)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    leased_by = models.CharField(max_length=60, blank=True)
    done_at = models.DateTimeField(null=True)
    answer = models.JSONField(null=True)
    last_error = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=models.Q(state="waiting"), name="outbox_waiting"),
        ]
        constraints: ClassVar = [
            allowed("outbox", "kind", OutboxKind),
            allowed("outbox", "state", OutboxState),
            models.CheckConstraint(
                condition=~models.Q(state="done") | models.Q(done_at__isnull=False), name="outbox_done_has_time"
            ),
        ]
