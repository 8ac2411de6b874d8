"""Hide at once, or let a person look within 15 minutes: the one decision that a machine takes about a report.

Invariants (rules 5 and 6, DR-01; docs/spec/cases.md): the number of reports is not even an input; a reporter's hash is
never a ground, it can only hold back; nothing here removes, banks or restores; whatever was not read, failed or is no
number sends the case to a person, never to "harmless". The evidence is about the platform's own bytes.
"""

import math
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from consentry.cases.breaker import BreakerState


class Trace(StrEnum):
    """What the guard's memory knows of the platform's bytes (watermark and fingerprint agreeing, rule 10)."""

    NONE = "none"
    EDIT = "edit"
    """An edit that the guard released. Says where it came from, not that it does harm."""
    REFUSED = "refused"
    """Of the family of a picture for which a sexualising request was refused. The harmless original is of it too."""


class Ground(StrEnum):
    """What speaks for hiding at once. Any one suffices."""

    EXPOSURE = "exposure"
    """The platform's bytes show it by themselves."""
    TRACE = "trace"
    """A known machine edit, or one of a refused family, with some exposure: together the harm that was reported."""
    IDENTICAL_COPY = "identical_copy"
    """A person decided before that this very picture must stay down."""
    NEAR_COPY = "near_copy"
    """Near to a banked picture and with some exposure; near alone goes to a person (DR-06)."""
    LANE = "lane"
    """An accredited body says so, within its countries and categories."""


class HeldBack(StrEnum):
    """Why grounds were not enough to hide at once."""

    NO_GROUND = "no_ground"
    NOT_READ = "not_read"
    """No ground, and the platform's bytes were not fetched, not decoded or not scored: that is not "clean"."""
    OTHER_PICTURE = "other_picture"
    """The reporter's hash is of another picture than the one at the address."""
    BREAKER_OPEN = "breaker_open"


class HideAction(StrEnum):
    """The outcome. Neither is a decision on the report."""

    HIDE_NOW = "hide_now"
    PERSON_LOOKS = "person_looks"


@dataclass(frozen=True, slots=True)
class BankMatch:
    """The nearest bank entry: PDQ distance 0 to 256; ``acts_alone`` is false for review-only entries."""

    distance: int
    acts_alone: bool = True


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of the platform's own bytes, and of who asks.

    ``claimed_distance``: PDQ distance between the reporter's hash and the server's, null when none was given.
    ``exposure``: 0 to 1, null when no detector read the bytes. ``lane_in_scope``: ``lanes.out_of_scope`` was empty.
    """

    exposure: float | None
    claimed_distance: int | None = None
    bank: BankMatch | None = None
    trace: Trace = Trace.NONE
    lane_in_scope: bool = False
    breaker: BreakerState = BreakerState.CLOSED


@dataclass(frozen=True, slots=True)
class HidePolicy:
    """The lines; changing one is a policy change (two people and a log entry)."""

    exposure_alone: float = 0.8
    exposure_beside: float = 0.4
    """Enough beside a trace or a near copy, which prove nothing about harm by themselves."""
    same_picture: int = 31
    """PDQ distance up to which two hashes are of the same picture."""
    identical_copy: int = 10
    """PDQ distance up to which a copy was only stored anew: re-encoded or resized."""


@dataclass(frozen=True, slots=True)
class HideDecision:
    """What to do now and why; ``look_within`` says by when a person looks if nothing is hidden."""

    action: HideAction
    grounds: tuple[Ground, ...]
    held_back: tuple[HeldBack, ...]
    look_within: timedelta = timedelta(minutes=15)

    @property
    def hide(self) -> bool:
        """True only when hiding at once is right."""
        return self.action is HideAction.HIDE_NOW


DEFAULT_HIDE_POLICY = HidePolicy()


def corroborate(evidence: Evidence, policy: HidePolicy = DEFAULT_HIDE_POLICY) -> HideDecision:
    """Hide now if a ground holds and nothing holds it back, otherwise a person looks."""
    grounds = _grounds(evidence, policy)
    held_back = _held_back(evidence, policy, grounds)
    action = HideAction.PERSON_LOOKS if held_back else HideAction.HIDE_NOW
    return HideDecision(action, grounds, held_back)


def _grounds(evidence: Evidence, policy: HidePolicy) -> tuple[Ground, ...]:
    exposure = _score(evidence.exposure)
    some_exposure = exposure is not None and exposure >= policy.exposure_beside
    bank = evidence.bank if evidence.bank is not None and evidence.bank.acts_alone else None
    holds = {
        Ground.EXPOSURE: exposure is not None and exposure >= policy.exposure_alone,
        Ground.TRACE: some_exposure and evidence.trace is not Trace.NONE,
        Ground.IDENTICAL_COPY: bank is not None and 0 <= bank.distance <= policy.identical_copy,
        Ground.NEAR_COPY: some_exposure and bank is not None and 0 <= bank.distance <= policy.same_picture,
        Ground.LANE: evidence.lane_in_scope,
    }
    return tuple(ground for ground, true in holds.items() if true)


def _held_back(evidence: Evidence, policy: HidePolicy, grounds: tuple[Ground, ...]) -> tuple[HeldBack, ...]:
    found = []
    if not grounds:
        read = _score(evidence.exposure) is not None
        found.append(HeldBack.NO_GROUND if read else HeldBack.NOT_READ)
    distance = evidence.claimed_distance
    if distance is not None and not 0 <= distance <= policy.same_picture:
        found.append(HeldBack.OTHER_PICTURE)
    if evidence.breaker is BreakerState.OPEN:
        found.append(HeldBack.BREAKER_OPEN)
    return tuple(found)


def _score(exposure: float | None) -> float | None:
    """A usable score, or null: NaN, infinities and numbers outside 0 to 1 are a fault, not a low score."""
    if exposure is None or not math.isfinite(exposure) or not 0.0 <= exposure <= 1.0:
        return None
    return exposure
