"""Asks an ASGI application without a socket, as a plain function."""

import asyncio
from typing import Any

import httpx
from starlette.applications import Starlette

from tests.fakes.ledger import KEY


def ask(app: Starlette, method: str, path: str, *, key: str = KEY, **more: Any) -> httpx.Response:
    """The application's whole answer to one request."""
    headers = httpx.Headers(more.pop("headers", {}))
    headers.setdefault("Authorization", f"Bearer {key}")

    async def run() -> httpx.Response:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://guard.test") as client:
            return await client.request(method, path, headers=headers, **more)

    return asyncio.run(run())


def code_of(answer: httpx.Response) -> str:
    """The ``error.code``; fails unless the answer has OpenAI's shape."""
    error = answer.json()["error"]
    assert {"code", "message", "param", "type"} <= set(error)
    assert error["message"]
    return str(error["code"])
