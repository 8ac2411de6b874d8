"""What a person decided about a case, and why."""

from functools import partial
from typing import ClassVar

from django.db import models

from consentry.basics.ids import new_id
from consentry.cases.decision import DecisionOutcome
from consentry.records.fields import allowed, choice_column, id_column


class CaseDecision(models.Model):
    """One decision by one person. An overturned one stays, with ``overturned_at``: history is not rewritten.

    ``facts`` and ``term`` are codes (``cases.decision``), ``rule_id`` is law; ``note`` is for the desk alone.
    ``appeal_token`` goes to the uploader's platform with the letter and says which decision an appeal is about.
    """

    id = id_column("dec")
    case = models.ForeignKey("records.Case", on_delete=models.PROTECT, related_name="decisions")
    outcome = choice_column(DecisionOutcome)
    facts = models.JSONField(default=list)
    term = models.CharField(max_length=40, blank=True)
    rule_id = models.CharField(max_length=80, blank=True)
    note = models.TextField(blank=True)
    decided_by = models.ForeignKey("records.StaffMember", on_delete=models.PROTECT, related_name="decisions")
    decided_at = models.DateTimeField()
    looked = models.BooleanField(default=False)
    statement = models.JSONField(default=dict)
    overturned_at = models.DateTimeField(null=True)
    appeal_token = models.CharField(max_length=40, unique=True, default=partial(new_id, "apl"), editable=False)
    appeal_until = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            allowed("decision", "outcome", DecisionOutcome),
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(overturned_at__isnull=True), name="decision_one_in_force"
            ),
            models.CheckConstraint(
                condition=models.Q(outcome="keep") | ~models.Q(term="", rule_id=""), name="decision_removal_has_ground"
            ),
        ]
