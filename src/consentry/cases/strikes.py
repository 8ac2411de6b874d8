"""Strikes against an account: a published ladder as data, and one pure answer to "where does this account stand?".

Invariants: a withdrawn strike was never given; a strike expires; the guard can ask on every request, because the answer
depends only on the strikes and the time. Not done here: who may give or withdraw one (``decision``, ``appeal``).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any

from consentry.cases import law_file
from consentry.cases.events import utc


class Rung(StrEnum):
    """How far up the ladder an account is."""

    CLEAR = "clear"
    WARNING = "warning"
    COOLING_OFF = "cooling_off"
    """No generation for a while."""
    SUSPENSION = "suspension"
    BAN = "ban"


@dataclass(frozen=True, slots=True)
class Strike:
    """One strike; ``withdrawn_at`` is set when an appeal or a correction took it back."""

    given_at: datetime
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LadderStep:
    """From ``strikes`` active strikes on: a rung, its measures, and for how long (null: without end)."""

    strikes: int
    rung: Rung
    lasts: timedelta | None
    may_generate: bool
    may_post: bool


@dataclass(frozen=True, slots=True)
class Ladder:
    """Steps from the lowest to the highest, and how long a strike counts."""

    steps: tuple[LadderStep, ...]
    expires_after: timedelta


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an account stands: the rung, what it may do now, until when that holds (null: open), active strikes."""

    rung: Rung
    active: int
    may_generate: bool
    may_post: bool
    until: datetime | None


def standing(strikes: Iterable[Strike], now: datetime, ladder: Ladder | None = None) -> Standing:
    """The standing at ``now``. A measure ends by itself; strikes that still count keep their rung without it.

    ``until`` is the end of the strictest measure that is on, otherwise when the oldest active strike expires.
    """
    rules = ladder or load_ladder()
    moment = utc(now)
    given = sorted(utc(s.given_at) for s in strikes if s.withdrawn_at is None and utc(s.given_at) <= moment)
    active = [at for at in given if moment < at + rules.expires_after]
    running = [(step, end) for step, end in _measures(given, rules) if end is None or end > moment]
    if running:
        step, end = max(running, key=lambda measure: measure[0].strikes)
        return Standing(step.rung, len(active), step.may_generate, step.may_post, end)
    reached = _step(len(active), rules)
    if reached is None:
        return Standing(Rung.CLEAR, len(active), True, True, None)
    return Standing(reached.rung, len(active), True, True, active[0] + rules.expires_after)


@lru_cache(maxsize=1)
def load_ladder() -> Ladder:
    """The packaged ladder, checked."""
    where = "ladder.yaml"
    table = law_file.exactly(
        where, law_file.parse(where, law_file.read("consentry.cases", where)), ("expires_after_days", "steps")
    )
    steps = tuple(_read_step(where, raw) for raw in table["steps"])
    if [step.strikes for step in steps] != sorted({step.strikes for step in steps}) or not steps:
        law_file.refuse(where, "the steps do not go up")
    return Ladder(steps, timedelta(days=law_file.whole(where, table["expires_after_days"])))


def _read_step(where: str, raw: Any) -> LadderStep:
    table = law_file.exactly(where, raw, ("strikes", "rung", "days", "may_generate", "may_post"))
    days = table["days"]
    if (days is not None and (type(days) is not int or days < 0)) or not (
        isinstance(table["may_generate"], bool) and isinstance(table["may_post"], bool)
    ):
        law_file.refuse(where, "days is a number or null, may_generate and may_post are true or false")
    return LadderStep(
        strikes=law_file.whole(where, table["strikes"]),
        rung=law_file.choice(where, table["rung"], Rung),
        lasts=None if days is None else timedelta(days=days),
        may_generate=table["may_generate"],
        may_post=table["may_post"],
    )


def _measures(given: list[datetime], ladder: Ladder) -> list[tuple[LadderStep, datetime | None]]:
    """The measure that each strike brought when it was given, and its end; null is without end."""
    measures: list[tuple[LadderStep, datetime | None]] = []
    for index, at in enumerate(given):
        step = _step(sum(at < other + ladder.expires_after for other in given[: index + 1]), ladder)
        if step is not None and step.lasts != timedelta(0):
            measures.append((step, None if step.lasts is None else at + step.lasts))
    return measures


def _step(count: int, ladder: Ladder) -> LadderStep | None:
    return next((step for step in reversed(ladder.steps) if count >= step.strikes), None)
