"""Which address leads to which face. A face that this installation's role has no use for has no addresses."""

from django.conf import settings
from django.urls import include, path

from consentry.web.home import home

urlpatterns = [
    path("home/", home, name="home"),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    *(path("", include(f"consentry.web.{face}.urls")) for face in settings.FACES),
]

handler400 = "consentry.web.errors.bad_request"
handler403 = "consentry.web.errors.forbidden"
handler404 = "consentry.web.errors.not_found"
handler500 = "consentry.web.errors.broken"
