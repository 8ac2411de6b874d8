"""Enter something into the log: the pending entry and its payloads, in the caller's transaction, and a signed promise.

Invariants: called only inside an action, so that the entry exists exactly when what it tells of does; the public part
is a ``PublicEvent`` and points to nobody; whatever does is in the private part, which can be forgotten. Not done here:
the place in the tree (``sequence_log``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import rfc8785

from consentry.actions.context import Context
from consentry.audit.batch import Batch
from consentry.audit.leaf import OpenLeaf, new_leaf
from consentry.audit.promise import make_batch_promises, make_promise
from consentry.oversight.events import EventType, PublicEvent
from consentry.records.case import Case
from consentry.records.log_entry import LogEntry, LogPayload
from consentry.records.platform import Platform
from consentry.records.report import Report


@dataclass(frozen=True, slots=True)
class Entered:
    """A pending entry and the promise (plain JSON data) that it will stand in the log."""

    entry: LogEntry
    promise: dict[str, Any]


def enter(
    ctx: Context,
    kind: EventType,
    *,
    private: Mapping[str, object],
    platform: Platform | None = None,
    case: Case | None = None,
    report: Report | None = None,
    **members: Any,
) -> Entered:
    """One entry for one event; ``members`` are those of ``PublicEvent``, ``private`` is kept until erased."""
    event = PublicEvent(type=kind, at=ctx.clock.now(), platform=platform.slug if platform else None, **members)
    leaf, row = _store(ctx, event, private, case=case, report=report)
    promise = make_promise(ctx.origin, leaf, row.deadline, ctx.promise_signer)
    return Entered(row, promise.to_data())


def enter_for_case(
    ctx: Context,
    kind: EventType,
    case: Case,
    *,
    private: Mapping[str, object],
    report: Report | None = None,
    **members: Any,
) -> Entered:
    """``enter`` with the members that every event of a case has; ``lane`` only where the vocabulary asks for it."""
    known: dict[str, Any] = {"jurisdiction": case.jurisdictions[0] if case.jurisdictions else None}
    known["body"] = case.body.lower() or None
    return enter(
        ctx,
        kind,
        private={"case": case.pk, **private},
        platform=case.platform,
        case=case,
        report=report,
        **(known | members),
    )


def enter_batch(
    ctx: Context, items: list[bytes], routes: Mapping[str, int], platform: Platform | None
) -> tuple[LogEntry, list[dict[str, Any]]]:
    """One leaf for many allowed requests; a promise for each item, in order."""
    batch = Batch(tuple(items))
    event = PublicEvent(
        type=EventType.GUARD_ALLOWED_BATCH,
        at=ctx.clock.now(),
        platform=platform.slug if platform else None,
        count=batch.count,
        routes=dict(routes),
        batch_root=batch.root.hex(),
    )
    leaf, row = _store(ctx, event, {}, case=None, report=None)
    promises = make_batch_promises(ctx.origin, leaf, batch, row.deadline, ctx.promise_signer)
    return row, [promise.to_data() for promise in promises]


def _store(
    ctx: Context, event: PublicEvent, private: Mapping[str, object], *, case: Case | None, report: Report | None
) -> tuple[OpenLeaf, LogEntry]:
    now = ctx.clock.now()
    leaf = new_leaf(event.to_bytes(), rfc8785.dumps(dict(private)) if private else None)  # type: ignore[arg-type]
    row = LogEntry.objects.create(
        entry_hash=leaf.entry_hash.hex(),
        entry=leaf.entry,
        event=event.type.value,
        created_at=now,
        deadline=now + ctx.promise_within,
    )
    LogPayload.objects.create(
        log_entry=row,
        public=leaf.public,
        public_salt=leaf.public_salt,
        private=leaf.private,
        private_salt=leaf.private_salt,
        case=case,
        report=report,
    )
    return leaf, row
