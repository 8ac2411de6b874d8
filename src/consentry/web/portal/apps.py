"""Django's name for this face."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The public face: report, status, guidance. No account, no upload."""

    name = "consentry.web.portal"
    label = "portal"
