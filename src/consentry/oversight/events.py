"""The public part of a leaf: what happened, in words that point to nobody (docs/spec/audit-log.md).

Invariants: a fixed vocabulary, one shape a type; every value is a token of a small alphabet, a count or a coarse time,
so that no name, address, hash of a picture or free text can slip in; the bytes are canonical JSON (RFC 8785) and only
canonical bytes are read back. Not done here: the private part, salts and commitments (``consentry.audit.leaf``).
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import rfc8785

from consentry.oversight.buckets import position_of
from consentry.oversight.errors import EventError

VERSION = 1
"""Version of the vocabulary, the member ``v`` of every event."""

_TOKEN = re.compile(r"[a-z0-9][a-z0-9_.@:/-]{0,79}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_MINUTE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\dZ")
_MAX_COUNT = 2**53 - 1


class EventType(StrEnum):
    """Everything that can stand in the log."""

    GUARD_DECISION = "guard.decision"
    GUARD_ALLOWED_BATCH = "guard.allowed_batch"
    GUARD_RELEASED = "guard.released"
    GUARD_OUTPUT_UNSCREENED = "guard.output_unscreened"
    REPORT_RECEIVED = "report.received"
    REPORT_WITHDRAWN = "report.withdrawn"
    CASE_HIDDEN = "case.hidden"
    CASE_VIEWED = "case.viewed"
    CASE_DECIDED = "case.decided"
    CASE_RESTORED = "case.restored"
    CASE_CLOSED = "case.closed"
    PLATFORM_ACTED = "platform.acted"
    NOTICE_SENT = "notice.sent"
    APPEAL_FILED = "appeal.filed"
    APPEAL_DECIDED = "appeal.decided"
    STRIKE_ISSUED = "strike.issued"
    STRIKE_WITHDRAWN = "strike.withdrawn"
    BANK_ADDED = "bank.added"
    BANK_REMOVED = "bank.removed"
    BANK_BLOCKED = "bank.blocked"
    BREAKER_OPENED = "breaker.opened"
    BREAKER_CLOSED = "breaker.closed"
    CLOCK_BREACHED = "clock.breached"
    PROMISE_BROKEN = "promise.broken"
    PERSON_ERASED = "person.erased"
    POLICY_LOADED = "policy.loaded"
    DETECTOR_LOADED = "detector.loaded"
    LANE_CHANGED = "lane.changed"
    STAFF_CHANGED = "staff.changed"
    KEY_CHANGED = "key.changed"
    PLAN_PUBLISHED = "plan.published"
    REPORT_PUBLISHED = "report.published"


class EventLane(StrEnum):
    """Which way a report came in."""

    PORTAL = "portal"
    HOTLINE = "hotline"
    AUTHORITY = "authority"
    PLATFORM = "platform"


@dataclass(frozen=True, slots=True)
class EventShape:
    """Which members a type must have (besides ``type`` and ``at``), may have, and which outcomes it knows."""

    required: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()
    outcomes: frozenset[str] = frozenset()


def _shape(required: str = "", optional: str = "", outcomes: str = "") -> EventShape:
    return EventShape(frozenset(required.split()), frozenset(optional.split()), frozenset(outcomes.split()))


_CASE = "platform jurisdiction body"

SHAPES: Mapping[EventType, EventShape] = {
    EventType.GUARD_DECISION: _shape("outcome route", "reasons rule platform", "allow challenge deny"),
    EventType.GUARD_ALLOWED_BATCH: _shape("count batch_root routes", "platform"),
    EventType.GUARD_RELEASED: _shape("outcome", "route reasons platform count", "released stopped fault"),
    EventType.GUARD_OUTPUT_UNSCREENED: _shape("count", "route platform"),
    EventType.REPORT_RECEIVED: _shape("lane outcome", f"rule {_CASE}", "opened merged"),
    EventType.REPORT_WITHDRAWN: _shape("lane", _CASE),
    EventType.CASE_HIDDEN: _shape("lane rule duration", _CASE),
    EventType.CASE_VIEWED: _shape("rule", _CASE),
    EventType.CASE_DECIDED: _shape("lane outcome rule duration", f"reasons {_CASE}", "remove keep"),
    EventType.CASE_RESTORED: _shape("rule duration", f"lane {_CASE}"),
    EventType.CASE_CLOSED: _shape("rule", f"lane duration {_CASE}"),
    EventType.PLATFORM_ACTED: _shape("outcome duration", f"lane rule {_CASE}", "hidden removed restored failed"),
    EventType.NOTICE_SENT: _shape("rule side", f"lane duration {_CASE}"),
    EventType.APPEAL_FILED: _shape("side", f"lane duration {_CASE}"),
    EventType.APPEAL_DECIDED: _shape("side outcome duration", f"lane {_CASE}", "upheld overturned"),
    EventType.STRIKE_ISSUED: _shape("rule", "platform jurisdiction"),
    EventType.STRIKE_WITHDRAWN: _shape("rule", "platform jurisdiction"),
    EventType.BANK_ADDED: _shape("rule", "platform jurisdiction"),
    EventType.BANK_REMOVED: _shape("rule", "platform jurisdiction"),
    EventType.BANK_BLOCKED: _shape("rule", "route count platform"),
    EventType.BREAKER_OPENED: _shape("rule", "platform"),
    EventType.BREAKER_CLOSED: _shape("rule", "platform duration"),
    EventType.CLOCK_BREACHED: _shape("rule", f"lane duration {_CASE}"),
    EventType.PROMISE_BROKEN: _shape("count", "duration"),
    EventType.PERSON_ERASED: _shape("rule count"),
    EventType.POLICY_LOADED: _shape("rule digest outcome", "", "same stricter looser changed"),
    EventType.DETECTOR_LOADED: _shape("rule digest outcome", "", "same stricter looser changed"),
    EventType.LANE_CHANGED: _shape("body outcome", "lane", "requested accredited suspended ended rekeyed"),
    EventType.STAFF_CHANGED: _shape("rule outcome", "", "granted revoked"),
    EventType.KEY_CHANGED: _shape("rule outcome", "digest", "created rotated revoked"),
    EventType.PLAN_PUBLISHED: _shape("rule digest", "platform jurisdiction"),
    EventType.REPORT_PUBLISHED: _shape("rule digest", "platform jurisdiction"),
}

LANES = frozenset(lane.value for lane in EventLane)
_COUNTED_ONCE = frozenset({EventType.GUARD_RELEASED, EventType.PERSON_ERASED})
SIDES = frozenset({"reporter", "uploader", "lane", "platform"})


@dataclass(frozen=True, slots=True)
class PublicEvent:
    """One public event; construction checks it against the vocabulary and raises ``EventError``.

    ``at`` is UTC and is cut down to the minute. ``lane`` is an ``EventLane`` value, ``body`` an accredited body's
    public id, ``rule`` the rule, clock, notice or ground that applied, ``reasons`` reason codes, ``side`` who acted or
    was told, ``duration`` a bucket name (``buckets.bucket_of``), ``count`` how many things this one event stands for
    (absent: one), ``routes`` how many of them by route, ``batch_root`` the hex root of a batch leaf, ``digest`` a
    SHA-256 in hex. Source: docs/spec/audit-log.md.
    """

    type: EventType
    at: datetime
    lane: str | None = None
    body: str | None = None
    rule: str | None = None
    outcome: str | None = None
    reasons: tuple[str, ...] = ()
    route: str | None = None
    side: str | None = None
    duration: str | None = None
    platform: str | None = None
    jurisdiction: str | None = None
    count: int | None = None
    routes: Mapping[str, int] = field(default_factory=dict)
    batch_root: str | None = None
    digest: str | None = None

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise EventError("An event's time has no time zone.", next_step="Give the time in UTC.")
        object.__setattr__(self, "at", self.at.astimezone(UTC).replace(second=0, microsecond=0))
        shape = SHAPES.get(self.type)
        if shape is None:
            raise EventError("A public event has an unknown type.", next_step="See docs/spec/audit-log.md.")
        object.__setattr__(self, "type", EventType(self.type))
        present = {name for name in _MEMBERS if getattr(self, name) not in (None, (), {})}
        if missing := shape.required - present:
            raise _wrong(self.type, f"has no {sorted(missing)[0]}")
        if extra := present - shape.required - shape.optional:
            raise _wrong(self.type, f"must not have {sorted(extra)[0]}")
        _check_values(self, shape)

    @property
    def weight(self) -> int:
        """How many things this event stands for: ``count``, or one where ``count`` counts something else."""
        return 1 if self.count is None or self.type in _COUNTED_ONCE else self.count

    def to_data(self) -> dict[str, Any]:
        """The event as plain JSON data, without absent members."""
        data: dict[str, Any] = {"v": VERSION, "type": self.type.value, "at": self.at.strftime("%Y-%m-%dT%H:%MZ")}
        for name in _MEMBERS:
            value = getattr(self, name)
            if value not in (None, (), {}):
                data[name] = list(value) if name == "reasons" else dict(value) if name == "routes" else value
        return data

    def to_bytes(self) -> bytes:
        """Canonical JSON (RFC 8785): the bytes that a leaf's public part commits to."""
        return rfc8785.dumps(self.to_data())


_TYPES = frozenset(kind.value for kind in EventType)
_MEMBERS = tuple(member.name for member in fields(PublicEvent) if member.name not in ("type", "at"))


def parse_event(payload: bytes) -> PublicEvent:
    """Read an event from its canonical bytes; ``EventError`` when anything at all is not as ``to_bytes`` writes it."""
    try:
        data = json.loads(payload)
    except (ValueError, RecursionError) as error:
        raise EventError("A public event is not JSON.", next_step="See docs/spec/audit-log.md.") from error
    event = event_from_data(data)
    if event.to_bytes() != payload:
        raise EventError("A public event is not canonical JSON.", next_step="Write it with RFC 8785.")
    return event


def event_from_data(data: object) -> PublicEvent:
    """Read an event from parsed JSON; ``EventError`` on a wrong version, an unknown member, type or value."""
    if not isinstance(data, dict) or type(data.get("v")) is not int or data["v"] != VERSION:
        raise EventError(f"A public event is not of version {VERSION}.", next_step="Use a newer Consentry to read it.")
    unknown = set(data) - {"v", "type", "at"} - set(_MEMBERS)
    if unknown or not isinstance(data.get("type"), str) or data["type"] not in _TYPES:
        raise EventError("A public event has an unknown type or member.", next_step="See docs/spec/audit-log.md.")
    members = {name: data[name] for name in _MEMBERS if name in data}
    if any(value in (None, "", [], {}) for value in members.values()):
        raise _wrong(data["type"], "has an empty member")
    if "reasons" in members:
        if not isinstance(members["reasons"], list):
            raise _wrong(data["type"], "has reasons that are not a list")
        members["reasons"] = tuple(members["reasons"])
    return PublicEvent(type=EventType(data["type"]), at=_parse_minute(data.get("at")), **members)


def _parse_minute(text: object) -> datetime:
    if isinstance(text, str) and _MINUTE.fullmatch(text):
        try:
            return datetime.strptime(text, "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC)
        except ValueError:
            pass
    raise EventError("A public event's time is not YYYY-MM-DDThh:mmZ.", next_step="Give UTC, cut to the minute.")


def _check_values(event: PublicEvent, shape: EventShape) -> None:
    for name, known in (("outcome", shape.outcomes), ("lane", LANES), ("side", SIDES)):
        value = getattr(event, name)
        if value is not None and not (isinstance(value, str) and value in known):
            raise _wrong(event.type, f"has an unknown {name}")
    for name in ("body", "rule", "route", "platform", "jurisdiction"):
        if (value := getattr(event, name)) is not None and not _is_token(value):
            raise _wrong(event.type, f"has a {name} that is not a token")
    if not isinstance(event.reasons, tuple) or not all(map(_is_token, event.reasons)):
        raise _wrong(event.type, "has a reason that is not a token")
    for name in ("batch_root", "digest"):
        value = getattr(event, name)
        if value is not None and not (isinstance(value, str) and _DIGEST.fullmatch(value)):
            raise _wrong(event.type, f"has a {name} that is not 64 hex digits")
    if event.duration is not None:
        if not isinstance(event.duration, str):
            raise _wrong(event.type, "has a duration that is not a bucket")
        position_of(event.duration)
    if event.count is not None and not _is_count(event.count):
        raise _wrong(event.type, "has a count that is not a whole number from 1")
    if not isinstance(event.routes, Mapping) or not all(_is_token(k) and _is_count(v) for k, v in event.routes.items()):
        raise _wrong(event.type, "has routes that are not counts by name")
    if event.routes and sum(event.routes.values()) != event.count:
        raise _wrong(event.type, "has routes that do not add up to its count")


def _is_token(value: object) -> bool:
    return isinstance(value, str) and _TOKEN.fullmatch(value) is not None


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= _MAX_COUNT


def _wrong(kind: str, what: str) -> EventError:
    return EventError(f"A {kind} event {what}.", not_done="It was not used.", next_step="See docs/spec/audit-log.md.")
