"""Every route has its screen; whatever is no route is refused, in whatever spelling."""

import asyncio
from typing import Any

import pytest
from starlette.routing import Route as StarletteRoute

from consentry.guard.decision import Outcome
from consentry.proxy.routes import NOT_YET_SCREENED, ROUTES, RouteRow, Screen
from tests.fakes.asking import ask, code_of
from tests.fakes.guard import ScriptedGuard
from tests.fakes.guard_app import GuardApp
from tests.fakes.image_upstream import b64, picture


class CountingUpstream:
    """Fails the test that reaches it."""

    origin = None
    generator = "none"

    def __init__(self) -> None:
        self.calls = 0

    async def make(self, *_: Any, **__: Any) -> Any:
        """Count."""
        self.calls += 1
        raise AssertionError("reached the upstream")

    async def close(self) -> None:
        """Nothing."""


def bodies(row: RouteRow) -> dict[str, Any]:
    """A request that the route understands."""
    image = ("a.png", picture(), "image/png")
    known: dict[str, dict[str, Any]] = {
        "generations": {"json": {"prompt": "a tree"}},
        "edits": {"data": {"prompt": "a tree"}, "files": {"image": image}},
        "variations": {"files": {"image": image}},
        "moderations": {"json": {"input": "a tree"}},
    }
    return known.get(row.name, {})


def test_the_router_holds_the_table_and_nothing_else() -> None:
    app = GuardApp().build()
    mounted = [(one.path, one.name) for one in app.routes if isinstance(one, StarletteRoute)]
    assert mounted == [(row.path, row.name) for row in ROUTES]
    assert len(app.routes) == len(ROUTES)


@pytest.mark.parametrize("row", ROUTES, ids=lambda row: row.name)
def test_every_route_is_screened_before_anything_is_forwarded(row: RouteRow) -> None:
    guard = ScriptedGuard(on_request=lambda _: (Outcome.DENY, ("nonconsensual_undress",)))
    upstream = CountingUpstream()
    app = GuardApp(guard=guard, upstream=upstream).build()
    answer = ask(app, row.method, row.path, **bodies(row))
    assert upstream.calls == 0
    if row.screen is Screen.NOTHING_TO_SCREEN:
        assert row.makes is None
        assert row.method == "GET"
        assert answer.status_code == 200
        assert not guard.asked
        return
    assert len(guard.asked) == 1, f"{row.path} has no screen"
    if row.screen is Screen.REQUEST_AND_OUTPUT:
        assert code_of(answer) == "moderation_blocked"


@pytest.mark.parametrize("row", [row for row in ROUTES if row.makes], ids=lambda row: row.name)
def test_every_route_that_makes_pictures_screens_its_output(row: RouteRow) -> None:
    guard = ScriptedGuard(on_output=lambda _: (Outcome.DENY, ("output_sexualised",)))
    answer = ask(GuardApp(guard=guard).build(), row.method, row.path, **bodies(row))
    assert len(guard.outputs) == 1
    assert answer.json()["error"]["reasons"][0]["code"] == "output_sexualised"


TRICKS = [
    "/V1/images/edits",
    "/v1//images/edits",
    "//v1/images/edits",
    "/v1/images/edits/",
    "/v1/images/%65dits",
    "/v1/images/%2e/edits",
    "/v1/images/x/%2e%2e/edits",
    "/v1/images%2fedits",
    "/v1/images/edits%00",
    "/v1/images/edits;x=1",
    "/v1/Images/Edits",
    "/images/edits",
    "/v2/images/edits",
    "/beta/images/edits",
    "/openai/v1/images/edits",
    "/openai/deployments/dall-e-3/images/generations",
    "/v1/engines/dall-e/images/generations",
    "/v1/models",
    "/healthz/",
    "/",
    "/v1/\uff49mages/edits",
]


@pytest.mark.parametrize("path", [*TRICKS, *NOT_YET_SCREENED, "/v1/responses/resp_1", "/v1/videos/v_1/content"])
@pytest.mark.parametrize("method", ["POST", "GET"])
def test_another_path_is_refused_and_the_next_step_named(path: str, method: str) -> None:
    app = GuardApp(upstream=CountingUpstream()).build()
    answer = ask(app, method, path, json={"prompt": "x"} if method == "POST" else None)
    assert (answer.status_code, code_of(answer)) == (404, "route_not_screened")
    assert "/v1/images/edits" in answer.json()["error"]["message"]


@pytest.mark.parametrize("row", ROUTES, ids=lambda row: row.name)
@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "GET", "POST", "BREW"])
def test_another_method_is_refused(row: RouteRow, method: str) -> None:
    if method == row.method:
        return
    answer = ask(GuardApp().build(), method, row.path)
    assert (answer.status_code, code_of(answer)) == (404, "route_not_screened")


def test_the_address_carries_no_fields() -> None:
    guard = ScriptedGuard()
    app = GuardApp(guard=guard).build()
    answer = ask(app, "POST", "/v1/images/generations?prompt=only+underwear", json={"prompt": "a tree"})
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, "prompt")
    assert not guard.asked


def test_a_websocket_is_closed() -> None:
    app = GuardApp().build()
    sent: list[Any] = []

    async def run() -> None:
        async def receive() -> Any:
            return {"type": "websocket.connect"}

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {"type": "websocket", "path": "/v1/realtime", "raw_path": b"/v1/realtime", "headers": []}
        await app(scope, receive, send)

    asyncio.run(run())
    assert [one["type"] for one in sent] == ["websocket.close"]


def test_operators_see_health_readiness_and_counts() -> None:
    guard = ScriptedGuard()
    app = GuardApp(guard=guard).build()
    assert ask(app, "GET", "/healthz").text == "ok\n"
    assert ask(app, "GET", "/readyz").json() == {"ready": True, "parts": {"nudity": "ok"}}
    guard.states["nudity"] = "stuck"
    assert ask(app, "GET", "/readyz").status_code == 503
    ask(
        app,
        "POST",
        "/v1/images/edits",
        json={"prompt": " ", "images": [{"image_url": "data:;base64," + b64(picture())}]},
    )
    page = ask(app, "GET", "/metrics").text
    assert 'consentry_guard_parts_total{kind="picture",read="read",stage="request"} 1' in page
    assert "consentry_guard_unsigned_outputs_total 0" in page
    assert "consentry_guard_bytes_in_flight 0" in page
