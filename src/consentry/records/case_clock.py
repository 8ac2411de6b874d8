"""One clock per rule and start event (DR-05)."""

from typing import ClassVar

from django.db import models


class CaseClock(models.Model):
    """A clock that runs from its own start event, in UTC. ``due_at`` is null when the rule states no hours.

    ``kind_class`` tells deadlines (``action``) from permissions, retention and windows: only the first drive a queue.
    """

    case = models.ForeignKey("records.Case", on_delete=models.PROTECT, related_name="clocks")
    report = models.ForeignKey("records.Report", null=True, on_delete=models.PROTECT, related_name="clocks")
    rule_id = models.CharField(max_length=80)
    kind = models.CharField(max_length=40)
    kind_class = models.CharField(max_length=20)
    status = models.CharField(max_length=20)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    stopped_by = models.CharField(max_length=40, blank=True)
    breached_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "report", "rule_id", "started_at"], name="clock_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=models.Q(due_at__isnull=True) | models.Q(due_at__gt=models.F("started_at")),
                name="clock_due_after_start",
            ),
            models.CheckConstraint(
                condition=models.Q(stopped_at__isnull=True) | models.Q(stopped_at__gte=models.F("started_at")),
                name="clock_stops_after_start",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(stopped_at__isnull=True, breached_at__isnull=True, kind_class="action"),
                name="clock_running",
            )
        ]
