"""The story of a case, in order, as each side may read it."""

from typing import ClassVar

from django.db import models


class CaseEvent(models.Model):
    """One thing that happened. ``actor`` is a role and a reference, never a name; ``public`` marks what reporters see.

    ``facts`` holds plain values for the sentence that a page makes of it, and nothing personal.
    """

    case = models.ForeignKey("records.Case", on_delete=models.PROTECT, related_name="events")
    report = models.ForeignKey("records.Report", null=True, on_delete=models.SET_NULL, related_name="events")
    kind = models.CharField(max_length=40)
    actor = models.CharField(max_length=80)
    at = models.DateTimeField()
    public = models.BooleanField(default=True)
    facts = models.JSONField(default=dict)
    log_entry = models.ForeignKey("records.LogEntry", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["at", "id"]
        indexes: ClassVar = [models.Index(fields=["case", "at"], name="event_by_case")]
