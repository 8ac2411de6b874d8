"""Is the work that was promised being done? Ages and counts, nothing about anybody."""

from django.db.models import Min

from consentry.actions.context import Context
from consentry.records.case import Case
from consentry.records.case_clock import CaseClock
from consentry.records.log_entry import LogEntry
from consentry.records.outbox_message import OutboxMessage, OutboxState


def worker_lag(ctx: Context) -> dict[str, float]:
    """Seconds that the oldest due thing has been waiting: ``log`` entries without an index, ``outbox`` messages."""
    now = ctx.clock.now()
    oldest_entry = LogEntry.objects.filter(index__isnull=True).aggregate(oldest=Min("created_at"))["oldest"]
    oldest_message = OutboxMessage.objects.filter(state=OutboxState.WAITING.value, due_at__lte=now).aggregate(
        oldest=Min("due_at")
    )["oldest"]
    return {
        "log": (now - oldest_entry).total_seconds() if oldest_entry else 0.0,
        "outbox": (now - oldest_message).total_seconds() if oldest_message else 0.0,
    }


def public_counters(ctx: Context) -> list[tuple[str, str, float]]:
    """``(name, help, value)`` for ``/metrics``."""
    now = ctx.clock.now()
    lag = worker_lag(ctx)
    waiting = LogEntry.objects.filter(index__isnull=True)
    return [
        (
            "consentry_log_entries",
            "Entries that stand in the log.",
            LogEntry.objects.filter(index__isnull=False).count(),
        ),
        ("consentry_log_waiting", "Entries that were promised and do not stand in the log yet.", waiting.count()),
        (
            "consentry_promises_overdue",
            "Promised entries past their deadline.",
            waiting.filter(deadline__lt=now).count(),
        ),
        ("consentry_log_oldest_waiting_seconds", "Age of the oldest waiting entry.", round(lag["log"], 1)),
        ("consentry_outbox_oldest_due_seconds", "Age of the oldest due message.", round(lag["outbox"], 1)),
        (
            "consentry_outbox_dead",
            "Messages that nobody will try again.",
            OutboxMessage.objects.filter(state=OutboxState.DEAD.value).count(),
        ),
        (
            "consentry_cases_due",
            "Cases that wait for a person.",
            Case.objects.filter(next_due_at__isnull=False).count(),
        ),
        (
            "consentry_clocks_breached",
            "Deadlines that ran out.",
            CaseClock.objects.filter(breached_at__isnull=False).count(),
        ),
    ]
