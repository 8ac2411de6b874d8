"""Strikes against a platform's account, by its pseudonym."""

from typing import ClassVar

from django.db import models

from consentry.records.fields import id_column


class Strike(models.Model):
    """One strike for one decision; withdrawn, not deleted, when the decision falls."""

    id = id_column("str")
    platform = models.ForeignKey("records.Platform", on_delete=models.PROTECT, related_name="strikes")
    account_ref = models.CharField(max_length=120)
    decision = models.OneToOneField("records.CaseDecision", on_delete=models.PROTECT, related_name="strike")
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["platform", "account_ref"], name="strike_by_account")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("issued_at")), name="strike_expires_later"
            )
        ]
