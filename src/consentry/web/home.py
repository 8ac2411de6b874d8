"""Where a member of staff lands after signing in: on the face that the role works with."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from consentry.access import Role

_LANDING = {
    Role.REVIEWER: "/desk/",
    Role.SENIOR_REVIEWER: "/desk/",
    Role.HOTLINE: "/accredited/",
    Role.AUTHORITY: "/accredited/",
    Role.REGULATOR: "/regulator/",
    Role.AUDITOR: "/regulator/",
    Role.ADMINISTRATOR: "/regulator/",
}


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Send the signed-in person to the pages of their role."""
    return redirect(_LANDING.get(Role(request.user.role), "/"))  # type: ignore[union-attr]
