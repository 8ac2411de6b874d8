"""An image API of OpenAI's shape that says what a test tells it to say, and keeps what it was asked."""

import asyncio
import base64
import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from PIL import Image
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send


def picture(
    kind: str = "PNG", colour: tuple[int, int, int] = (90, 140, 200), size: tuple[int, int] = (64, 64)
) -> bytes:
    """A small picture with something in it."""
    image = Image.new("RGB", size, colour)
    image.paste((250, 240, 200), (size[0] // 4, size[1] // 4, size[0] // 2, size[1] // 2))
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()


def b64(data: bytes) -> str:
    """``data`` in base64."""
    return base64.b64encode(data).decode()


def ordinary(_: "Asked") -> Response:
    """One good picture, as OpenAI answers."""
    usage = {"input_tokens": 3, "output_tokens": 4, "total_tokens": 7}
    item = {"b64_json": b64(picture()), "revised_prompt": "words that nobody screened"}
    return JSONResponse({"created": 1, "data": [item], "usage": usage, "size": "1024x1024"})


@dataclass(frozen=True)
class Asked:
    """One request as it arrived: path, authorization, JSON body or form fields with the files' bytes."""

    path: str
    authorization: str | None
    fields: list[tuple[str, Any]]

    def named(self, name: str) -> list[Any]:
        """Values of a field."""
        return [value for key, value in self.fields if key == name]


@dataclass
class ImageUpstream:
    """The ASGI application."""

    answer: Callable[[Asked], Response] = ordinary
    asked: list[Asked] = field(default_factory=list)
    hang: bool = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] == "lifespan":
            while (await receive())["type"] != "lifespan.shutdown":
                await send({"type": "lifespan.startup.complete"})
            return await send({"type": "lifespan.shutdown.complete"})
        request = Request(scope, receive)
        if request.url.path == "/healthz":
            return await Response()(scope, receive, send)
        asked = Asked(request.url.path, request.headers.get("authorization"), await _fields(request))
        self.asked.append(asked)
        if self.hang:
            await asyncio.sleep(600)
        await self.answer(asked)(scope, receive, send)


async def _fields(request: Request) -> list[tuple[str, Any]]:
    if request.method == "GET":
        return []
    if request.headers["content-type"].startswith("application/json"):
        return list(json.loads(await request.body()).items())
    async with request.form() as form:
        return [(name, value if isinstance(value, str) else await value.read()) for name, value in form.multi_items()]


def stream(*events: dict[str, Any], end: bytes = b"") -> Response:
    """A reply of server-sent events."""
    text = "".join(f"event: {one['type']}\ndata: {json.dumps(one)}\n\n" for one in events).encode()
    return Response(text + end, media_type="text/event-stream")
