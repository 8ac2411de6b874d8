"""Take a report in: open a case or join one, start its clocks, enter it into the log, and promise that it is there.

Invariants: no account, no picture, no papers; another report joins the living case of the same picture and adds no
weight; the confirmation of receipt is the answer itself, so its clock stops at once; looking at the platform's bytes is
queued in the same transaction. Not done here: making the receipt (before the transaction) and checking the draft.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from consentry.access import Actor, Permission
from consentry.actions.case_steps import happen, locked_case, stop_for_joiner, take_step, tell
from consentry.actions.context import Context
from consentry.actions.errors import Conflict, Invalid
from consentry.actions.log import enter_for_case
from consentry.actions.post_outbox import post
from consentry.actions.receipts import NewReceipt
from consentry.actions.transaction import action
from consentry.cases.events import EventKind
from consentry.cases.lifecycle import TERMINAL, CaseState, Move
from consentry.cases.report import Report as Filing
from consentry.oversight.events import EventLane, EventType
from consentry.records.case import Case
from consentry.records.lane import Lane
from consentry.records.outbox_message import OutboxKind
from consentry.records.platform import Platform
from consentry.records.queries import platform_of
from consentry.records.report import Report, ReportSource


@dataclass(frozen=True, slots=True)
class Filed:
    """What the reporter gets: the report's row, its case, and the promise (JSON data) of its log entry."""

    report: Report
    case: Case
    promise: Mapping[str, Any]


@action
def file_report(
    ctx: Context,
    *,
    by: Actor,
    filing: Filing,
    receipt: NewReceipt,
    lane: Lane | None = None,
    lane_reference: str = "",
    country: str = "",
) -> Filed:
    """File one checked report. ``Invalid`` when no connected platform has this address; ``Conflict`` for a lane's
    reference that was used before.
    """
    by.require(Permission.FILE_IN_LANE if lane else Permission.FILE_REPORT)
    if lane and lane_reference and Report.objects.filter(lane=lane, lane_reference=lane_reference).exists():
        raise Conflict(
            "This reference was filed before by your lane.",
            not_done="Nothing was filed again.",
            next_step="Ask for its status with the receipt that you got then.",
        )
    way = EventLane(lane.kind) if lane else EventLane.PORTAL
    case, opened = _case_for(ctx, filing, way, lane)
    report = Report.objects.create(
        case=case,
        source=(ReportSource.LANE if lane else ReportSource.PORTAL).value,
        lane=lane,
        lane_reference=lane_reference,
        locator=receipt.locator,
        secret_hash=receipt.secret_hash,
        language=filing.language,
        relationship=filing.relationship.value,
        claimed_pdq=filing.claimed_pdq or "",
        notice={
            "statement": filing.statement,
            "answers": dict(filing.answers),
            "jurisdictions": list(filing.jurisdictions),
            "country": country,
        },
        contact=filing.contact,
        received_at=ctx.clock.now(),
    )
    _start(ctx, case, report, by=by, opened=opened, way=way)
    promise = _enter(ctx, case, report, by=by, opened=opened, way=way, lane=lane)
    report.promise = promise
    report.save(update_fields=["promise"])
    post(
        ctx,
        kind=OutboxKind.INVESTIGATE,
        body={"report": report.pk},
        once=f"investigate:{report.pk}",
        platform=case.platform,
        case=case,
    )
    return Filed(report, case, promise)


def _start(ctx: Context, case: Case, report: Report, *, by: Actor, opened: bool, way: EventLane) -> None:
    before = CaseState(case.state)
    if opened:
        happen(ctx, case, (EventKind.REPORT_RECEIVED, EventKind.DECISION_REQUEST), ref=report.pk, filer=way.value)
    else:
        take_step(ctx, case, Move.JOIN, by=by, ref=report.pk, filer=way.value)
        stop_for_joiner(ctx, case, before, ref=report.pk)
    happen(ctx, case, (EventKind.ACKNOWLEDGEMENT_SENT,), ref=report.pk)


def _enter(
    ctx: Context, case: Case, report: Report, *, by: Actor, opened: bool, way: EventLane, lane: Lane | None
) -> dict[str, Any]:
    entered = enter_for_case(
        ctx,
        EventType.REPORT_RECEIVED,
        case,
        private={
            "report": report.pk,
            "content": case.content_ref,
            "claimed_pdq": report.claimed_pdq,
            "relationship": report.relationship,
        },
        report=report,
        lane=way.value,
        body=lane.slug if lane else None,
        rule=case.category,
        outcome="opened" if opened else "merged",
    )
    tell(ctx, case, "received", by=by, report=report, facts={"way": way.value}, entry=entered.entry)
    return entered.promise


def _case_for(ctx: Context, filing: Filing, way: EventLane, lane: Lane | None) -> tuple[Case, bool]:
    platform = _platform_for(filing)
    reference = filing.content
    living = Case.objects.filter(platform=platform, content_ref=reference, register=filing.register.value).exclude(
        state__in=[state.value for state in TERMINAL]
    )
    found = living.values_list("pk", flat=True).first()
    if found is not None:
        return locked_case(found), False
    case = Case.objects.create(
        platform=platform,
        content_ref=reference,
        state=CaseState.RECEIVED.value,
        register=filing.register.value,
        lane=way.value,
        body=lane.slug if lane else "",
        category=filing.harm.value,
        depiction=filing.harm.depiction.value,
        jurisdictions=list(filing.jurisdictions) or list(ctx.installation.jurisdictions),
        opened_at=ctx.clock.now(),
    )
    return case, True


def _platform_for(filing: Filing) -> Platform:
    if filing.is_url:
        platform = platform_of(filing.content)
    else:
        connected = list(Platform.objects.filter(active=True).order_by("id")[:2])
        platform = connected[0] if len(connected) == 1 else None
    if platform is None:
        raise Invalid({"content": "not_on_a_connected_platform"})
    return platform
