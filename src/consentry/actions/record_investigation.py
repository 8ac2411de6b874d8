"""Write down what the platform's own bytes say about a case, and hide at once when they corroborate the report.

Invariants: the number of reports is no input; a reporter's hash can only hold back; breakers bound what may be hidden
before a person confirmed it; the hide, its log entry and the order to the platform are one transaction. Not done here:
fetching and measuring (the worker does it outside any transaction).
"""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import QuerySet

from consentry.access import Actor, Permission
from consentry.actions.case_steps import locked_case, take_step, tell
from consentry.actions.context import Context
from consentry.actions.errors import NotFound
from consentry.actions.lane_scope import lane_in_scope
from consentry.actions.log import enter_for_case
from consentry.actions.tell_platform import order_hide, send_letter
from consentry.actions.transaction import action
from consentry.actions.write_letters import hidden_letter
from consentry.basics.ids import AccountRef, ContentRef, PdqHex, Sha256Hex
from consentry.cases.breaker import ACCOUNT, PLATFORM, BreakerState, InstantHide, breaker, strictest
from consentry.cases.corroboration import BankMatch, Evidence, HideDecision, Trace, corroborate
from consentry.cases.lifecycle import HIDES, CaseState, Move
from consentry.matching.pdq import distance
from consentry.oversight.buckets import bucket_of
from consentry.oversight.events import EventType
from consentry.records.case import Case
from consentry.records.report import Report

LOOK_BACK = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Findings:
    """What the worker learned from the platform. ``exposure`` is 0-1, or ``None`` when the bytes were not read."""

    content_ref: ContentRef
    account_ref: AccountRef
    state: str
    sha256: Sha256Hex | None = None
    pdq: PdqHex | None = None
    pdq_quality: int | None = None
    exposure: float | None = None
    bank_distance: int | None = None
    trace: Trace = Trace.NONE


@action
def record_investigation(ctx: Context, *, by: Actor, report_id: str, findings: Findings) -> HideDecision:
    """Keep the findings of one report's investigation and act on them."""
    by.require(Permission.RUN_SYSTEM)
    report = Report.objects.select_related("case", "lane").filter(pk=report_id).first()
    if report is None:
        raise NotFound("There is no such report.", not_done="Nothing was kept.")
    case = _canonical(locked_case(report.case_id), findings)
    _keep(ctx, case, report, findings)
    decision = corroborate(
        Evidence(
            exposure=findings.exposure,
            claimed_distance=_claimed_distance(report, findings),
            bank=None if findings.bank_distance is None else BankMatch(findings.bank_distance),
            trace=findings.trace,
            lane_in_scope=lane_in_scope(ctx, report=report),
            breaker=_breaker(ctx, case),
        )
    )
    case.save()
    if decision.hide and CaseState(case.state) not in HIDES and findings.state == "visible":
        _hide(ctx, case, by=by, decision=decision)
    return decision


def _hide(ctx: Context, case: Case, *, by: Actor, decision: HideDecision) -> None:
    now = ctx.clock.now()
    grounds = [ground.value for ground in decision.grounds]
    case.grounds, case.hidden_at = grounds, now
    take_step(ctx, case, Move.HIDE, by=by)
    entered = enter_for_case(
        ctx,
        EventType.CASE_HIDDEN,
        case,
        private={"grounds": grounds, "content": case.content_ref},
        lane=case.lane,
        rule=grounds[0],
        duration=bucket_of(now - case.opened_at),
    )
    tell(ctx, case, "hidden", by=by, facts={"grounds": grounds}, entry=entered.entry)
    cause = f"{case.pk}:{entered.entry.pk}"
    order_hide(ctx, case, basis="interim", cause=cause)
    send_letter(ctx, case, kind="hidden", letter=hidden_letter(case), cause=cause)


def _canonical(case: Case, findings: Findings) -> Case:
    """Give the case the platform's canonical reference, unless another living case has it (then a person merges)."""
    if case.content_ref != findings.content_ref:
        taken = Case.objects.filter(platform=case.platform, content_ref=findings.content_ref).exclude(pk=case.pk)
        if not taken.exists():
            case.content_ref = findings.content_ref
    return case


def _keep(ctx: Context, case: Case, report: Report, findings: Findings) -> None:
    case.account_ref = findings.account_ref
    case.server_sha256 = findings.sha256 or ""
    case.server_pdq = findings.pdq or ""
    case.server_quality = findings.pdq_quality
    case.exposure = findings.exposure
    case.investigated_at = ctx.clock.now()
    apart = _claimed_distance(report, findings)
    if apart is not None:
        report.claimed_agrees = apart <= 31
        report.save(update_fields=["claimed_agrees"])


def _claimed_distance(report: Report, findings: Findings) -> int | None:
    if not report.claimed_pdq or findings.pdq is None:
        return None
    return distance(PdqHex(report.claimed_pdq), findings.pdq)


def _breaker(ctx: Context, case: Case) -> BreakerState:
    now = ctx.clock.now()
    of_platform = Case.objects.filter(platform=case.platform).exclude(grounds=[]).exclude(pk=case.pk)
    recent = of_platform.filter(hidden_at__gt=now - LOOK_BACK)
    return strictest(
        breaker(_hides(recent), now, PLATFORM),
        breaker(_hides(recent.filter(account_ref=case.account_ref)), now, ACCOUNT),
    )


def _hides(cases: QuerySet[Case]) -> list[InstantHide]:
    confirmed = {
        CaseState.DECIDED_REMOVED: True,
        CaseState.REMOVAL_APPEALED: True,
        CaseState.DECIDED_KEPT: False,
        CaseState.KEEP_APPEALED: False,
        CaseState.RESTORED: False,
    }
    return [
        InstantHide(at, confirmed.get(CaseState(state)))
        for at, state in cases.values_list("hidden_at", "state")
        if at is not None
    ]
