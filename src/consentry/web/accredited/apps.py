"""Django's name for this face."""

from django.apps import AppConfig


class AccreditedConfig(AppConfig):
    """The face of hotlines and authorities."""

    name = "consentry.web.accredited"
    label = "accredited"
