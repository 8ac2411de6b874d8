"""Keys with which other systems call us; only a digest is kept."""

from enum import StrEnum
from typing import ClassVar

from django.db import models

from consentry.records.fields import id_column
from consentry.records.platform import Platform


class MachineScope(StrEnum):
    """What a machine key opens."""

    SCREEN = "screen"
    MATCH = "match"
    BANKS = "banks"
    APPEAL = "appeal"
    SUBJECT = "subject"
    """May say which of its users asks; without it every request is of the strictest tier."""


class MachineKey(models.Model):
    """A bearer key: ``digest`` is SHA-256 of the key, which has 256 random bits and so needs no slow hash."""

    id = id_column("key")
    digest = models.CharField(max_length=64, unique=True)
    label = models.CharField(max_length=80)
    platform = models.ForeignKey(Platform, on_delete=models.PROTECT, related_name="keys")
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(revoked_at__isnull=True) | models.Q(revoked_at__gte=models.F("created_at")),
                name="machine_key_revoked_after_created",
            )
        ]
