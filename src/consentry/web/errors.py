"""The one place where foreseen errors become HTTP: status, and what happened, what was not done, the next step."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from consentry.access import AccessDenied
from consentry.actions.errors import ActionRefused, Conflict, Invalid, NotAllowedNow, NotFound
from consentry.basics.errors import ConsentryError

STATUS: dict[type[ConsentryError], int] = {
    AccessDenied: 403,
    NotFound: 404,
    NotAllowedNow: 409,
    Conflict: 409,
    Invalid: 422,
    ActionRefused: 400,
}


def answer(request: HttpRequest, error: ConsentryError) -> HttpResponse:
    """The response for ``error``: JSON under ``/api/`` and ``/hma/``, a page elsewhere."""
    own = getattr(error, "status", None)
    status = own or next((code for kind, code in STATUS.items() if isinstance(error, kind)), 400)
    return respond(request, status, error.happened, error.not_done, error.next_step)


def respond(request: HttpRequest, status: int, happened: str, not_done: str, next_step: str) -> HttpResponse:
    """One error in the shape that fits the path."""
    if request.path.startswith(("/api/", "/hma/", "/log/", "/c2pa/")):
        body = {"message": happened, "not_done": not_done, "next_step": next_step}
        return JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})
    context = {"status": status, "happened": happened, "not_done": not_done, "next_step": next_step}
    return render(request, "consentry/error.html", context, status=status)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was open too long, or was sent from elsewhere."""
    return respond(
        request,
        403,
        _("This form was open for too long, or came from another site."),
        _("Nothing was sent or changed."),
        _("Go back, load the page again and send it once more."),
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the request cannot be understood."""
    return respond(
        request,
        400,
        _("This request could not be understood."),
        _("Nothing was changed."),
        _("Go back and try again."),
    )


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: signed in as somebody who may not."""
    return respond(
        request,
        403,
        _("Your account may not open this page."),
        _("Nothing was shown or changed."),
        _("Sign in with another account, or ask an administrator."),
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: no such page."""
    return respond(
        request,
        404,
        _("There is no page at this address."),
        _("Nothing was changed."),
        _("Check the address, or start from the first page."),
    )


def broken(request: HttpRequest) -> HttpResponse:
    """500: our own mistake."""
    return respond(
        request,
        500,
        _("Something went wrong on our side."),
        _("We cannot say that your last step was stored."),
        _("Wait a minute and try again. If you have a receipt code, your report is safe."),
    )
