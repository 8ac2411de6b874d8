"""Time as an argument: no domain code reads the system clock."""

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time twice: for people (UTC, may jump) and for measuring (seconds, never goes back)."""

    def now(self) -> datetime:
        """The present moment, timezone-aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds from an arbitrary origin; only differences mean anything."""
        ...


class FixedClock:
    """A clock that moves only when told to: for tests, replays and reproducible reports."""

    def __init__(self, at: datetime | None = None) -> None:
        self._at = at or datetime(2026, 1, 1, tzinfo=UTC)
        self._ticks = 0.0

    def now(self) -> datetime:
        """The moment last set, in UTC."""
        return self._at

    def monotonic(self) -> float:
        """Seconds advanced since construction."""
        return self._ticks

    def advance(self, by: timedelta) -> None:
        """Move forwards by ``by``."""
        self._at += by
        self._ticks += by.total_seconds()
