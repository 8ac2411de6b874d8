"""Move a case along its table: state, clocks and queue change together, under a lock on the case.

Invariants: the only place that writes ``Case.state`` and ``CaseClock``; a clock that exists is never changed but for
its stop; the queue's time is that of the first kind that the new state owes (``cases.lifecycle.queue_due``).
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from consentry.access import Actor, Role
from consentry.actions.context import Context
from consentry.actions.errors import NotFound
from consentry.actions.log import enter_for_case
from consentry.cases.clocks import Clock, ClockStart, Depiction, DueFrom, Filer, Stop, after, stopped
from consentry.cases.events import CaseEvent, EventKind
from consentry.cases.jurisdictions import Status
from consentry.cases.kinds import Kind, KindClass
from consentry.cases.lifecycle import HIDES, ActorKind, CaseState, Move, Step, holding, move, queue_due
from consentry.oversight.events import EventLane, EventType
from consentry.records.case import Case
from consentry.records.case_clock import CaseClock
from consentry.records.case_event import CaseEvent as CaseEventRow
from consentry.records.log_entry import LogEntry
from consentry.records.report import Report

HANDS = {
    Role.ANONYMOUS: ActorKind.REPORTER,
    Role.REPORTER: ActorKind.REPORTER,
    Role.UPLOADER: ActorKind.UPLOADER,
    Role.PLATFORM: ActorKind.UPLOADER,
    Role.REVIEWER: ActorKind.REVIEWER,
    Role.SENIOR_REVIEWER: ActorKind.SENIOR_REVIEWER,
    Role.HOTLINE: ActorKind.LANE,
    Role.AUTHORITY: ActorKind.LANE,
    Role.SYSTEM: ActorKind.SYSTEM,
}
FILERS = {EventLane.HOTLINE: Filer.TRUSTED_FLAGGER, EventLane.AUTHORITY: Filer.AUTHORITY}


def locked_case(case_id: str) -> Case:
    """The case, locked until the transaction ends; ``NotFound`` when there is none."""
    case = Case.objects.select_for_update(of=("self",)).select_related("platform").filter(pk=case_id).first()
    if case is None:
        raise NotFound("There is no such case.", not_done="Nothing was changed.", next_step="Go back to the queue.")
    return case


def take_step(
    ctx: Context, case: Case, what: Move, *, by: Actor, ref: str = "", kept: bool | None = None, filer: str = ""
) -> Step:
    """Make ``what`` happen to a locked case, clocks included; the step tells what the platform must be told."""
    step = move(CaseState(case.state), what, by=HANDS[by.role])
    hidden = case.hidden_at is not None
    case.state = step.state.value
    happen(ctx, case, step.events, ref=ref, kept=kept, hidden=hidden, filer=filer)
    return step


def happen(
    ctx: Context,
    case: Case,
    kinds: Iterable[EventKind],
    *,
    ref: str = "",
    kept: bool | None = None,
    hidden: bool | None = None,
    filer: str = "",
    at: datetime | None = None,
) -> None:
    """Apply events to the case's clocks and save both."""
    clocks = load_clocks(case)
    for kind in kinds:
        event = CaseEvent(kind, at or ctx.clock.now(), ref=ref, kept=kept, hidden=hidden)
        clocks = after(
            clocks,
            event,
            book=ctx.rules,
            installation=ctx.installation,
            depiction=Depiction(case.depiction),
            created_at=case.opened_at,
            filer=FILERS.get(EventLane(filer or case.lane), Filer.PERSON),
        )
    _store_clocks(case, clocks)
    case.next_due_at = queue_due(CaseState(case.state), clocks)
    case.save()


def stop_for_joiner(ctx: Context, case: Case, before: CaseState, *, ref: str) -> None:
    """Stop the clocks of a report that joined a case in state ``before`` where what they ask for is done already."""
    clocks = load_clocks(case)
    own = tuple(clock for clock in clocks if clock.start.ref == ref)
    others = tuple(clock for clock in clocks if clock.start.ref != ref)
    confirmed = case.confirmed_state in {"hidden", "removed"}
    for kind in holding(before, confirmed=confirmed):
        event = CaseEvent(kind, ctx.clock.now(), ref=ref, kept=before not in HIDES)
        own = stopped(own, event)
    _store_clocks(case, (*others, *own))
    case.next_due_at = queue_due(CaseState(case.state), (*others, *own))
    case.save()


def tell(
    ctx: Context,
    case: Case,
    kind: str,
    *,
    by: Actor,
    report: Report | None = None,
    public: bool = True,
    facts: Mapping[str, Any] | None = None,
    entry: LogEntry | None = None,
) -> None:
    """Add a line to the case's story."""
    CaseEventRow.objects.create(
        case=case,
        report=report,
        kind=kind,
        actor=by.label,
        at=ctx.clock.now(),
        public=public,
        facts=dict(facts or {}),
        log_entry=entry,
    )


def load_clocks(case: Case) -> tuple[Clock, ...]:
    """All clocks of a case, in the order of their rows."""
    return tuple(clock_of(row) for row in case.clocks.order_by("pk"))


def clock_of(row: CaseClock) -> Clock:
    """The domain's value of one row; caveats travel with the rule, not with the row."""
    start = ClockStart(
        rule_id=row.rule_id,
        jurisdiction=row.jurisdiction,
        kind=Kind(row.kind),
        kind_class=KindClass(row.kind_class),
        starts=EventKind(row.starts),
        ref=row.ref,
        started_at=row.started_at,
        due_at=row.due_at,
        due_from=DueFrom(row.due_from),
        status=Status(row.status),
        caveats=(),
        rule_digest=row.rule_digest,
    )
    stop = None
    if row.stopped_at is not None:
        stop = Stop(row.stopped_at, EventKind(row.stopped_by), met=bool(row.met))
    return Clock(start, stop)


def _store_clocks(case: Case, clocks: Iterable[Clock]) -> None:
    rows = {(row.rule_id, row.ref): row for row in case.clocks.all()}
    new, stopped = [], []
    for clock in clocks:
        row = rows.get((clock.start.rule_id, clock.start.ref))
        if row is None:
            row = _row_of(case, clock.start)
            new.append(row)
        elif clock.stop is None or row.stopped_at is not None:
            continue
        else:
            stopped.append(row)
        if clock.stop is not None:
            row.stopped_at, row.stopped_by, row.met = clock.stop.at, clock.stop.by.value, clock.stop.met
            row.breached_at = row.breached_at or clock.breached_at(clock.stop.at)
    CaseClock.objects.bulk_create(new)
    CaseClock.objects.bulk_update(stopped, ["stopped_at", "stopped_by", "met", "breached_at"])


def _row_of(case: Case, start: ClockStart) -> CaseClock:
    return CaseClock(
        case=case,
        rule_id=start.rule_id,
        ref=start.ref,
        jurisdiction=start.jurisdiction,
        kind=start.kind.value,
        kind_class=start.kind_class.value,
        starts=start.starts.value,
        status=start.status.value,
        due_from=start.due_from.value,
        rule_digest=start.rule_digest,
        started_at=start.started_at,
        due_at=start.due_at,
    )


def tell_reporters(ctx: Context, case: Case, *, ref: str) -> None:
    """Every report's status page shows the decision from now on: its clocks stop, and the log says so once."""
    for report_id in case.reports.values_list("pk", flat=True):
        happen(ctx, case, (EventKind.DECISION_NOTIFIED,), ref=report_id)
    enter_for_case(
        ctx,
        EventType.NOTICE_SENT,
        case,
        private={"decision": ref},
        rule="decision",
        side="reporter",
        lane=case.lane,
    )
