"""Reads one request body, whole and within limits, or refuses it before keeping it.

Invariants: no more than the limit is ever held, whatever ``Content-Length`` says; an encoding that we would have to
undo is refused, because a guard and an upstream may undo it differently. Not done here: understanding the bytes.
"""

import asyncio
from collections.abc import Callable

from starlette.requests import ClientDisconnect, Request

from consentry.proxy.errors import ProxyRefusal

DRAIN_SECONDS = 5.0


async def read_body(request: Request, *, limit: int, seconds: float, take: Callable[[int], None]) -> bytes:
    """The body's bytes, each counted by ``take`` before it is kept.

    413 above ``limit``, 408 after ``seconds``, 415 for a content encoding, 503 from ``take``.
    """
    encoding = ", ".join(request.headers.getlist("content-encoding")).strip().lower() or "identity"
    if encoding != "identity":
        raise ProxyRefusal(415, "content_encoding_not_accepted", given=encoding[:40])
    declared = _declared_length(request)
    if declared > limit:
        raise ProxyRefusal(413, "request_too_large", limit=str(limit))
    take(declared)
    kept = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for chunk in request.stream():
                if len(kept) + len(chunk) > limit:
                    raise ProxyRefusal(413, "request_too_large", limit=str(limit))
                if len(kept) + len(chunk) > declared:
                    take(len(kept) + len(chunk) - max(declared, len(kept)))
                kept += chunk
    except TimeoutError:
        raise ProxyRefusal(408, "request_too_slow", seconds=f"{seconds:g}") from None
    except ClientDisconnect:
        raise ProxyRefusal(400, "malformed_body", why="the connection ended in the middle of it") from None
    request.state.body_whole = True
    return bytes(kept)


async def drain(request: Request, *, limit: int) -> None:
    """Read and throw away the rest of a refused body, so that its sender gets to read the answer.

    Gives up after ``limit`` bytes or a few seconds: then the sender sees a broken connection, as it deserves.
    """
    if getattr(request.state, "body_whole", False) or "expect" in request.headers:
        return
    dropped = 0
    try:
        async with asyncio.timeout(DRAIN_SECONDS):
            while dropped <= limit:
                message = await request.receive()
                if message["type"] != "http.request" or not message.get("more_body", False):
                    return
                dropped += len(message.get("body", b""))
    except TimeoutError:
        return


def _declared_length(request: Request) -> int:
    if "transfer-encoding" in request.headers and "content-length" in request.headers:
        raise ProxyRefusal(400, "malformed_body", why="it has two lengths")
    text = request.headers.get("content-length")
    if text is None:
        return 0
    if not (text.isascii() and text.isdigit()):
        raise ProxyRefusal(400, "malformed_body", why="its Content-Length is not a number")
    return int(text[:20])
