"""Forget the person behind a report: words, contact, claimed fingerprint, and the private half of its log entries.

Invariants: the case, its clocks and its decision stay, because they concern the picture; the public half of every leaf
stays, so that each proof, root and published number still verifies; the erasure is an entry of its own. Afterwards
the receipt still opens the status, which says that the report was erased.
"""

from consentry.access import Actor, Permission
from consentry.actions.case_steps import tell
from consentry.actions.context import Context
from consentry.actions.errors import Conflict, NotFound
from consentry.actions.log import enter
from consentry.actions.transaction import action
from consentry.cases.appeal import AppealSide
from consentry.oversight.events import EventType
from consentry.records.case_event import CaseEvent
from consentry.records.log_entry import LogPayload
from consentry.records.report import Report

RULE = "request_of_the_person"


@action
def erase_report(ctx: Context, *, by: Actor, report_id: str) -> Report:
    """Erase one report on the wish of the person who filed it; ``Conflict`` when it is erased already."""
    by.require(Permission.ERASE_OWN_REPORT)
    report = Report.objects.select_for_update(of=("self",)).select_related("case").filter(pk=report_id).first()
    if report is None or by.ref != report.pk:
        raise NotFound("There is no such report.", not_done="Nothing was erased.")
    if report.erased_at is not None:
        raise Conflict("This report was erased before.", not_done="Nothing was left to erase.")
    now = ctx.clock.now()
    forgotten = LogPayload.objects.filter(report=report, private__isnull=False).update(
        private=None, private_salt=None, report=None, erased_at=now
    )
    report.appeals.filter(side=AppealSide.REPORTER.value).update(text="")
    CaseEvent.objects.filter(report=report).update(facts={})
    report.notice, report.contact, report.claimed_pdq = {}, "", ""
    report.claimed_agrees, report.relationship, report.lane_reference = None, "erased", ""
    report.erased_at = now
    report.save()
    entered = enter(ctx, EventType.PERSON_ERASED, private={}, rule=RULE, count=max(forgotten, 1))
    tell(ctx, report.case, "person_erased", by=by, report=report, public=False, entry=entered.entry)
    return report
