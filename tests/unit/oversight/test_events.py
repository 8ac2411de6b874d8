"""The vocabulary of public events: every type round-trips, everything else is refused, and the page says the same."""

import re
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from consentry.oversight.errors import EventError
from consentry.oversight.events import SHAPES, EventType, PublicEvent, event_from_data, parse_event

NOON = datetime(2026, 1, 31, 12, 34, 56, 789, tzinfo=UTC)
PAGE = Path(__file__).resolve().parents[3] / "docs/spec/audit-log.md"
SAMPLES: dict[str, Any] = {
    "lane": "portal",
    "body": "lane_example",
    "rule": "exposure",
    "reasons": ("nonconsensual_undress",),
    "route": "edit",
    "side": "uploader",
    "duration": "36h..48h",
    "platform": "example",
    "jurisdiction": "us-ca",
    "count": 3,
    "routes": {"edit": 2, "generate": 1},
    "batch_root": "ab" * 32,
    "digest": "cd" * 32,
}


def full_event(kind: EventType) -> PublicEvent:
    """An event of ``kind`` with every member that it may have."""
    shape = SHAPES[kind]
    members = {name: SAMPLES[name] for name in shape.required | shape.optional if name != "outcome"}
    if "outcome" in shape.required:
        members["outcome"] = min(shape.outcomes)
    return PublicEvent(type=kind, at=NOON, **members)


@pytest.mark.parametrize("kind", list(EventType))
def test_every_type_round_trips_through_its_canonical_bytes(kind: EventType) -> None:
    event = full_event(kind)
    assert parse_event(event.to_bytes()) == event


@pytest.mark.parametrize("kind", list(EventType))
def test_every_required_member_is_required(kind: EventType) -> None:
    for name in SHAPES[kind].required:
        data = full_event(kind).to_data()
        del data[name]
        if name == "count":
            data.pop("routes", None)
        with pytest.raises(EventError):
            event_from_data(data)


def test_the_page_lists_exactly_the_types_members_and_outcomes_of_the_code() -> None:
    rows = {}
    table = PAGE.read_text(encoding="utf-8").split("## Event types")[1]
    for line in table.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not line.startswith("| `"):
            continue
        for kind in re.findall(r"`([^`]+)`", cells[0]):
            own = cells[3]
            if ";" in own:
                shared_part, only, names = re.split(r"; (\w+): ", own)
                own = shared_part + (" " + names if kind.endswith(only) else "")
            rows[kind] = tuple(frozenset(re.findall(r"`([^`]+)`", cell)) for cell in (cells[2], own, cells[4]))
    assert rows == {kind.value: (shape.required, shape.optional, shape.outcomes) for kind, shape in SHAPES.items()}


def test_time_is_utc_and_loses_its_seconds() -> None:
    tokyo = timezone(timedelta(hours=9))
    event = PublicEvent(EventType.BREAKER_OPENED, datetime(2026, 2, 1, 8, 59, 59, tzinfo=tokyo), rule="daily_share")
    assert event.to_bytes() == b'{"at":"2026-01-31T23:59Z","rule":"daily_share","type":"breaker.opened","v":1}'


@pytest.mark.parametrize(
    "change",
    [
        {"v": 2},
        {"v": True},
        {"v": 1.0},
        {"type": "case.gossip"},
        {"type": ["case.decided"]},
        {"at": "2026-01-31T12:34:56Z"},
        {"at": "2026-13-31T12:34Z"},
        {"at": None},
        {"lane": "Portal"},
        {"lane": ["portal"]},
        {"lane": None},
        {"outcome": "removed"},
        {"outcome": {}},
        {"duration": "1h"},
        {"duration": 5},
        {"rule": "Jane Doe"},
        {"rule": "x" * 81},
        {"rule": "a\n"},
        {"rule": 7},
        {"reasons": "code"},
        {"reasons": ["Code"]},
        {"reasons": []},
        {"count": 1},
        {"note": "free text"},
    ],
)
def test_anything_outside_the_vocabulary_is_refused(change: dict[str, Any]) -> None:
    data = full_event(EventType.CASE_DECIDED).to_data()
    assert event_from_data(data)
    with pytest.raises(EventError):
        event_from_data({**data, **change})


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"[]",
        b"null",
        b"\xff",
        b"[" * 100_000,
        b'{"at": "2026-01-31T12:34Z","rule":"x","type":"breaker.opened","v":1}',
        b'{"rule":"x","at":"2026-01-31T12:34Z","type":"breaker.opened","v":1}',
        b'{"at":"2026-01-31T12:34Z","rule":"y","rule":"x","type":"breaker.opened","v":1}',
        b'{"at":"2026-01-31T12:34Z","rule":"\\u0078","type":"breaker.opened","v":1}',
    ],
)
def test_only_canonical_bytes_are_read(payload: bytes) -> None:
    with pytest.raises(EventError):
        parse_event(payload)


@pytest.mark.parametrize("count", [0, -1, True, 1.0, 2**53, "3"])
def test_a_count_is_a_whole_number_from_one(count: object) -> None:
    with pytest.raises(EventError):
        event_from_data({"v": 1, "type": "guard.output_unscreened", "at": "2026-01-31T12:34Z", "count": count})


def test_routes_must_add_up_to_the_count() -> None:
    data = full_event(EventType.GUARD_ALLOWED_BATCH).to_data()
    with pytest.raises(EventError):
        event_from_data({**data, "count": 4})


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(EventError):
        PublicEvent(EventType.BREAKER_OPENED, datetime(2026, 1, 1), rule="x")  # noqa: DTZ001 - the fault under test
