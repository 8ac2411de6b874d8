"""The person takes a report back. A hidden picture stays hidden until a person has looked, for it may be forced."""

from consentry.access import Actor, Permission
from consentry.actions.case_steps import locked_case, take_step, tell
from consentry.actions.context import Context
from consentry.actions.errors import Conflict, NotFound
from consentry.actions.log import enter_for_case
from consentry.actions.transaction import action
from consentry.cases.lifecycle import Move
from consentry.oversight.events import EventType
from consentry.records.report import Report


@action
def withdraw_report(ctx: Context, *, by: Actor, report_id: str) -> Report:
    """Withdraw one report; its case goes on while another report stands."""
    by.require(Permission.FOLLOW_OWN_REPORT)
    report = Report.objects.select_for_update(of=("self",)).filter(pk=report_id).first()
    if report is None or by.ref != report.pk:
        raise NotFound("There is no such report.", not_done="Nothing was withdrawn.")
    if report.withdrawn_at is not None:
        raise Conflict("This report was withdrawn before.", not_done="Nothing changed.")
    report.withdrawn_at = ctx.clock.now()
    report.save(update_fields=["withdrawn_at"])
    case = locked_case(report.case_id)
    alone = not case.reports.filter(withdrawn_at__isnull=True).exists()
    if alone:
        take_step(ctx, case, Move.WITHDRAW, by=by, ref=report.pk)
    entered = enter_for_case(
        ctx, EventType.REPORT_WITHDRAWN, case, private={"report": report.pk}, report=report, lane=case.lane
    )
    tell(ctx, case, "withdrawn", by=by, report=report, entry=entered.entry)
    return report
