"""What the platform answers when Consentry asks about a picture: docs/spec/platform-integration.md, section 3."""

import hmac
import re
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from examples.platform.settings import Settings
from examples.platform.store import Store

_POST_PATH = re.compile(r"/posts/([0-9]{1,12})(?:/picture|/edit)?/?")


def connector_routes(settings: Settings, store: Store) -> list[Route]:
    """The connector's routes; each of them asks for the connector token first."""

    def content(request: Request) -> Response:
        if not _is_consentry(request, settings):
            return _unauthorised()
        store.erase_overdue()
        number = find_post(request.query_params.get("ref", ""), settings.base_url)
        post = None if number is None else store.post(number)
        if post is None:
            return JSONResponse({"error": "there is no such picture"}, 404)
        number = post["id"]
        return JSONResponse(
            {
                "content_ref": post_url(settings, number),
                "account_ref": post["ref"],
                "state": post["state"],
                "media_type": post["media_type"],
                "sha256": post["sha256"],
                "posted_at": post["posted_at"],
                "bytes_path": f"/consentry/content/{number}/bytes" if post["kept"] else None,
                "public_paths": [f"/posts/{number}", f"/posts/{number}/picture"],
            }
        )

    def content_bytes(request: Request) -> Response:
        if not _is_consentry(request, settings):
            return _unauthorised()
        store.erase_overdue()
        post = store.post(request.path_params["number"])
        if post is None:
            return JSONResponse({"error": "there is no such picture"}, 404)
        picture = store.picture(post["id"])
        if picture is None:
            return JSONResponse({"error": "the bytes were erased when the time to appeal was over"}, 410)
        return Response(picture, media_type=post["media_type"], headers={"cache-control": "no-store"})

    def acts(request: Request) -> Response:
        """Not of the specification: lets tests see that nothing was done twice."""
        if not _is_consentry(request, settings):
            return _unauthorised()
        return JSONResponse({"messages": store.acts()})

    return [
        Route("/consentry/content", content),
        Route("/consentry/content/{number:int}/bytes", content_bytes),
        Route("/consentry/acts", acts),
    ]


def post_url(settings: Settings, number: int) -> str:
    """The canonical address of a post: its content reference."""
    return f"{settings.base_url}/posts/{number}"


def find_post(ref: str, base_url: str) -> int | None:
    """The number of the post that ``ref`` means: any address of it on this platform, or the bare number."""
    if re.fullmatch(r"[0-9]{1,12}", ref):
        return int(ref)
    try:
        parts, base = urlsplit(ref), urlsplit(base_url)
    except ValueError:
        return None
    if (parts.scheme, parts.netloc.lower()) != (base.scheme, base.netloc):
        return None
    match = _POST_PATH.fullmatch(parts.path)
    return int(match[1]) if match else None


def _is_consentry(request: Request, settings: Settings) -> bool:
    given = request.headers.get("authorization", "").encode()
    return hmac.compare_digest(given, f"Bearer {settings.connector_token}".encode())


def _unauthorised() -> Response:
    return JSONResponse({"error": "the connector token is missing or wrong"}, 401)
