"""Django's name for this face."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Machine-readable routes."""

    name = "consentry.web.api"
    label = "api"
