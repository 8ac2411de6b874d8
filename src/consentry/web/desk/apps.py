"""Django's name for this face."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """The reviewers' face."""

    name = "consentry.web.desk"
    label = "desk"
