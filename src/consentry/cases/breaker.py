"""The breaker of a target: how many pictures may be hidden at once before a person has to say that it was right.

Invariants (rule 6): hides that nobody confirmed yet and hides that were reversed both use up the allowance, so that a
thousand reports on a harmless feed hide at most the allowance, however wrong the detectors are; confirmed hides earn
more. One breaker stands at the account, one at the platform. An open breaker never refuses a report: a person looks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from consentry.cases.events import utc


class BreakerState(StrEnum):
    """``CLOSED`` lets a hide through, ``OPEN`` sends it to a person."""

    CLOSED = "closed"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class BreakerPolicy:
    """How much may be hidden unconfirmed at one target within ``window``."""

    allowance: int
    """Unconfirmed and reversed hides together."""
    earned: int = 2
    """Further hides for each one that a person confirmed."""
    window: timedelta = timedelta(hours=24)


ACCOUNT = BreakerPolicy(allowance=3)
"""Of one account's pictures."""
PLATFORM = BreakerPolicy(allowance=10)
"""Of a whole platform's: with a thousand reports on harmless posts, at most ten hidden, which is one in a hundred."""


@dataclass(frozen=True, slots=True)
class InstantHide:
    """A picture that was hidden before a person looked; ``confirmed`` is null until a person decided."""

    at: datetime
    confirmed: bool | None = None


def breaker(hides: Sequence[InstantHide], now: datetime, policy: BreakerPolicy) -> BreakerState:
    """Whether one more instant hide may follow ``hides`` (of one target) at ``now``.

    Unconfirmed hides count however old they are; decided ones within the window only.
    """
    fresh = [hide for hide in hides if hide.confirmed is None or utc(now) - utc(hide.at) <= policy.window]
    confirmed = sum(hide.confirmed is True for hide in fresh)
    spent = len(fresh) - confirmed
    return BreakerState.OPEN if spent >= policy.allowance + policy.earned * confirmed else BreakerState.CLOSED


def strictest(*states: BreakerState) -> BreakerState:
    """``OPEN`` if any of the target's breakers is."""
    return BreakerState.OPEN if BreakerState.OPEN in states else BreakerState.CLOSED
