"""Shuts the network for this process: only loopback and Unix sockets can be reached.

It is a Python audit hook, so it holds for every thread and every library that uses Python's sockets, and cannot be
taken off again. Not done here: child processes (the servers that tests start get loopback addresses only).
"""

import ipaddress
import socket
import sys
from typing import Any

ATTEMPTS: list[str] = []
"""Where the running test tried to go; a test that leaves anything here fails."""

_closed = False


class NetworkReached(RuntimeError):
    """A test tried to leave this machine."""


def close() -> None:
    """Shut the network for the rest of this process; a second call changes nothing."""
    global _closed
    if not _closed:
        sys.addaudithook(_refuse)
        _closed = True


def is_loopback(host: object) -> bool:
    """Whether ``host`` (name or address, text or bytes) is this machine; an empty host is."""
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host or "localhost")
    if name.lower() == "localhost":
        return True
    try:
        address = ipaddress.ip_address(name.split("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.getaddrinfo":
        host = arguments[0]
        if isinstance(host, str) and host.endswith(".invalid"):
            # RFC 6761: such a name exists nowhere, so the answer is known without asking anybody.
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    elif event in {"socket.connect", "socket.sendto"}:
        address = arguments[1]
        if not isinstance(address, tuple):  # a Unix socket's path
            return
        host = address[0]
    else:
        return
    if not is_loopback(host) and not _only_parses(event, arguments):
        ATTEMPTS.append(f"{host!s} ({event})")
        raise NetworkReached(f"a test tried to reach {host!s} ({event}); tests may use loopback only")


def _only_parses(event: str, arguments: tuple[Any, ...]) -> bool:
    """``getaddrinfo`` of a numeric address asks nobody; connecting to it would be stopped all the same."""
    if event != "socket.getaddrinfo":
        return False
    try:
        ipaddress.ip_address(str(arguments[0]).split("%")[0])
    except ValueError:
        return False
    return True
