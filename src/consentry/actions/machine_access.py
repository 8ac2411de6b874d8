"""Which machine calls: a bearer key, its platform and its scopes."""

import hashlib
from dataclasses import dataclass

from consentry.access import Actor, Role
from consentry.records.machine_key import MachineKey
from consentry.records.platform import Platform


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
