"""Give committed entries their place in the tree: the log's only writer, run by the worker.

Invariants: takes rows without an index, whatever their ids (sequences commit out of order); an index is written to a
row only after the tiles and the checkpoint that hold it are durable; after a crash between the two, the rows are found
again in the tiles. The folder's lock keeps two sequencers from writing one log.
"""

from collections.abc import Mapping

from django.db import transaction
from django.db.models import Max

from consentry.access import Actor, Permission
from consentry.actions.context import Context
from consentry.actions.log import enter
from consentry.actions.transaction import action
from consentry.audit.log import Log
from consentry.oversight.events import EventType
from consentry.records.log_entry import LogEntry

MOST = 2000


def highest_size() -> int:
    """How many entries the database knows to be in the log: the size that its files must have at least."""
    highest = LogEntry.objects.aggregate(highest=Max("index"))["highest"]
    return 0 if highest is None else highest + 1


def sequence_log(ctx: Context, *, by: Actor, log: Log) -> int:
    """Place up to ``MOST`` waiting entries; how many got their index. Not an action: the files come before the rows."""
    by.require(Permission.RUN_SYSTEM)
    found = _recover(ctx, log)
    waiting = list(LogEntry.objects.filter(index__isnull=True).order_by("id").values_list("pk", "entry")[:MOST])
    if not waiting:
        return found
    appended = log.append([bytes(entry) for _, entry in waiting])
    _write_indices(ctx, {pk: index for (pk, _), index in zip(waiting, appended.indices, strict=True)})
    return found + len(waiting)


def _recover(ctx: Context, log: Log) -> int:
    """Finish a batch that a crash cut short, and give its rows the indices that the tiles already hold."""
    log.finish()
    places = {value.hex(): index for value, index in log.last_batch().items()}
    rows = LogEntry.objects.filter(index__isnull=True, entry_hash__in=list(places))
    lost = {pk: places[value] for pk, value in rows.values_list("pk", "entry_hash")}
    if lost:
        _write_indices(ctx, lost)
    return len(lost)


def _write_indices(ctx: Context, places: Mapping[int, int]) -> None:
    now = ctx.clock.now()
    with transaction.atomic():
        rows = LogEntry.objects.in_bulk(list(places))
        for pk, row in rows.items():
            row.index, row.sequenced_at = places[pk], now
        LogEntry.objects.bulk_update(rows.values(), ["index", "sequenced_at"], batch_size=200)


@action
def count_broken_promises(ctx: Context, *, by: Actor) -> int:
    """Enter one public event for promises that passed their deadline unkept and were not counted yet."""
    by.require(Permission.RUN_SYSTEM)
    broken = LogEntry.objects.filter(index__isnull=True, deadline__lt=ctx.clock.now(), counted_broken=False)
    count = broken.update(counted_broken=True)
    if count:
        enter(ctx, EventType.PROMISE_BROKEN, private={}, count=count)
    return count
