"""Accredited lanes: hotlines and authorities with a fast way in that is itself accountable."""

from typing import ClassVar

from django.db import models

from consentry.cases.lanes import LaneKind, LaneStatus
from consentry.records.fields import allowed, choice_column, id_column


class Lane(models.Model):
    """One accredited body: what it may file, for which countries, with which signing key (Ed25519, base64)."""

    id = id_column("lane")
    name = models.CharField(max_length=120, unique=True)
    slug = models.SlugField(max_length=40, unique=True, help_text="The public id in the log and in reports.")
    kind = choice_column(LaneKind)
    status = choice_column(LaneStatus, default=LaneStatus.REQUESTED.value)
    countries = models.JSONField(default=list)
    categories = models.JSONField(default=list)
    public_key = models.CharField(max_length=64, blank=True)
    key_id = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [allowed("lane", "kind", LaneKind), allowed("lane", "status", LaneStatus)]

    def __str__(self) -> str:
        return self.name


class UsedNonce(models.Model):
    """A nonce of a signed request that was accepted once and so never again (RFC 9421); kept for a day."""

    lane = models.ForeignKey(Lane, on_delete=models.CASCADE)
    nonce = models.CharField(max_length=128)
    used_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["lane", "nonce"], name="nonce_used_once")]
