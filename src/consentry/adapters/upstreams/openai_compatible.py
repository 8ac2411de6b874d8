"""Any image API of OpenAI's shape, over HTTP.

Invariants: the ``Authorization`` sent is the operator's own; no redirect is followed and no environment proxy used; a
reply is read whole, uncompressed, within its limits, and only known fields of it go on (``revised_prompt`` does not: it
was not screened). Partial pictures of a stream are dropped. Not done here: fetching result addresses.
"""

import asyncio
import base64
import binascii
import json
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx

from consentry.adapters.upstreams.base import (
    ITS_FAULT,
    NO_PICTURE,
    NOT_UNDERSTOOD,
    TOO_LARGE,
    TOO_SLOW,
    UNREACHABLE,
    ResultAddress,
    UpstreamBusy,
    UpstreamFault,
    UpstreamPicture,
    UpstreamRefused,
    UpstreamReply,
    UpstreamRequest,
)
from consentry.guard.request import Route

PATHS = {Route.GENERATE: "images/generations", Route.EDIT: "images/edits", Route.VARIATION: "images/variations"}
_PLAIN = re.compile(r"[A-Za-z0-9_.-]{1,40}")
_COMPLETED = ("image_generation.completed", "image_edit.completed")


class OpenAICompatible:
    """An upstream at ``base_url`` (with its ``/v1``), called with the operator's ``key``."""

    def __init__(self, base_url: str, key: str, *, transport: httpx.AsyncBaseTransport | None = None) -> None:
        parts = urlsplit(base_url)
        self._origin = f"{parts.scheme}://{parts.netloc}".lower()
        headers = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "consentry-guard"}
        if key:
            headers["Authorization"] = f"Bearer {key}"
        self._client = httpx.AsyncClient(
            base_url=base_url.rstrip("/") + "/",
            headers=headers,
            timeout=httpx.Timeout(None, connect=10.0),
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=32),
            trust_env=False,
            follow_redirects=False,
            transport=transport,
        )

    @property
    def origin(self) -> str | None:
        """The upstream's own scheme, host and port."""
        return self._origin

    @property
    def generator(self) -> str:
        """A neutral name: the model's name is the operator's to publish."""
        return "image model"

    async def make(
        self, request: UpstreamRequest, *, seconds: float, limit: int, take: Callable[[int], None]
    ) -> UpstreamReply:
        """See ``Upstream.make``."""
        try:
            async with asyncio.timeout(seconds), self._client.stream(**_http_request(request)) as answer:
                body = await _read(answer, limit, take)
        except TimeoutError:
            raise UpstreamFault(TOO_SLOW) from None
        except httpx.HTTPError:
            raise UpstreamFault(UNREACHABLE) from None
        kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
        return await asyncio.to_thread(read_reply, answer.status_code, kind, body)

    async def close(self) -> None:
        """Close all connections."""
        await self._client.aclose()


def _http_request(request: UpstreamRequest) -> dict[str, Any]:
    """The arguments of the HTTP call, rebuilt from the request alone."""
    fields: dict[str, Any] = dict(request.options)
    if request.prompt is not None:
        fields["prompt"] = request.prompt
    if request.stream:
        fields["stream"] = True
    path = PATHS[request.route]
    if request.route is Route.GENERATE:
        return {"method": "POST", "url": path, "json": fields}
    field = "image" if len(request.images) == 1 else "image[]"
    files = [(field, _file("image", place, one)) for place, one in enumerate(request.images, 1)]
    if request.mask is not None:
        files.append(("mask", _file("mask", 1, request.mask)))
    texts = {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in fields.items()}
    return {"method": "POST", "url": path, "data": texts, "files": files}


def _file(stem: str, place: int, picture: UpstreamPicture) -> tuple[str, bytes, str]:
    ending = picture.media_type.rpartition("/")[2].replace("jpeg", "jpg")
    return f"{stem}-{place}.{ending}", picture.data, picture.media_type


async def _read(answer: httpx.Response, limit: int, take: Callable[[int], None]) -> bytes:
    if answer.headers.get("content-encoding", "identity").lower() != "identity":
        raise UpstreamFault(NOT_UNDERSTOOD)
    kept = bytearray()
    async for chunk in answer.aiter_raw():
        if len(kept) + len(chunk) > limit:
            raise UpstreamFault(TOO_LARGE)
        take(len(chunk))
        kept += chunk
    return bytes(kept)


def read_reply(status: int, kind: str, body: bytes) -> UpstreamReply:
    """The reply that an answer of ``status`` and media type ``kind`` says; raises an ``UpstreamError``."""
    if status == 429:
        raise UpstreamBusy
    if status in (400, 422):
        raise UpstreamRefused(_said(body))
    if status != 200:
        raise UpstreamFault(ITS_FAULT)
    if kind == "application/json":
        return _from_answer(_json(body))
    if kind == "text/event-stream":
        return _from_events(body)
    raise UpstreamFault(NOT_UNDERSTOOD)


def _json(body: bytes | str) -> Mapping[str, Any]:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        raise UpstreamFault(NOT_UNDERSTOOD) from None
    if not isinstance(value, dict):
        raise UpstreamFault(NOT_UNDERSTOOD)
    return value


def _from_answer(answer: Mapping[str, Any]) -> UpstreamReply:
    data = answer.get("data")
    if not isinstance(data, list) or not data:
        raise UpstreamFault(NO_PICTURE)
    return UpstreamReply(tuple(_output(item) for item in data), _facts(answer))


def _output(item: Any) -> bytes | ResultAddress:
    if isinstance(item, dict) and item.get("b64_json"):
        return _decoded(item["b64_json"])
    if isinstance(item, dict) and isinstance(item.get("url"), str):
        url: str = item["url"]
        return _decoded(url.partition(";base64,")[2]) if url[:5].lower() == "data:" else ResultAddress(url)
    raise UpstreamFault(NO_PICTURE)


def _decoded(text: Any) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError, TypeError):
        raise UpstreamFault(NOT_UNDERSTOOD) from None
    if not data:
        raise UpstreamFault(NO_PICTURE)
    return data


def _from_events(body: bytes) -> UpstreamReply:
    """All completed pictures of a stream that ended well; one that broke off is a fault."""
    outputs: list[bytes | ResultAddress] = []
    facts: Mapping[str, Any] = {}
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise UpstreamFault(NOT_UNDERSTOOD) from None
    for block in re.split(r"\r\n\r\n|\n\n|\r\r", text):
        lines = [line[5:].removeprefix(" ") for line in block.splitlines() if line.startswith("data:")]
        if not lines or lines == ["[DONE]"]:
            continue
        event = _json("\n".join(lines))
        if event.get("type") == "error" or "error" in event:
            raise UpstreamFault(ITS_FAULT)
        if event.get("type") in _COMPLETED:
            outputs.append(_decoded(event.get("b64_json")))
            facts = _facts(event)
    if not outputs:
        raise UpstreamFault(NO_PICTURE)
    return UpstreamReply(tuple(outputs), facts)


def _facts(answer: Mapping[str, Any]) -> dict[str, Any]:
    """The plain facts that may go on: short words and counts, no free text."""
    found: dict[str, Any] = {
        name: answer[name]
        for name in ("background", "size", "quality")
        if isinstance(answer.get(name), str) and _PLAIN.fullmatch(answer[name])
    }
    usage = _counts(answer.get("usage"))
    return found | ({"usage": usage} if usage else {})


def _counts(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        return {}
    found: dict[str, Any] = {}
    for name, one in value.items():
        if not _PLAIN.fullmatch(str(name)):
            continue
        if isinstance(one, int) and not isinstance(one, bool):
            found[name] = one
        elif isinstance(one, dict) and (inner := _counts(one)):
            found[name] = inner
    return found


def _said(body: bytes) -> str:
    """The upstream's own sentence, one printable line; empty when it said none."""
    try:
        message = json.loads(body)["error"]["message"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""
    return "".join(letter if letter.isprintable() else " " for letter in str(message))[:300]
