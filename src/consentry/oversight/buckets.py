"""Durations as buckets: coarse enough that a published time points to nobody, fine enough for every legal clock.

Invariants: a bucket holds its upper edge and not its lower one, so that "within 48 h" is exactly the buckets up to
``36h..48h``; the edges include every clock of the jurisdiction data; the list only ever grows at a new event version.
Not done here: working days. A rule that counts them reports a breach as its own event.
"""

from bisect import bisect_left
from collections.abc import Mapping
from datetime import timedelta

from consentry.oversight.errors import EventError

_UNIT_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}

EDGE_NAMES = (
    "0s", "10s", "1m", "5m", "15m", "30m", "1h", "2h", "3h", "4h", "6h", "12h", "24h", "36h", "48h", "72h", "120h",
    "7d", "14d", "15d", "21d", "30d", "60d",
)  # fmt: skip


def seconds_of(name: str) -> int:
    """The seconds of an edge's name, such as ``36h``; ``EventError`` when it is no such name."""
    number, unit = name[:-1], name[-1:]
    if unit not in _UNIT_SECONDS or not number.isascii() or not number.isdigit():
        raise EventError(f"{name[:20]!r} is not a length of time.", next_step="Write a number and s, m, h or d.")
    return int(number) * _UNIT_SECONDS[unit]


EDGES = tuple(seconds_of(name) for name in EDGE_NAMES)
"""Edges in seconds, ascending; the last bucket is open upwards."""

BUCKETS = tuple(f"{low}..{high}" for low, high in zip(EDGE_NAMES, (*EDGE_NAMES[1:], ""), strict=True))
"""Names of the buckets, shortest first, such as ``36h..48h``; the last is ``60d..``."""

_POSITION: Mapping[str, int] = {name: position for position, name in enumerate(BUCKETS)}


def bucket_of(duration: timedelta | float) -> str:
    """The bucket's name for a duration (timedelta or seconds); ``EventError`` when negative or not finite."""
    seconds = duration.total_seconds() if isinstance(duration, timedelta) else float(duration)
    if not 0 <= seconds < float("inf"):
        raise EventError("A duration is negative or not finite.", next_step="Check the order of the two times.")
    return BUCKETS[max(0, min(bisect_left(EDGES, seconds) - 1, len(BUCKETS) - 1))]


def position_of(bucket: str) -> int:
    """The bucket's place in ``BUCKETS``; ``EventError`` when there is no such bucket."""
    position = _POSITION.get(bucket)
    if position is None:
        raise EventError(f"{bucket[:20]!r} is not a duration bucket.", next_step="See docs/spec/audit-log.md.")
    return position


def within(bucket: str, limit: str) -> bool:
    """True when every duration in ``bucket`` is at most ``limit``, which must be one of ``EDGE_NAMES``."""
    if limit not in EDGE_NAMES:
        raise EventError(f"{limit[:20]!r} is not an edge.", next_step=f"Use one of {', '.join(EDGE_NAMES)}.")
    return position_of(bucket) < EDGE_NAMES.index(limit)


def quantile_bucket(buckets: Mapping[str, int], share: float) -> str | None:
    """The bucket that holds the ``share`` quantile (0 < share <= 1, nearest rank) of a histogram; None if empty."""
    total = sum(buckets.values())
    if total == 0:
        return None
    wanted = share * total
    seen = 0
    for name in sorted(buckets, key=position_of):
        seen += buckets[name]
        if buckets[name] and seen >= wanted - 1e-9:
            return name
    return None
