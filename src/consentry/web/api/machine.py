"""The bearer key of a request, with the scope that a route needs."""

from django.http import HttpRequest

from consentry.actions.machine_access import Machine, machine_for
from consentry.basics.errors import ConsentryError
from consentry.records.machine_key import MachineScope


class KeyRefused(ConsentryError):
    """No key, a key that does not exist, or one that may not do this."""

    status = 401


class ScopeMissing(KeyRefused):
    """A good key without the scope that the route needs."""

    status = 403


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
