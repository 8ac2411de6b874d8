"""Django's name for this package."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """Registers the tables under the label ``records``."""

    name = "consentry.records"
    label = "records"
    default_auto_field = "django.db.models.BigAutoField"
