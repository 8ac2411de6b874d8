"""What waits to enter the Merkle log, what stands in it, and the erasable payloads behind each leaf."""

from typing import ClassVar

from django.db import models


class LogEntry(models.Model):
    """One leaf: two commitments. ``index`` is null until the sequencer has made it durable in the tiles."""

    entry_hash = models.CharField(max_length=64, unique=True)
    entry = models.BinaryField()
    event = models.CharField(max_length=40, db_index=True)
    created_at = models.DateTimeField()
    deadline = models.DateTimeField()
    index = models.BigIntegerField(null=True, unique=True)
    sequenced_at = models.DateTimeField(null=True)
    counted_broken = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["id"], condition=models.Q(index__isnull=True), name="log_entry_waiting"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(index__isnull=True) | models.Q(index__gte=0), name="log_index_not_negative"
            ),
            models.CheckConstraint(
                condition=models.Q(index__isnull=True, sequenced_at__isnull=True)
                | models.Q(index__isnull=False, sequenced_at__isnull=False),
                name="log_index_with_its_time",
            ),
        ]


class LogPayload(models.Model):
    """What a leaf commits to. The public part stays, so that reports remain recomputable; the private part can go.

    ``private`` and ``private_salt`` become null together when the person is erased: without the salt the
    commitment in the leaf can no longer be matched against anything.
    """

    log_entry = models.OneToOneField(LogEntry, on_delete=models.PROTECT, related_name="payload", primary_key=True)
    public = models.BinaryField()
    public_salt = models.BinaryField()
    private = models.BinaryField(null=True)
    private_salt = models.BinaryField(null=True)
    report = models.ForeignKey("records.Report", null=True, on_delete=models.SET_NULL, related_name="log_payloads")
    case = models.ForeignKey("records.Case", null=True, on_delete=models.SET_NULL, related_name="log_payloads")
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(private__isnull=True, private_salt__isnull=True)
                | models.Q(private__isnull=False, private_salt__isnull=False),
                name="log_private_goes_with_its_salt",
            )
        ]
