"""Banks of fingerprints that must stay down: only what the server computed itself, after a person's decision."""

from typing import ClassVar

from django.db import models


class Bank(models.Model):
    """A named list (``^[A-Z0-9_]+$``, as HMA has it)."""

    name = models.CharField(max_length=80, unique=True)
    enabled = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class BankEntry(models.Model):
    """One fingerprint. ``decision`` is the person's decision that put it here (rule 5); removal keeps the row."""

    bank = models.ForeignKey(Bank, on_delete=models.PROTECT, related_name="entries")
    pdq = models.CharField(max_length=64)
    quality = models.PositiveSmallIntegerField()
    decision = models.ForeignKey("records.CaseDecision", on_delete=models.PROTECT, related_name="bank_entries")
    created_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["bank", "pdq"], condition=models.Q(removed_at__isnull=True), name="bank_holds_a_hash_once"
            ),
            models.CheckConstraint(condition=models.Q(quality__gte=50, quality__lte=100), name="bank_quality"),
        ]


class BankRevision(models.Model):
    """A single row that counts the changes of all banks, so that every process notices one with a tiny query."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(id=1), name="bank_revision_single_row")]
