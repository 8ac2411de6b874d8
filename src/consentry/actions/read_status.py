"""What a reporter may see of a report: state, story, clocks, decision, appeal, and where its log entry stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from consentry.actions.case_steps import clock_of
from consentry.actions.context import Context
from consentry.cases.clocks import Clock, ClockState
from consentry.cases.jurisdictions import Rule
from consentry.cases.lifecycle import ActorKind, CaseState, Move, moves_from
from consentry.records.appeal import Appeal
from consentry.records.case_decision import CaseDecision
from consentry.records.log_entry import LogEntry
from consentry.records.report import Report


@dataclass(frozen=True, slots=True)
class ClockLine:
    """One clock with its rule, as a page shows it."""

    clock: Clock
    rule: Rule
    state: ClockState
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class StoryLine:
    """One thing that happened: a code and plain values, from which the page makes a sentence."""

    kind: str
    at: datetime
    facts: Mapping[str, Any]
    entry_hash: str


@dataclass(frozen=True, slots=True)
class ReportStatus:
    """Everything that a receipt opens."""

    report: Report
    state: CaseState
    story: tuple[StoryLine, ...]
    clocks: tuple[ClockLine, ...]
    decision: CaseDecision | None
    appeal: Appeal | None
    may_appeal: bool
    may_withdraw: bool
    promise: Mapping[str, Any]
    entry: LogEntry | None


def read_status(ctx: Context, *, report: Report) -> ReportStatus:
    """The status of one report at this moment; reading it changes nothing and moves no clock."""
    case, now = report.case, ctx.clock.now()
    state = CaseState(case.state)
    events = case.events.filter(public=True).select_related("log_entry")
    story = tuple(
        StoryLine(event.kind, event.at, event.facts, event.log_entry.entry_hash if event.log_entry else "")
        for event in events
        if event.report_id in (None, report.pk)
    )
    lines = []
    for row in case.clocks.order_by("due_at", "rule_id"):
        rule = ctx.rules.rules.get(row.rule_id)
        if rule is not None and row.ref in ("", report.pk):
            clock = clock_of(row)
            lines.append(ClockLine(clock, rule, clock.state(now), row.due_at))
    decision = case.decisions.filter(overturned_at__isnull=True).first()
    possible = moves_from(state, by=ActorKind.REPORTER)
    entry_hash = report.promise.get("entry_hash", "")
    return ReportStatus(
        report=report,
        state=state,
        story=story,
        clocks=tuple(lines),
        decision=decision,
        appeal=case.appeals.filter(report=report).order_by("-filed_at").first(),
        may_appeal=Move.APPEAL in possible and decision is not None and report.erased_at is None,
        may_withdraw=Move.WITHDRAW in possible and report.withdrawn_at is None,
        promise=report.promise,
        entry=LogEntry.objects.filter(entry_hash=entry_hash).first() if entry_hash else None,
    )
