"""What every template may know of the installation."""

from django.conf import settings
from django.http import HttpRequest

from consentry.access import GRANTS, Permission, Role


def installation(request: HttpRequest) -> dict[str, object]:
    """``demo`` (say so loudly), ``neutral_url`` for quick exit, and ``may`` (the signed-in person's permissions)."""
    user = getattr(request, "user", None)
    role = Role(user.role) if user is not None and user.is_authenticated else Role.ANONYMOUS
    return {
        "demo": settings.CONSENTRY.demo,
        "neutral_url": settings.CONSENTRY.neutral_url or "/static/consentry/blank.html",
        "may": {permission.value: permission in GRANTS[role] for permission in Permission},
        "role": role.value,
    }
