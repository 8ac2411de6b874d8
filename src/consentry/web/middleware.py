"""What every page has in common: private pages leave no copies, and foreseen errors become plain pages."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from consentry.basics.errors import ConsentryError
from consentry.web.errors import answer

Handler = Callable[[HttpRequest], HttpResponse]
PUBLIC_CACHE = ("/static/", "/log/", "/.well-known/")


class PrivatePages:
    """No page may be kept by a browser or a proxy, so that nothing shows after quick exit or on a shared computer."""

    def __init__(self, get_response: Handler) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add ``no-store`` wherever a view has not chosen a cache rule itself."""
        response = self._get_response(request)
        if not request.path.startswith(PUBLIC_CACHE):
            response.headers["Cache-Control"] = "no-store"
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        if settings.CONSENTRY.demo:
            response.headers["X-Consentry-Demo"] = "keys are public; do not use"
        return response


class PlainErrors:
    """Turns every ``ConsentryError`` into the one mapping of ``errors.answer``; views need no handlers."""

    def __init__(self, get_response: Handler) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; exceptions come back through ``process_exception``."""
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A page or a JSON body for a foreseen error; anything else stays a 500."""
        return answer(request, exception) if isinstance(exception, ConsentryError) else None
