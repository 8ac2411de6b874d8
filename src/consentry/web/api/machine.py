"""Which machine calls: a bearer key, its platform and its scopes."""

import hashlib
from dataclasses import dataclass

from django.http import HttpRequest

from consentry.access import Actor, Role
from consentry.basics.errors import ConsentryError
from consentry.records.machine_key import MachineKey, MachineScope
from consentry.records.platform import Platform


class KeyRefused(ConsentryError):
    """No key, a key that does not exist, or one that may not do this."""

    status = 401


class ScopeMissing(KeyRefused):
    """A good key without the scope that the route needs."""

    status = 403


@dataclass(frozen=True, slots=True)
class Machine:
    """An authenticated caller."""

    key_id: str
    platform: Platform
    scopes: frozenset[str]

    @property
    def actor(self) -> Actor:
        """Who this machine is to the actions."""
        return Actor(Role.PLATFORM, self.key_id)


def machine_for(bearer: str) -> Machine | None:
    """The machine whose live key ``bearer`` is, or ``None``."""
    digest = hashlib.sha256(bearer.encode()).hexdigest()
    key = (
        MachineKey.objects.select_related("platform")
        .filter(digest=digest, revoked_at__isnull=True, platform__active=True)
        .first()
    )
    return None if key is None else Machine(key.pk, key.platform, frozenset(key.scopes))


def require_machine(request: HttpRequest, scope: MachineScope) -> Machine:
    """The calling machine, which must hold ``scope``; ``KeyRefused`` or ``ScopeMissing`` otherwise."""
    kind, _, bearer = request.headers.get("Authorization", "").partition(" ")
    machine = machine_for(bearer.strip()) if kind.lower() == "bearer" and bearer.strip() else None
    if machine is None:
        raise KeyRefused(
            "This route needs a platform's key, and this request has none that is valid.",
            not_done="Nothing was looked up or stored.",
            next_step="Send `Authorization: Bearer <key>` with a key that an administrator made for your platform.",
        )
    if scope not in machine.scopes:
        raise ScopeMissing(
            f"This key does not hold the scope {scope.value}.",
            not_done="Nothing was looked up or stored.",
            next_step="Ask an administrator for a key with this scope.",
        )
    return machine
