"""One case: one picture at one place, however many people report it."""

from typing import ClassVar

from django.db import models

from consentry.cases.lifecycle import TERMINAL, CaseState
from consentry.cases.register import Register
from consentry.oversight.events import EventLane
from consentry.records.fields import allowed, choice_column, id_column

_ENDED = sorted(state.value for state in TERMINAL)


class Case(models.Model):
    """What happens to one content reference on one platform. Facts of a person live in ``Report``, not here.

    ``server_pdq`` and ``exposure`` are measured by us on the platform's own bytes (rule 5). A living case about a
    content reference is unique, so that a second report joins it. ``lane`` and
    ``body`` say which way its first report came.
    """

    id = id_column("case")
    platform = models.ForeignKey("records.Platform", on_delete=models.PROTECT, related_name="cases")
    content_ref = models.CharField(max_length=500)
    account_ref = models.CharField(max_length=120, blank=True)
    state = choice_column(CaseState)
    register = choice_column(Register, default=Register.ADULT.value)
    lane = choice_column(EventLane)
    body = models.CharField(max_length=80, blank=True)
    category = models.CharField(max_length=40)
    depiction = models.CharField(max_length=20, default="unknown")
    jurisdictions = models.JSONField(default=list)
    opened_at = models.DateTimeField(db_index=True)
    next_due_at = models.DateTimeField(null=True)
    server_pdq = models.CharField(max_length=64, blank=True)
    server_quality = models.PositiveSmallIntegerField(null=True)
    server_sha256 = models.CharField(max_length=64, blank=True)
    exposure = models.FloatField(null=True)
    investigated_at = models.DateTimeField(null=True)
    hidden_at = models.DateTimeField(null=True)
    confirmed_state = models.CharField(max_length=20, blank=True)
    confirmed_at = models.DateTimeField(null=True)
    grounds = models.JSONField(default=list)
    claimed_by = models.ForeignKey("records.StaffMember", null=True, on_delete=models.SET_NULL, related_name="claims")
    claimed_until = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            allowed("case", "state", CaseState),
            allowed("case", "lane", EventLane),
            allowed("case", "register", Register),
            models.UniqueConstraint(
                fields=["platform", "content_ref", "register"],
                condition=~models.Q(state__in=_ENDED),
                name="case_one_living_per_content",
            ),
            models.CheckConstraint(
                condition=models.Q(hidden_at__isnull=True) | models.Q(hidden_at__gte=models.F("opened_at")),
                name="case_hidden_after_opened",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["next_due_at", "id"], condition=models.Q(next_due_at__isnull=False), name="case_queue"
            ),
            models.Index(fields=["platform", "account_ref"], name="case_by_account"),
        ]
