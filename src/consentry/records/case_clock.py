"""One clock per rule and start event (DR-05): ``cases.clocks.Clock``, kept."""

from typing import ClassVar

from django.db import models

from consentry.cases.kinds import Kind, KindClass
from consentry.records.fields import allowed, choice_column


class CaseClock(models.Model):
    """A clock that runs from its own start event, in UTC; ``(case, rule_id, ref)`` names it.

    ``kind_class`` tells deadlines (``action``) from permissions, retention and windows: only the first are owed.
    ``rule_digest`` is the version of the rule that applied when the clock started.
    """

    case = models.ForeignKey("records.Case", on_delete=models.PROTECT, related_name="clocks")
    rule_id = models.CharField(max_length=80)
    ref = models.CharField(max_length=80, blank=True)
    jurisdiction = models.CharField(max_length=20)
    kind = choice_column(Kind)
    kind_class = choice_column(KindClass)
    starts = models.CharField(max_length=40)
    status = models.CharField(max_length=20)
    due_from = models.CharField(max_length=20)
    rule_digest = models.CharField(max_length=64)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    stopped_by = models.CharField(max_length=40, blank=True)
    met = models.BooleanField(null=True)
    breached_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "rule_id", "ref"], name="clock_once"),
            allowed("clock", "kind", Kind),
            allowed("clock", "kind_class", KindClass),
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
