"""One side says that a decision was wrong.

Invariants: an uploader's appeal comes through its platform with the token of the letter; a reporter's with the receipt;
one open appeal for each side and decision; the first decision stays in force until another person has decided.
"""

from consentry.access import Actor, Permission
from consentry.actions.case_steps import happen, locked_case, tell
from consentry.actions.context import Context
from consentry.actions.errors import Conflict, Invalid, NotFound
from consentry.actions.log import enter_for_case
from consentry.actions.tell_platform import send_letter
from consentry.actions.transaction import action
from consentry.actions.write_letters import appeal_received_letter
from consentry.cases.appeal import AppealSide, open_appeal
from consentry.cases.lifecycle import CaseState
from consentry.oversight.buckets import bucket_of
from consentry.oversight.events import EventType
from consentry.records.appeal import Appeal
from consentry.records.case_decision import CaseDecision
from consentry.records.platform import Platform
from consentry.records.report import Report, ReportSource

TEXT_LIMIT = 4000


@action
def appeal_as_uploader(
    ctx: Context, *, by: Actor, platform: Platform, token: str, account_ref: str, text: str
) -> Appeal:
    """Appeal for an account of ``platform``; an unknown token and another account's token answer the same."""
    by.require(Permission.APPEAL_AS_UPLOADER)
    decision = (
        CaseDecision.objects.select_related("case")
        .filter(appeal_token=token, case__platform=platform, case__account_ref=account_ref)
        .first()
    )
    if decision is None:
        raise NotFound(
            "There is no decision with this appeal token for this account.",
            not_done="No appeal was filed.",
            next_step="Use the token of the letter, with the account that the letter was for.",
        )
    appeal = _file(ctx, by=by, decision=decision, side=AppealSide.UPLOADER, text=text, report=None)
    send_letter(
        ctx,
        appeal.case,
        kind="appeal_received",
        letter=appeal_received_letter(appeal.case),
        cause=appeal.pk,
    )
    return appeal


@action
def appeal_as_reporter(ctx: Context, *, by: Actor, report_id: str, text: str) -> Appeal:
    """Appeal for the person (or lane) whose receipt opened ``report_id``."""
    by.require(Permission.APPEAL_AS_REPORTER)
    report = Report.objects.select_related("case").filter(pk=report_id).first()
    if report is None or by.ref != report.pk:
        raise NotFound("There is no such report.", not_done="No appeal was filed.")
    decision = report.case.decisions.filter(overturned_at__isnull=True).first()
    if decision is None:
        raise NotFound(
            "Nothing has been decided yet.", not_done="No appeal was filed.", next_step="Wait for the decision."
        )
    side = AppealSide.LANE if report.source == ReportSource.LANE else AppealSide.REPORTER
    return _file(ctx, by=by, decision=decision, side=side, text=text, report=report)


def _file(
    ctx: Context, *, by: Actor, decision: CaseDecision, side: AppealSide, text: str, report: Report | None
) -> Appeal:
    now = ctx.clock.now()
    if len(text) > TEXT_LIMIT:
        raise Invalid({"grounds": "too_long"})
    case = locked_case(decision.case_id)
    if decision.overturned_at is not None or decision.appeals.filter(side=side.value, outcome="").exists():
        raise Conflict(
            "An appeal against this decision was filed already.",
            not_done="No second one was filed.",
            next_step="Wait for its outcome; you will be told.",
        )
    heard = case.appeals.exclude(outcome="").values_list("side", flat=True)
    step = open_appeal(
        CaseState(case.state),
        side,
        heard_before={AppealSide(one) for one in heard},
        window_ends=decision.appeal_until,
        now=now,
    )
    appeal = Appeal(case=case, decision=decision, side=side.value, report=report, text=text.strip(), filed_at=now)
    case.state = step.state.value
    happen(ctx, case, step.events, ref=appeal.pk)
    entered = enter_for_case(
        ctx,
        EventType.APPEAL_FILED,
        case,
        private={"appeal": appeal.pk, "decision": decision.pk},
        report=report,
        side=side.value,
        lane=case.lane,
        duration=bucket_of(now - decision.decided_at),
    )
    appeal.promise = entered.promise
    appeal.save(force_insert=True)
    tell(ctx, case, "appealed", by=by, report=report, facts={"side": side.value}, entry=entered.entry)
    return appeal
