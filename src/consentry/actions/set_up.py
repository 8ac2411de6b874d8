"""What an administrator sets up: platforms, machine keys, lanes, staff. Each leaves an entry in the log.

Not here yet: accreditation by two people and rotation (the lane's lifecycle), which come with the accredited lane's own
pages.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from consentry.access import Actor, Permission, Role
from consentry.actions.context import Context
from consentry.actions.errors import Invalid
from consentry.actions.log import enter
from consentry.actions.transaction import action
from consentry.cases.lanes import LaneKind, LaneStatus
from consentry.oversight.events import EventType
from consentry.records.lane import Lane
from consentry.records.machine_key import MachineKey, MachineScope
from consentry.records.platform import Platform
from consentry.records.staff import StaffMember

_LANE_ROLES = {Role.HOTLINE: LaneKind.HOTLINE, Role.AUTHORITY: LaneKind.AUTHORITY}
_STAFF_ROLES = frozenset(
    {Role.REVIEWER, Role.SENIOR_REVIEWER, Role.REGULATOR, Role.AUDITOR, Role.ADMINISTRATOR, *_LANE_ROLES}
)


@dataclass(frozen=True, slots=True)
class NewKey:
    """A machine key that was just made; ``secret`` is shown once and kept nowhere."""

    key: MachineKey
    secret: str


@action
def register_platform(
    ctx: Context,
    *,
    by: Actor,
    name: str,
    slug: str,
    base_url: str,
    connector_token: str,
    webhook_url: str,
    webhook_secret: str,
) -> Platform:
    """Connect a platform (docs/spec/platform-integration.md)."""
    by.require(Permission.MANAGE_ACCESS)
    if Platform.objects.filter(slug=slug).exists() or Platform.objects.filter(base_url=base_url).exists():
        raise Invalid({"slug": "taken"})
    return Platform.objects.create(
        name=name,
        slug=slug,
        base_url=base_url,
        connector_token=connector_token,
        webhook_url=webhook_url,
        webhook_secret=webhook_secret,
    )


@action
def create_machine_key(
    ctx: Context, *, by: Actor, platform: Platform, label: str, scopes: Sequence[MachineScope]
) -> NewKey:
    """A new key with 256 random bits for ``platform``."""
    by.require(Permission.MANAGE_ACCESS)
    secret = f"consentry_{secrets.token_urlsafe(32)}"
    key = MachineKey.objects.create(
        digest=hashlib.sha256(secret.encode()).hexdigest(),
        label=label,
        platform=platform,
        scopes=sorted(scope.value for scope in scopes),
        created_at=ctx.clock.now(),
    )
    enter(ctx, EventType.KEY_CHANGED, private={"key": key.pk, "by": by.label}, rule="machine_key", outcome="created")
    return NewKey(key, secret)


@action
def accredit_lane(
    ctx: Context,
    *,
    by: Actor,
    name: str,
    slug: str,
    kind: LaneKind,
    countries: Sequence[str],
    categories: Sequence[str],
    key_id: str,
    public_key: str,
    expires_at: datetime,
) -> Lane:
    """Open a lane for an accredited body."""
    by.require(Permission.MANAGE_ACCESS)
    lane = Lane.objects.create(
        name=name,
        slug=slug,
        kind=kind.value,
        status=LaneStatus.ACCREDITED.value,
        countries=list(countries),
        categories=list(categories),
        key_id=key_id,
        public_key=public_key,
        expires_at=expires_at,
    )
    enter(
        ctx,
        EventType.LANE_CHANGED,
        private={"lane": lane.pk, "by": by.label},
        body=slug,
        lane=kind.value,
        outcome="accredited",
    )
    return lane


@action
def create_staff(
    ctx: Context, *, by: Actor, username: str, password: str | None, role: Role, lane: Lane | None = None
) -> StaffMember:
    """A new account with one role. ``Invalid`` when the role is none of the staff's, or does not fit the lane."""
    by.require(Permission.MANAGE_ACCESS)
    if role not in _STAFF_ROLES:
        raise Invalid({"role": "unknown_choice"})
    wanted = _LANE_ROLES.get(role)
    if (wanted is None) != (lane is None) or (lane is not None and wanted is not None and lane.kind != wanted.value):
        raise Invalid({"lane": "does_not_fit_role"})
    if StaffMember.objects.filter(username=username).exists():
        raise Invalid({"username": "taken"})
    member = StaffMember.objects.create_user(username, password, role=role.value, lane=lane)
    enter(
        ctx,
        EventType.STAFF_CHANGED,
        private={"member": str(member.pk), "by": by.label},
        rule=role.value,
        outcome="granted",
    )
    return member


@action
def revoke_machine_key(ctx: Context, *, by: Actor, key_id: str) -> MachineKey:
    """End a machine key at once."""
    by.require(Permission.MANAGE_ACCESS)
    key = MachineKey.objects.select_for_update().filter(pk=key_id, revoked_at__isnull=True).first()
    if key is None:
        raise Invalid({"key": "unknown_choice"})
    key.revoked_at = ctx.clock.now()
    key.save(update_fields=["revoked_at"])
    enter(ctx, EventType.KEY_CHANGED, private={"key": key.pk, "by": by.label}, rule="machine_key", outcome="revoked")
    return key
