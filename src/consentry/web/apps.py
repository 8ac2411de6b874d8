"""Django's name for the parts that all faces share: layouts, errors, sign-in."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Shared templates, static files and translations."""

    name = "consentry.web"
    label = "web"
