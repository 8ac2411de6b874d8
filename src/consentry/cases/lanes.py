"""Accredited lanes: what a hotline or an authority may ask for, and the rule that takes instant hiding away.

Invariants: a lane can hide within its scope and never removes; a category or country that it does not hold goes to a
person; instant hiding ends by rule when too many of its hides are reversed or it files too fast, never by anybody's
mood. Not done here: accreditation by two people, signatures, pages.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from consentry.cases.clocks import Filer
from consentry.cases.events import utc


class LaneKind(StrEnum):
    """What sort of body stands behind a lane."""

    HOTLINE = "hotline"
    AUTHORITY = "authority"

    @property
    def filer(self) -> Filer:
        """Whose word an event of this lane is, for the rules that ask."""
        return Filer.TRUSTED_FLAGGER if self is LaneKind.HOTLINE else Filer.AUTHORITY


class LaneStatus(StrEnum):
    """Where a lane's accreditation stands."""

    REQUESTED = "requested"
    CHECKED = "checked"
    ACCREDITED = "accredited"
    SUSPENDED = "suspended"
    ENDED = "ended"


class OutOfScope(StrEnum):
    """Why a lane's filing does not count as corroboration."""

    NOT_ACCREDITED = "not_accredited"
    EXPIRED = "expired"
    CATEGORY = "category"
    COUNTRY = "country"
    REVERSED_TOO_OFTEN = "reversed_too_often"
    TOO_FAST = "too_fast"


@dataclass(frozen=True, slots=True)
class LanePolicy:
    """The lines that a lane must not cross (house choice, published with its register page)."""

    reversal_rate: float = 0.1
    """Above this share of its decided hides reversed, instant hiding is taken away ..."""
    least_decided: int = 10
    """... once this many were decided; before that a single mistake says nothing about a rate ..."""
    reversed_early: int = 3
    """... unless this many were reversed already."""
    window: timedelta = timedelta(days=90)
    hides_per_hour: int = 60


@dataclass(frozen=True, slots=True)
class Lane:
    """One accredited body. Countries are ISO 3166 codes in upper case, categories are ``report.Harm`` values."""

    kind: LaneKind
    status: LaneStatus
    countries: frozenset[str]
    categories: frozenset[str]
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class LaneHide:
    """An instant hide that rested on the lane's word; ``upheld`` is null until a person decided."""

    at: datetime
    upheld: bool | None = None


@dataclass(frozen=True, slots=True)
class LaneRecord:
    """What became of a lane's instant hides within the policy's window: the numbers that are published."""

    hidden: int
    upheld: int
    reversed: int
    in_last_hour: int

    @property
    def reversal_rate(self) -> float | None:
        """Reversed among decided, null when none was decided."""
        decided = self.upheld + self.reversed
        return self.reversed / decided if decided else None


DEFAULT_LANE_POLICY = LanePolicy()


def record(hides: Sequence[LaneHide], now: datetime, policy: LanePolicy = DEFAULT_LANE_POLICY) -> LaneRecord:
    """The lane's numbers at ``now``, from its hides within the policy's window."""
    recent = [hide for hide in hides if timedelta(0) <= utc(now) - utc(hide.at) <= policy.window]
    return LaneRecord(
        hidden=len(recent),
        upheld=sum(hide.upheld is True for hide in recent),
        reversed=sum(hide.upheld is False for hide in recent),
        in_last_hour=sum(utc(now) - utc(hide.at) <= timedelta(hours=1) for hide in recent),
    )


def out_of_scope(
    lane: Lane,
    numbers: LaneRecord,
    *,
    category: str,
    country: str,
    now: datetime,
    policy: LanePolicy = DEFAULT_LANE_POLICY,
) -> tuple[OutOfScope, ...]:
    """Why this filing does not hide at once; empty when the lane's word is enough. The filing itself always counts."""
    found = []
    if lane.status is not LaneStatus.ACCREDITED:
        found.append(OutOfScope.NOT_ACCREDITED)
    if utc(now) >= utc(lane.expires_at):
        found.append(OutOfScope.EXPIRED)
    if category not in lane.categories:
        found.append(OutOfScope.CATEGORY)
    if country not in lane.countries:
        found.append(OutOfScope.COUNTRY)
    if instant_hiding_lost(numbers, policy):
        found.append(OutOfScope.REVERSED_TOO_OFTEN)
    if numbers.in_last_hour >= policy.hides_per_hour:
        found.append(OutOfScope.TOO_FAST)
    return tuple(found)


def instant_hiding_lost(numbers: LaneRecord, policy: LanePolicy = DEFAULT_LANE_POLICY) -> bool:
    """Whether the reversal rule takes instant hiding away from the lane; the lane must be told."""
    decided = numbers.upheld + numbers.reversed
    rate = numbers.reversal_rate
    if rate is None or rate <= policy.reversal_rate:
        return False
    return decided >= policy.least_decided or numbers.reversed >= policy.reversed_early
