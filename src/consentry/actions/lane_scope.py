"""Whether a lane's word alone hides: its accreditation, scope and record, asked of the domain's rule."""

from datetime import timedelta

from consentry.actions.context import Context
from consentry.cases.corroboration import Ground
from consentry.cases.lanes import Lane as LaneValue
from consentry.cases.lanes import LaneHide, LaneKind, LaneStatus, out_of_scope, record
from consentry.cases.lifecycle import CaseState
from consentry.records.case import Case
from consentry.records.lane import Lane
from consentry.records.report import Report

WINDOW = timedelta(days=90)
_UPHELD = {
    CaseState.DECIDED_REMOVED: True,
    CaseState.REMOVAL_APPEALED: True,
    CaseState.DECIDED_KEPT: False,
    CaseState.KEEP_APPEALED: False,
    CaseState.RESTORED: False,
}


def lane_value(lane: Lane) -> LaneValue:
    """The domain's value of one lane."""
    return LaneValue(
        kind=LaneKind(lane.kind),
        status=LaneStatus(lane.status),
        countries=frozenset(lane.countries),
        categories=frozenset(lane.categories),
        expires_at=lane.expires_at,
    )


def lane_in_scope(ctx: Context, *, report: Report) -> bool:
    """True when the report came from a lane whose word is enough for this category and country."""
    lane = report.lane
    if lane is None:
        return False
    now = ctx.clock.now()
    hidden = Case.objects.filter(body=lane.slug, hidden_at__gt=now - WINDOW)
    hides = [
        LaneHide(at, _UPHELD.get(CaseState(state)))
        for at, state, grounds in hidden.values_list("hidden_at", "state", "grounds")
        if at is not None and Ground.LANE.value in grounds
    ]
    country = str(report.notice.get("country", ""))
    return not out_of_scope(
        lane_value(lane), record(hides, now), category=report.case.category, country=country, now=now
    )
