"""A platform that is connected: where its pictures are resolved and where it is told what to do."""

from typing import ClassVar

from django.db import models

from consentry.records.fields import id_column


class Platform(models.Model):
    """One connected platform. Secrets are shared with it alone; see docs/spec/platform-integration.md."""

    id = id_column("plt")
    name = models.CharField(max_length=80, unique=True)
    slug = models.SlugField(max_length=40, unique=True, help_text="The public name in the log and in reports.")
    base_url = models.URLField(help_text="Content references that begin so belong to this platform.")
    connector_token = models.CharField(max_length=200)
    webhook_url = models.URLField()
    webhook_secret = models.CharField(max_length=200)
    active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["base_url"], name="platform_base_url_once")]

    def __str__(self) -> str:
        return self.name
