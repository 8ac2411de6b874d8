"""One person's (or one lane's) report. Everything personal stands here, and can be erased here."""

from enum import StrEnum
from typing import ClassVar

from django.db import models

from consentry.records.fields import allowed, choice_column, id_column


class ReportSource(StrEnum):
    """Which way a report came in."""

    PORTAL = "portal"
    LANE = "lane"


class Report(models.Model):
    """One report. ``secret_hash`` is a slow hash of the receipt's secret; the receipt itself is never kept.

    ``notice`` holds the person's own words by field name. ``claimed_pdq`` is a seed for review, never banked (rule 5).
    """

    id = id_column("rep")
    case = models.ForeignKey("records.Case", on_delete=models.PROTECT, related_name="reports")
    source = choice_column(ReportSource)
    lane = models.ForeignKey("records.Lane", null=True, on_delete=models.PROTECT, related_name="reports")
    lane_reference = models.CharField(max_length=80, blank=True)
    locator = models.CharField(max_length=32, unique=True)
    secret_hash = models.CharField(max_length=200)
    language = models.CharField(max_length=8, default="en")
    relationship = models.CharField(max_length=40)
    claimed_pdq = models.CharField(max_length=64, blank=True)
    claimed_agrees = models.BooleanField(null=True)
    notice = models.JSONField(default=dict)
    contact = models.CharField(max_length=254, blank=True)
    received_at = models.DateTimeField(db_index=True)
    withdrawn_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)
    promise = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [
            allowed("report", "source", ReportSource),
            models.CheckConstraint(
                condition=models.Q(source="lane", lane__isnull=False) | models.Q(source="portal", lane__isnull=True),
                name="report_lane_only_from_a_lane",
            ),
            models.CheckConstraint(
                condition=models.Q(erased_at__isnull=True) | models.Q(contact="", claimed_pdq=""),
                name="report_erased_is_empty",
            ),
            models.UniqueConstraint(
                fields=["lane", "lane_reference"],
                condition=models.Q(lane__isnull=False) & ~models.Q(lane_reference=""),
                name="report_lane_reference_once",
            ),
        ]
