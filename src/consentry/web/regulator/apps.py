"""Django's name for this face."""

from django.apps import AppConfig


class RegulatorConfig(AppConfig):
    """The face of regulators and auditors: numbers, plans, what the log can and cannot show."""

    name = "consentry.web.regulator"
    label = "regulator"
