"""An upstream that hangs, a budget that is full, callers that leave: the rest of the guard goes on (rule 12)."""

import asyncio
import threading
from typing import Any

import httpx
import pytest

from consentry.adapters.upstreams.openai_compatible import OpenAICompatible
from tests.fakes.guard import ScriptedGuard
from tests.fakes.guard_app import GuardApp
from tests.fakes.image_upstream import ImageUpstream
from tests.fakes.ledger import KEY
from tests.fakes.loopback import served

HEADERS = {"Authorization": f"Bearer {KEY}"}
PATH = "/v1/images/generations"


async def wait_until(condition: Any) -> None:
    """Returns once ``condition()`` holds; fails after a long while."""
    for _ in range(600):
        if condition():
            return
        await asyncio.sleep(0.05)
    raise AssertionError("it never came to hold")


@pytest.mark.parametrize("hanging", [200])
def test_hanging_upstream_calls_block_nobody_else(hanging: int) -> None:
    upstream = ImageUpstream(hang=True)
    guard_app = GuardApp()

    async def run(address: str) -> tuple[list[int], list[int]]:
        limits = httpx.Limits(max_connections=None)
        async with httpx.AsyncClient(base_url=address, headers=HEADERS, timeout=60, limits=limits) as client:
            tasks = [asyncio.create_task(client.post(PATH, json={"prompt": "a tree"})) for _ in range(hanging)]
            await wait_until(lambda: len(upstream.asked) == hanging)
            health = [(await client.get("/healthz")).status_code for _ in range(5)]
            refused = [(await client.post(PATH, json={"prompt": "only underwear"})).status_code for _ in range(5)]
            assert not any(one.done() for one in tasks)
            for one in tasks:
                one.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        return health, refused

    with served(upstream) as origin:
        guard_app.upstream = OpenAICompatible(f"{origin}/v1", "key")
        with served(guard_app.build()) as address:
            health, refused = asyncio.run(run(address))
    assert health == [200] * 5
    assert refused == [400] * 5


def test_one_request_too_many_is_told_to_wait_before_anything_is_screened() -> None:
    upstream = ImageUpstream(hang=True)
    guard = ScriptedGuard()
    guard_app = GuardApp(guard=guard)

    async def run(address: str, app: Any) -> httpx.Response:
        async with httpx.AsyncClient(base_url=address, headers=HEADERS, timeout=60) as client:
            tasks = [asyncio.create_task(client.post(PATH, json={"prompt": "a tree"})) for _ in range(3)]
            await wait_until(lambda: len(upstream.asked) == 3)
            answer = await client.post(PATH, json={"prompt": "a tree"})
            for one in tasks:
                one.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            return answer

    with served(upstream) as origin:
        guard_app.upstream = OpenAICompatible(f"{origin}/v1", "key")
        app = guard_app.build(requests=3, upstream_seconds=1.0)
        with served(app) as address:
            answer = asyncio.run(run(address, app))
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "overloaded")
    assert int(answer.headers["retry-after"]) >= 1
    assert len(guard.asked) == 3


def test_bytes_that_do_not_fit_are_refused_and_all_are_given_back() -> None:
    waiting = threading.Event()
    guard = ScriptedGuard(wait=waiting)
    guard_app = GuardApp(guard=guard)
    app = guard_app.build(bytes_in_flight=1000, guard_threads=1)

    async def run(address: str) -> tuple[httpx.Response, int]:
        async with httpx.AsyncClient(base_url=address, headers=HEADERS, timeout=60) as client:
            first = asyncio.create_task(client.post(PATH, json={"prompt": "x" * 700, "size": "64x64"}))
            await wait_until(lambda: guard.asked)
            second = await client.post(PATH, json={"prompt": "y" * 700})
            waiting.set()
            await first
            return second, first.result().status_code

    with served(app) as address:
        second, first = asyncio.run(run(address))
    assert (second.status_code, second.json()["error"]["code"]) == (503, "overloaded")
    assert first == 503, "its own output does not fit either"
    assert guard_app.ledger.of("fault") == ["overloaded"]
    assert (app.state.admission.bytes, app.state.admission.requests) == (0, 0)


def test_a_crowd_before_the_guard_is_turned_away_at_the_door() -> None:
    waiting = threading.Event()
    guard = ScriptedGuard(wait=waiting)
    app = GuardApp(guard=guard).build(guard_threads=1, guard_backlog=1)

    async def run(address: str) -> list[int]:
        async with httpx.AsyncClient(base_url=address, headers=HEADERS, timeout=60) as client:
            first = asyncio.create_task(client.post(PATH, json={"prompt": "only underwear"}))
            await wait_until(lambda: guard.asked)
            second = asyncio.create_task(client.post(PATH, json={"prompt": "only underwear"}))
            await wait_until(lambda: app.state.admission.requests == 2)
            await asyncio.sleep(0.2)
            third = await client.post(PATH, json={"prompt": "only underwear"})
            waiting.set()
            return [(await first).status_code, (await second).status_code, third.status_code]

    with served(app) as address:
        assert asyncio.run(run(address)) == [400, 400, 503]


def test_a_guard_that_hangs_is_a_denial() -> None:
    waiting = threading.Event()
    app = GuardApp(guard=ScriptedGuard(wait=waiting)).build(guard_seconds=0.3)
    with served(app) as address:
        answer = httpx.post(f"{address}{PATH}", headers=HEADERS, json={"prompt": "a tree"}, timeout=30)
        waiting.set()
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (400, "moderation_blocked")
    assert [one["code"] for one in error["reasons"]] == ["screening_unavailable"]


def test_a_caller_that_leaves_a_stream_leaves_nothing_behind() -> None:
    upstream = ImageUpstream()
    guard_app = GuardApp()
    with served(upstream) as origin:
        guard_app.upstream = OpenAICompatible(f"{origin}/v1", "key")
        app = guard_app.build()
        with served(app) as address:
            body = {"prompt": "a tree", "stream": True}
            with httpx.stream("POST", f"{address}{PATH}", headers=HEADERS, json=body, timeout=30):
                pass
            asyncio.run(wait_until(lambda: app.state.admission.requests == 0))
    assert app.state.admission.bytes == 0
    assert len(guard_app.ledger.of("release")) == 1
