"""Builds the guard's ASGI application from its parts.

Invariants: the router holds exactly the rows of ``routes.ROUTES``; a request line that is not one of them never reaches
it; every error leaves in OpenAI's shape; a websocket is closed. Not done here: choosing parts (``wiring``), serving.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route as StarletteRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from consentry.adapters.upstreams.base import Upstream
from consentry.basics.clock import Clock
from consentry.provenance.signing import Signer
from consentry.proxy.admission import Admission
from consentry.proxy.body import drain
from consentry.proxy.errors import SERVER_ERROR, ProxyRefusal
from consentry.proxy.images import answer_images
from consentry.proxy.language import preferred_language
from consentry.proxy.ledger import Ledger
from consentry.proxy.metrics import Metrics
from consentry.proxy.moderations import answer_moderations
from consentry.proxy.parts import Fetcher, Parts, Screens, log
from consentry.proxy.replies import Stopped, error_response
from consentry.proxy.routes import ROUTES, RouteRow, find_route
from consentry.proxy.settings import ProxySettings
from consentry.proxy.workers import Workers

Endpoint = Callable[[Parts, RouteRow, Request], Awaitable[Response]]


def build_app(
    *,
    guard: Screens,
    upstream: Upstream,
    ledger: Ledger[Any],
    signer: Signer,
    fetcher: Fetcher,
    settings: ProxySettings,
    clock: Clock,
) -> Starlette:
    """The application. It owns ``upstream`` and ``fetcher`` and closes them when the server stops.

    Its counters are at ``app.state.metrics``, its budget at ``app.state.admission``.
    """
    parts = Parts(
        guard=guard,
        upstream=upstream,
        ledger=ledger,
        signer=signer,
        fetcher=fetcher,
        settings=settings,
        clock=clock,
        admission=Admission(
            requests=settings.requests, total_bytes=settings.bytes_in_flight, retry_after=settings.retry_after
        ),
        metrics=Metrics(),
        judging=Workers("judging", threads=settings.guard_threads, backlog=settings.guard_backlog),
        parsing=Workers("parsing", threads=2, backlog=settings.requests),
        signing=Workers("signing", threads=settings.sign_threads, backlog=settings.requests),
    )
    parts.metrics.gauge("consentry_guard_requests_in_flight", lambda: parts.admission.requests)
    parts.metrics.gauge("consentry_guard_bytes_in_flight", lambda: parts.admission.bytes)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        await upstream.close()
        await fetcher.close()
        for workers in (parts.judging, parts.parsing, parts.signing):
            workers.close()

    app = Starlette(
        routes=[StarletteRoute(row.path, _endpoint(parts, row), methods=[row.method], name=row.name) for row in ROUTES],
        middleware=[Middleware(Gate, metrics=parts.metrics)],
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False
    app.state.metrics = parts.metrics
    app.state.admission = parts.admission
    return app


class Gate:
    """Lets through only request lines of the table, byte for byte, and closes everything that is not HTTP."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] == "lifespan":
            return await self._app(scope, receive, send)
        if scope["type"] != "http":
            return await send({"type": "websocket.close", "code": 1008})
        try:
            raw_path = scope.get("raw_path") or scope["path"].encode("utf-8", "surrogateescape")
            row = find_route(scope["method"], raw_path, scope.get("query_string", b""))
            if scope["path"] != row.path:
                raise ValueError("the server reads the path differently")
        except (ProxyRefusal, ValueError) as refused:
            problem = refused if isinstance(refused, ProxyRefusal) else _unknown_route()
            request = Request(scope, receive)
            response = error_response(problem, preferred_language(request.headers.get("accept-language")))
            self._metrics.count("consentry_guard_refusals_total", route="unknown", code=problem.code)
            self._metrics.count("consentry_guard_requests_total", route="unknown", status=str(problem.status))
            await drain(request, limit=DRAIN_BYTES)
            return await response(scope, receive, send)
        return await self._app(scope, receive, send)


DRAIN_BYTES = 64 * 1024 * 1024


def _unknown_route() -> ProxyRefusal:
    return ProxyRefusal(404, "route_not_screened", route="?", known=", ".join(row.path for row in ROUTES))


def _endpoint(parts: Parts, row: RouteRow) -> Callable[[Request], Awaitable[Response]]:
    """The row's endpoint with the one mapping from errors to HTTP."""
    answer = ENDPOINTS[row.name]

    async def endpoint(request: Request) -> Response:
        try:
            response = await answer(parts, row, request)
        except (ProxyRefusal, Stopped) as problem:
            response = await _refuse(parts, row, request, problem)
        except Exception as error:
            log.error("unforeseen in %s: %s", row.name, type(error).__name__, exc_info=error)
            response = await _refuse(parts, row, request, ProxyRefusal(500, "internal_error", type_=SERVER_ERROR))
        parts.metrics.count("consentry_guard_requests_total", route=row.name, status=str(response.status_code))
        return response

    return endpoint


async def _refuse(parts: Parts, row: RouteRow, request: Request, problem: ProxyRefusal | Stopped) -> Response:
    if isinstance(problem, ProxyRefusal):
        parts.metrics.count("consentry_guard_refusals_total", route=row.name, code=problem.code)
    await drain(request, limit=parts.settings.body_bytes)
    return error_response(problem, preferred_language(request.headers.get("accept-language")))


async def _healthz(parts: Parts, row: RouteRow, request: Request) -> Response:
    """The process answers."""
    return PlainTextResponse("ok\n")


async def _readyz(parts: Parts, row: RouteRow, request: Request) -> Response:
    """200 when every detector works; 503 names those that do not (every request is then denied)."""
    health: Mapping[str, str] = parts.guard.health()
    ready = bool(health) and all(state == "ok" for state in health.values())
    body = {"ready": ready, "parts": dict(health)}
    return JSONResponse(body, status_code=200 if ready else 503, headers={"Cache-Control": "no-store"})


async def _metrics(parts: Parts, row: RouteRow, request: Request) -> Response:
    return PlainTextResponse(parts.metrics.page(), media_type="text/plain; version=0.0.4")


ENDPOINTS: Mapping[str, Endpoint] = {
    "generations": answer_images,
    "edits": answer_images,
    "variations": answer_images,
    "moderations": answer_moderations,
    "healthz": _healthz,
    "readyz": _readyz,
    "metrics": _metrics,
}
