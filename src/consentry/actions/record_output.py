"""Keep what became of an allowed request: released, stopped by the output check, or an upstream's fault.

Invariants: a release is durable before the picture leaves; each released picture is remembered by its fingerprint with
the first picture of its lineage, so that the next edit is measured against that (rule 7). A fault is nobody's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from consentry.access import Actor, Permission
from consentry.actions.context import Context
from consentry.actions.errors import Conflict, NotFound
from consentry.actions.log import enter
from consentry.actions.transaction import action
from consentry.basics.ids import PdqHex, Sha256Hex
from consentry.oversight.events import EventType
from consentry.records.guard_decision import OutputState, ScreenedRequest
from consentry.records.platform import Platform
from consentry.records.remembered_picture import MemoryKind, RememberedPicture

REMEMBER_RELEASED = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class ReleasedPicture:
    """One picture that leaves: SHA-256 of the file as sent, PDQ of its pixels with quality 0-100."""

    sha256: Sha256Hex
    pdq: PdqHex
    pdq_quality: int


def pending_request(*, platform: Platform, decision_id: str) -> ScreenedRequest:
    """The allowed request of this platform that still waits for its output; ``NotFound`` or ``Conflict`` otherwise."""
    row = ScreenedRequest.objects.filter(pk=decision_id, platform=platform).first()
    if row is None:
        raise NotFound(
            "There is no allowed request with this decision id on your platform.",
            not_done="The output was not screened, so it must not be shown.",
            next_step="Screen the request first, with the same key.",
        )
    if row.output_state != OutputState.PENDING:
        raise Conflict(
            "The output of this request was already judged, or the request was never allowed.",
            not_done="Nothing was screened again.",
            next_step="Screen the request again for a new decision id.",
        )
    return row


@action
def record_output(
    ctx: Context,
    *,
    by: Actor,
    platform: Platform,
    decision_id: str,
    state: OutputState,
    reasons: Sequence[str] = (),
    released: Sequence[ReleasedPicture] = (),
) -> dict[str, Any]:
    """Close one allowed request with what became of its output; the promise of its log entry."""
    by.require(Permission.SCREEN)
    row = pending_request(platform=platform, decision_id=decision_id)
    now = ctx.clock.now()
    entered = enter(
        ctx,
        EventType.GUARD_RELEASED,
        private={"decision": decision_id, "outputs": [picture.sha256 for picture in released]},
        platform=platform,
        outcome=state.value,
        route=row.route,
        reasons=tuple(reasons),
        count=len(released) or None,
    )
    context = row.context
    RememberedPicture.objects.bulk_create(
        RememberedPicture(
            kind=MemoryKind.RELEASED.value,
            pdq=picture.pdq,
            root_pdq=context.get("root_pdq") or picture.pdq,
            root_exposure=context.get("root_exposure"),
            decision_id=decision_id,
            created_at=now,
            expires_at=now + REMEMBER_RELEASED,
        )
        for picture in released
        if picture.pdq_quality >= 50
    )
    row.output_state, row.finished_at, row.context = state.value, now, {}
    row.save(update_fields=["output_state", "finished_at", "context"])
    return entered.promise
