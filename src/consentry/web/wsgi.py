"""The web process's entry point (``granian --interface wsgi consentry.web.wsgi:application``)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "consentry.wiring.settings")
application = get_wsgi_application()
