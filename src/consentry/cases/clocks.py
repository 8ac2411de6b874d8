"""One clock a rule: which ones an event starts, when each is due, which event stops it, and how it stands now.

Invariants (docs/spec/clocks.md): a clock runs from its own event, in UTC, nights and weekends included; once started,
its start and due time never change and it never disappears; a breach is recorded for ever; clocks of different kinds
are never compared with each other; only actions are deadlines. Clocks cannot be paused. Not done here: storing them.
"""

import calendar
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from consentry.cases.errors import ClockError
from consentry.cases.events import OF_ONE_REPORT, CaseEvent, EventKind, utc
from consentry.cases.jurisdictions import AppliesTo, Rule, RuleBook, Status
from consentry.cases.kinds import ABOUT_CONTENT, MET_BY, OWED_TO_OTHERS, Kind, KindClass


class Depiction(StrEnum):
    """What the picture is, as far as it is known now."""

    SYNTHETIC = "synthetic"
    PHOTOGRAPHED = "photographed"
    UNKNOWN = "unknown"


class Filer(StrEnum):
    """Who an event came from: some rules run only for an institution's word."""

    PERSON = "person"
    TRUSTED_FLAGGER = "trusted_flagger"
    AUTHORITY = "authority"


class DueFrom(StrEnum):
    """Who set the due time."""

    LAW = "law"
    HOUSE = "house"
    """The law names no hours; the house default fills the gap."""
    NOBODY = "nobody"


class ClockState(StrEnum):
    """How a clock stands. ``BREACHED`` is for ever, also after the duty was done late."""

    RUNNING = "running"
    HALF = "half"
    EIGHTY = "eighty"
    BREACHED = "breached"
    STOPPED = "stopped"
    ELAPSED = "elapsed"
    """Of a permission, retention or window: the time is over; nothing was broken."""


@dataclass(frozen=True, slots=True)
class Installation:
    """Where we are at work: jurisdiction codes, and facts on which some rules depend.

    A fact that is missing is not known, and its rules run (the protective reading); ``False`` keeps them out.
    """

    jurisdictions: tuple[str, ...] = ("jp", "us", "uk")
    facts: Mapping[str, bool] = field(default_factory=lambda: {"search_service": False})


@dataclass(frozen=True, slots=True)
class ClockStart:
    """A clock at its start. ``key`` identifies it within a case: the same event starts it once only.

    ``due_at`` is null only for a window, permission or retention whose length the law does not give.
    ``rule_digest`` is the version of the rule that applied; ``caveats`` must travel with every display of it.
    """

    rule_id: str
    jurisdiction: str
    kind: Kind
    kind_class: KindClass
    starts: EventKind
    ref: str
    started_at: datetime
    due_at: datetime | None
    due_from: DueFrom
    status: Status
    caveats: tuple[str, ...]
    rule_digest: str

    @property
    def key(self) -> tuple[str, str, datetime]:
        """Rule, subject and start: what makes this clock this clock."""
        return self.rule_id, self.ref, self.started_at

    @property
    def is_deadline(self) -> bool:
        """Whether the service owes something by ``due_at``: only then may it drive a queue."""
        return self.kind_class is KindClass.ACTION


@dataclass(frozen=True, slots=True)
class Stop:
    """That a clock stopped: when, by which event, and whether the duty was done (``met``) or fell away."""

    at: datetime
    by: EventKind
    met: bool


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock and, if it stopped, how."""

    start: ClockStart
    stop: Stop | None = None

    def breached_at(self, now: datetime) -> datetime | None:
        """When the deadline passed undone, seen from ``now``; null while in time and for what is no deadline."""
        due = self.start.due_at
        if due is None or not self.start.is_deadline:
            return None
        last = utc(now) if self.stop is None else self.stop.at
        return due if last > due else None

    def state(self, now: datetime) -> ClockState:
        """How the clock stands at ``now``; 50 and 80 of 100 parts of the time are warnings."""
        if self.breached_at(now) is not None:
            return ClockState.BREACHED
        if self.stop is not None:
            return ClockState.STOPPED
        due = self.start.due_at
        if due is None:
            return ClockState.RUNNING
        if not self.start.is_deadline:
            return ClockState.ELAPSED if utc(now) > due else ClockState.RUNNING
        spent = (utc(now) - self.start.started_at) / (due - self.start.started_at)
        if spent >= 0.8:
            return ClockState.EIGHTY
        return ClockState.HALF if spent >= 0.5 else ClockState.RUNNING

    def remaining(self, now: datetime) -> timedelta | None:
        """Time until due at ``now``, negative when late, null when stopped or without a due time."""
        if self.stop is not None or self.start.due_at is None:
            return None
        return self.start.due_at - utc(now)


def started_by(
    event: CaseEvent,
    *,
    book: RuleBook,
    installation: Installation,
    depiction: Depiction,
    created_at: datetime,
    filer: Filer = Filer.PERSON,
) -> tuple[ClockStart, ...]:
    """The clocks that ``event`` starts in a case created at ``created_at``, in order of rule ids.

    ``ClockError`` when the event lies before the case's creation.
    """
    _not_before(event, created_at)
    rules = book.of(installation.jurisdictions)
    return tuple(
        _start(rule, event, book)
        for rule in rules
        if rule.starts is event.kind and _runs(rule, event, installation, depiction, filer)
    )


def stop_of(clock: Clock, event: CaseEvent) -> Stop | None:
    """How ``event`` stops ``clock``, or null: it does not, or the clock stands already, or began only later."""
    start = clock.start
    if clock.stop is not None or event.at < start.started_at or not start.is_deadline:
        return None
    if event.kind in OF_ONE_REPORT and event.ref != start.ref:
        return None
    if event.kind in MET_BY[start.kind]:
        return Stop(event.at, event.kind, met=True)
    if _falls_away(start.kind, event):
        return Stop(event.at, event.kind, met=False)
    return None


def stopped(clocks: Sequence[Clock], event: CaseEvent) -> tuple[Clock, ...]:
    """The same clocks, in order, those that ``event`` stops now stopped; it starts none."""
    return tuple(replace(clock, stop=clock.stop or stop_of(clock, event)) for clock in clocks)


def after(
    clocks: Sequence[Clock],
    event: CaseEvent,
    *,
    book: RuleBook,
    installation: Installation,
    depiction: Depiction,
    created_at: datetime,
    filer: Filer = Filer.PERSON,
) -> tuple[Clock, ...]:
    """All clocks of a case after ``event``: those that it stops are stopped, those that it starts are added.

    None is dropped or changed otherwise; an event seen twice changes nothing the second time.
    """
    started = started_by(
        event, book=book, installation=installation, depiction=depiction, created_at=created_at, filer=filer
    )
    known = {clock.start.key for clock in clocks}
    return (*stopped(clocks, event), *(Clock(start) for start in started if start.key not in known))


def earliest_of_kind(clocks: Iterable[Clock], kind: Kind) -> Clock | None:
    """The running clock of one kind that is due first; kinds are never mixed (DR-05)."""
    due = [c for c in clocks if c.start.kind is kind and c.stop is None and c.start.due_at is not None]
    return min(due, key=lambda c: (c.start.due_at, c.start.rule_id), default=None)


def _not_before(event: CaseEvent, created_at: datetime) -> None:
    if event.at < utc(created_at):
        raise ClockError(
            f"The event {event.kind} is dated before its case was created.",
            not_done="No clock was started or stopped.",
            next_step="Check the clock of the machine that sent it.",
        )


_FIRST_ON_EARTH = timedelta(hours=14)
"""Where a day begins first: a rule runs as soon as its day has come anywhere."""

_INSTITUTIONS = {
    "trusted_flagger": Filer.TRUSTED_FLAGGER,
    "regulator": Filer.AUTHORITY,
    "court": Filer.AUTHORITY,
    "government": Filer.AUTHORITY,
    "competent_authority": Filer.AUTHORITY,
    "esafety_commissioner": Filer.AUTHORITY,
}


def _runs(rule: Rule, event: CaseEvent, installation: Installation, depiction: Depiction, filer: Filer) -> bool:
    if rule.kind_class is KindClass.STANDING:
        return False
    if installation.facts.get(rule.only_if) is False:
        return False
    if rule.in_force is not None and (event.at + _FIRST_ON_EARTH).date() < rule.in_force:
        return False
    if rule.status is Status.ANNOUNCED and rule.in_force is None:
        return False
    if rule.who_may_file and not any(_INSTITUTIONS.get(who, filer) is filer for who in rule.who_may_file):
        return False
    return _fits_outcome(rule, event) and _fits_picture(rule, depiction)


def _fits_outcome(rule: Rule, event: CaseEvent) -> bool:
    """After a decision only the matching half runs: removing what was not kept, restoring what was hidden."""
    if event.kind is not EventKind.DECISION_MADE:
        return True
    if rule.kind is Kind.RESTORE:
        return event.kept is not False and event.hidden is not False
    return rule.kind not in ABOUT_CONTENT or event.kept is not True


def _fits_picture(rule: Rule, depiction: Depiction) -> bool:
    """Deadlines run unless the picture is known to be of the other sort; a permission needs certainty (DR-04).

    A synthetic or unknown picture therefore never gets a sender-silence clock, not even from a rule for both sorts.
    """
    if rule.kind_class is KindClass.PERMISSION:
        return depiction is Depiction.PHOTOGRAPHED and rule.applies_to in {AppliesTo.PHOTOGRAPHED, AppliesTo.BOTH}
    if depiction is Depiction.UNKNOWN or rule.applies_to in {AppliesTo.BOTH, AppliesTo.UNKNOWN}:
        return True
    return rule.applies_to.value == depiction.value


def _start(rule: Rule, event: CaseEvent, book: RuleBook) -> ClockStart:
    due_at, due_from = _due(rule, event.at, book)
    return ClockStart(
        rule_id=rule.id,
        jurisdiction=rule.jurisdiction,
        kind=rule.kind,
        kind_class=rule.kind_class,
        starts=event.kind,
        ref=event.ref,
        started_at=event.at,
        due_at=due_at,
        due_from=due_from,
        status=rule.status,
        caveats=rule.caveats,
        rule_digest=rule.digest,
    )


def _due(rule: Rule, at: datetime, book: RuleBook) -> tuple[datetime | None, DueFrom]:
    whose = DueFrom.HOUSE if rule.is_house else DueFrom.LAW
    if rule.limit is None:
        silent = book.silent_limits.get(rule.kind)
        return (None, DueFrom.NOBODY) if silent is None else (at + silent, DueFrom.HOUSE)
    due = at + rule.limit
    if rule.kind_class is KindClass.RETENTION:
        due = max(due, _calendar_years(at, rule.limit.days // 365))
    return due, whose


def _calendar_years(at: datetime, years: int) -> datetime:
    """The same moment ``years`` later; from 29 February to 1 March, so that a retention is never a day short."""
    if at.month == 2 and at.day == 29 and not calendar.isleap(at.year + years):
        return at.replace(year=at.year + years, month=3, day=1)
    return at.replace(year=at.year + years)


def _falls_away(kind: Kind, event: CaseEvent) -> bool:
    if event.kind is EventKind.DECISION_MADE:
        return kind in ABOUT_CONTENT and event.kept is True
    if event.kind is EventKind.REPORT_WITHDRAWN:
        return kind not in OWED_TO_OTHERS and kind is not Kind.DECIDE_CASE
    if event.kind in {EventKind.CONTENT_GONE, EventKind.OUT_OF_SCOPE}:
        return kind not in OWED_TO_OTHERS
    return False
