"""Write down deadlines that ran out: once each, for ever, and in public."""

from consentry.access import Actor, Permission
from consentry.actions.context import Context
from consentry.actions.log import enter_for_case
from consentry.actions.transaction import action
from consentry.cases.kinds import KindClass
from consentry.oversight.buckets import bucket_of
from consentry.oversight.events import EventType
from consentry.records.case_clock import CaseClock

MOST = 100


@action
def record_breaches(ctx: Context, *, by: Actor) -> int:
    """Mark up to ``MOST`` running deadlines that are over now; how many there were."""
    by.require(Permission.RUN_SYSTEM)
    now = ctx.clock.now()
    over = (
        CaseClock.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("case", "case__platform")
        .filter(stopped_at__isnull=True, breached_at__isnull=True, kind_class=KindClass.ACTION.value, due_at__lt=now)
        .order_by("due_at", "pk")[:MOST]
    )
    rows = list(over)
    for row in rows:
        row.breached_at = row.due_at
        enter_for_case(
            ctx,
            EventType.CLOCK_BREACHED,
            row.case,
            private={"clock": str(row.pk)},
            rule=row.rule_id,
            lane=row.case.lane,
            duration=bucket_of(now - row.started_at),
        )
    CaseClock.objects.bulk_update(rows, ["breached_at"])
    return len(rows)
