"""What the guard remembers of pictures: refused lately, or made by us from something else. By fingerprint alone."""

from enum import StrEnum
from typing import ClassVar

from django.db import models

from consentry.records.fields import allowed, choice_column


class MemoryKind(StrEnum):
    """Why a picture is remembered."""

    REFUSED = "refused"
    RELEASED = "released"


class RememberedPicture(models.Model):
    """One fingerprint (PDQ, 64 hex digits) until ``expires_at``. Never an account, never a prompt."""

    kind = choice_column(MemoryKind)
    pdq = models.CharField(max_length=64)
    root_pdq = models.CharField(max_length=64, blank=True)
    root_exposure = models.FloatField(null=True)
    decision_id = models.CharField(max_length=40)
    created_at = models.DateTimeField(db_index=True)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar = [
            allowed("remembered", "kind", MemoryKind),
            models.CheckConstraint(
                condition=models.Q(root_exposure__isnull=True) | models.Q(root_exposure__range=(0.0, 1.0)),
                name="remembered_exposure_is_a_share",
            ),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at")), name="remembered_expires_later"
            ),
        ]
