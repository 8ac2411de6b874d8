"""One side says that a decision was wrong."""

from enum import StrEnum
from typing import ClassVar

from django.db import models

from consentry.records.fields import allowed, choice_column, id_column


class AppealSide(StrEnum):
    """Who appeals."""

    REPORTER = "reporter"
    UPLOADER = "uploader"
    LANE = "lane"


class AppealOutcome(StrEnum):
    """What the second person decided."""

    PENDING = "pending"
    UPHELD = "upheld"
    """The first decision stands."""
    OVERTURNED = "overturned"


class Appeal(models.Model):
    """One appeal against one decision. ``decided_by`` is never the person who decided first (checked by the action)."""

    id = id_column("apl")
    case = models.ForeignKey("records.Case", on_delete=models.PROTECT, related_name="appeals")
    decision = models.ForeignKey("records.CaseDecision", on_delete=models.PROTECT, related_name="appeals")
    side = choice_column(AppealSide)
    report = models.ForeignKey("records.Report", null=True, on_delete=models.SET_NULL, related_name="appeals")
    text = models.TextField(blank=True)
    filed_at = models.DateTimeField()
    outcome = choice_column(AppealOutcome, default=AppealOutcome.PENDING.value)
    decided_by = models.ForeignKey("records.StaffMember", null=True, on_delete=models.PROTECT, related_name="appeals")
    decided_at = models.DateTimeField(null=True)
    facts = models.TextField(blank=True)
    promise = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [
            allowed("appeal", "side", AppealSide),
            allowed("appeal", "outcome", AppealOutcome),
            models.UniqueConstraint(
                fields=["decision", "side"], condition=models.Q(outcome="pending"), name="appeal_one_pending_a_side"
            ),
            models.CheckConstraint(
                condition=models.Q(outcome="pending", decided_at__isnull=True, decided_by__isnull=True)
                | (~models.Q(outcome="pending") & models.Q(decided_at__isnull=False, decided_by__isnull=False)),
                name="appeal_decided_by_somebody",
            ),
        ]
