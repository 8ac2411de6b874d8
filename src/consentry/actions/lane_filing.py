"""A lane's signed request: find its key, remember its nonce, and file its reports.

Invariants: a nonce works once; an unknown key and a bad signature say the same; a lane that is not accredited files
nothing. Not done here: checking the signature itself (an adapter does, between ``lane_for_key`` and ``use_nonce``).
"""

from datetime import timedelta

from django.db import IntegrityError, transaction

from consentry.access import Actor, Permission, Role
from consentry.actions.context import Context
from consentry.actions.errors import Conflict
from consentry.actions.transaction import action
from consentry.cases.lanes import LaneKind, LaneStatus
from consentry.records.lane import Lane, UsedNonce

KEEP_NONCES = timedelta(days=1)
ROLES = {LaneKind.HOTLINE: Role.HOTLINE, LaneKind.AUTHORITY: Role.AUTHORITY}


def lane_for_key(ctx: Context, *, key_id: str) -> Lane | None:
    """The accredited, unexpired lane whose key this is, or ``None``."""
    lane = Lane.objects.filter(key_id=key_id, status=LaneStatus.ACCREDITED.value).exclude(public_key="").first()
    return lane if lane is not None and lane.expires_at > ctx.clock.now() else None


def actor_of(lane: Lane) -> Actor:
    """Who a lane's machine is to the actions."""
    return Actor(ROLES[LaneKind(lane.kind)], lane.pk)


@action
def use_nonce(ctx: Context, *, by: Actor, lane: Lane, nonce: str) -> None:
    """Remember a nonce; ``Conflict`` when it came before. Old ones are forgotten: their signatures are stale."""
    by.require(Permission.FILE_IN_LANE)
    now = ctx.clock.now()
    UsedNonce.objects.filter(used_at__lt=now - KEEP_NONCES).delete()
    try:
        with transaction.atomic():
            UsedNonce.objects.create(lane=lane, nonce=nonce[:128], used_at=now)
    except IntegrityError as error:
        raise Conflict(
            "This signed request was sent before.",
            not_done="Nothing was filed again.",
            next_step="Sign a new request with a fresh nonce.",
        ) from error
