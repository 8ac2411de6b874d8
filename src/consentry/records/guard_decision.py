"""Every request that the guard judged, and what became of it."""

from enum import StrEnum
from typing import ClassVar

from django.db import models

from consentry.guard.decision import Outcome
from consentry.records.fields import allowed, choice_column


class OutputState(StrEnum):
    """What became of an allowed request. ``PENDING`` past its time is a published number."""

    NONE = "none"
    PENDING = "pending"
    RELEASED = "released"
    STOPPED = "stopped"
    FAULT = "fault"


class ScreenedRequest(models.Model):
    """One guard decision. No prompt and no picture is kept; ``context`` is what the output check needs.

    ``record`` opens an allowed request's item in its batch leaf (digests of the parts, and a salt).
    """

    decision_id = models.CharField(primary_key=True, max_length=40)
    request_id = models.CharField(max_length=40)
    platform = models.ForeignKey("records.Platform", on_delete=models.PROTECT)
    route = models.CharField(max_length=20)
    outcome = choice_column(Outcome)
    output_state = choice_column(OutputState, default=OutputState.NONE.value)
    reasons = models.JSONField(default=list)
    policy = models.CharField(max_length=80)
    context = models.JSONField(default=dict)
    record = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_index=True)
    finished_at = models.DateTimeField(null=True)
    log_entry = models.ForeignKey("records.LogEntry", on_delete=models.PROTECT, related_name="+")
    promise = models.JSONField()

    class Meta:
        constraints: ClassVar = [
            allowed("screened", "outcome", Outcome),
            allowed("screened", "output_state", OutputState),
            models.CheckConstraint(
                condition=models.Q(outcome="allow") | models.Q(output_state="none"),
                name="screened_only_allowed_has_output",
            ),
        ]
