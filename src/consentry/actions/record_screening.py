"""Keep what the guard decided, with its log entry, before the answer leaves.

Stopped requests get a leaf each; allowed ones share a batch leaf, one for each group commit (``finish_batch``).
Invariants: no prompt, no picture, no account is kept; the caller answers only after the commit. A refused picture is
remembered by its fingerprint for ``REMEMBER_REFUSED``, so that the next request with it is read more strictly.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import rfc8785

from consentry.access import Actor, Permission
from consentry.actions.context import Context
from consentry.actions.log import enter, enter_batch
from consentry.actions.transaction import action
from consentry.audit.batch import batch_item
from consentry.audit.leaf import new_salt
from consentry.guard.pipeline import Screening
from consentry.oversight.events import EventType
from consentry.records.guard_decision import OutputState, ScreenedRequest
from consentry.records.platform import Platform
from consentry.records.remembered_picture import MemoryKind, RememberedPicture

REMEMBER_REFUSED = timedelta(hours=24)
UNAVAILABLE = "screening_unavailable"


@dataclass(frozen=True, slots=True)
class AllowedRequest:
    """An allowed request that waits for its batch leaf; ``finish_batch`` turns it into a promise."""

    row: ScreenedRequest
    item: bytes


@action
def record_screening(
    ctx: Context, *, by: Actor, platform: Platform, screening: Screening
) -> dict[str, Any] | AllowedRequest:
    """Keep one decision. The promise of a stopped request, or an ``AllowedRequest`` for ``finish_batch``."""
    by.require(Permission.SCREEN)
    decision, route = screening.decision, screening.context.route
    codes = tuple(reason.code for reason in decision.reasons)
    row = ScreenedRequest(
        decision_id=decision.decision_id,
        request_id=decision.request_id,
        platform=platform,
        route=route,
        outcome=decision.decision.value,
        reasons=list(codes),
        policy=decision.policy,
        created_at=ctx.clock.now(),
    )
    private: dict[str, Any] = {
        "decision": decision.decision_id,
        "request": decision.request_id,
        "policy": decision.policy,
        "policy_digest": decision.policy_digest,
        "parts": [{"name": part.name, "digest": part.digest, "seen_by": dict(part.seen_by)} for part in decision.parts],
    }
    if decision.allowed:
        salt = new_salt()
        row.context = screening.context.to_json()
        row.output_state = OutputState.PENDING.value
        row.record = {"salt": salt.hex(), **private}
        return AllowedRequest(row, batch_item(rfc8785.dumps(private), salt))
    entered = enter(
        ctx,
        EventType.GUARD_DECISION,
        private=private,
        platform=platform,
        outcome=decision.decision.value,
        route=route,
        reasons=codes,
    )
    row.log_entry, row.promise = entered.entry, entered.promise
    row.save(force_insert=True)
    if UNAVAILABLE not in codes:
        _remember_refused(ctx, screening)
    return entered.promise


def finish_batch(ctx: Context, results: Sequence[Any]) -> list[Any]:
    """Inside the group commit: give all ``AllowedRequest`` results one batch leaf per platform, and their promises."""
    finished = list(results)
    waiting = [(place, result) for place, result in enumerate(results) if isinstance(result, AllowedRequest)]
    for platform_id in {result.row.platform_id for _, result in waiting}:
        group = [(place, result) for place, result in waiting if result.row.platform_id == platform_id]
        routes: dict[str, int] = {}
        for _, result in group:
            routes[result.row.route] = routes.get(result.row.route, 0) + 1
        entry, promises = enter_batch(ctx, [result.item for _, result in group], routes, group[0][1].row.platform)
        for (place, result), promise in zip(group, promises, strict=True):
            result.row.log_entry, result.row.promise = entry, promise
            finished[place] = promise
        ScreenedRequest.objects.bulk_create([result.row for _, result in group])
    return finished


def _remember_refused(ctx: Context, screening: Screening) -> None:
    now = ctx.clock.now()
    RememberedPicture.objects.bulk_create(
        RememberedPicture(
            kind=MemoryKind.REFUSED.value,
            pdq=picture.pdq,
            decision_id=screening.decision.decision_id,
            created_at=now,
            expires_at=now + REMEMBER_REFUSED,
        )
        for picture in screening.pictures
        if picture is not None and picture.pdq_quality >= 50
    )
