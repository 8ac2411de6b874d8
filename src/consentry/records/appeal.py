"""One side says that a decision was wrong."""

from typing import ClassVar

from django.db import models

from consentry.cases.appeal import AppealOutcome, AppealSide
from consentry.records.fields import allowed, choice_column, id_column


class Appeal(models.Model):
    """One appeal against one decision; ``outcome`` is empty until another person has ruled."""

    id = id_column("app")
    case = models.ForeignKey("records.Case", on_delete=models.PROTECT, related_name="appeals")
    decision = models.ForeignKey("records.CaseDecision", on_delete=models.PROTECT, related_name="appeals")
    side = choice_column(AppealSide)
    report = models.ForeignKey("records.Report", null=True, on_delete=models.SET_NULL, related_name="appeals")
    text = models.TextField(blank=True)
    filed_at = models.DateTimeField()
    outcome = choice_column(AppealOutcome, blank=True, default="")
    ruled_by = models.ForeignKey("records.StaffMember", null=True, on_delete=models.PROTECT, related_name="rulings")
    ruled_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True)
    promise = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [
            allowed("appeal", "side", AppealSide),
            models.UniqueConstraint(
                fields=["case", "side"], condition=models.Q(outcome=""), name="appeal_one_pending_a_side"
            ),
            models.CheckConstraint(
                condition=models.Q(outcome="", ruled_at__isnull=True, ruled_by__isnull=True)
                | models.Q(outcome__in=["upheld", "overturned"], ruled_at__isnull=False, ruled_by__isnull=False),
                name="appeal_ruled_by_somebody",
            ),
        ]
