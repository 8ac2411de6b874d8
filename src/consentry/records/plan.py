"""Remediation plans as the documents that they are (docs/spec/plan.md)."""

from typing import ClassVar

from django.db import models

from consentry.records.fields import id_column


class PlanDocument(models.Model):
    """One version of one plan, in YAML; its status is computed, never stored."""

    id = id_column("plan")
    name = models.CharField(max_length=120)
    version = models.PositiveIntegerField(default=1)
    text = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["name", "version"], name="plan_version_once")]
