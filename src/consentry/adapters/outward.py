"""One HTTP exchange with an address that somebody else chose: a platform's webhook, its connector, its pages.

Invariants:
- the address is checked where the connection is opened, on the very number that is connected to, so that a name which
  changes its answer between check and use gains nothing; when a name has several numbers, each must be allowed;
- link-local (cloud metadata), multicast, reserved and unspecified addresses are never called; loopback and private
  ones only with ``allow_private``; plain ``http`` is spoken to loopback and private addresses only;
- no redirect is followed, no proxy variable is read, nothing is decompressed, nothing is tried twice;
- name look-up, connecting, sending and reading together end within ``seconds``, however slowly bytes drip.

Not done here: signing, retries, any judgement of the answer's content.
"""

import ipaddress
import queue
import socket
import ssl
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpcore

from consentry.adapters.errors import AddressRefused, AnswerRefused, NoAnswer

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: status, headers (names in lower case) and the whole body as sent."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Outward:
    """Makes single, bounded exchanges; holds no connection between them, so threads may share it."""

    allow_private: bool = False
    seconds: float = 10.0
    max_bytes: int = 65_536

    def exchange(
        self, method: str, url: str, *, headers: Mapping[str, str], body: bytes | None = None, keep: bool = True
    ) -> Reply:
        """Send one request and read its whole answer, any status included; without ``keep`` only status and headers.

        Raises ``AddressRefused`` (nothing was sent), ``NoAnswer`` (no complete answer in time) or
        ``AnswerRefused`` (longer than ``max_bytes``).
        """
        _check_url(url)
        backend = _CheckedBackend(plain=url.lower().startswith("http:"), allow_private=self.allow_private)
        deadline = _Deadline(self.seconds)
        backend.deadline = deadline
        fields = [(name.encode(), value.encode()) for name, value in _with_defaults(headers)]
        try:
            with (
                httpcore.ConnectionPool(network_backend=backend, max_keepalive_connections=0, retries=0) as pool,
                pool.stream(method, url, headers=fields, content=body) as response,
            ):
                content = self._read(response.iter_stream()) if keep else b""
                answered = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
                return Reply(response.status, answered, content)
        except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
            raise NoAnswer(
                f"The other side gave no complete answer ({type(error).__name__}).",
                not_done="What was asked of it may or may not have been done.",
                next_step="It is asked again with the same message id.",
            ) from error

    def _read(self, chunks: Iterable[bytes]) -> bytes:
        content = bytearray()
        for chunk in chunks:
            content += chunk
            if len(content) > self.max_bytes:
                raise AnswerRefused(
                    f"The other side answered more than {self.max_bytes} bytes.",
                    not_done="The answer was dropped.",
                    next_step="Ask the platform's operator to look at docs/spec/platform-integration.md.",
                )
        return bytes(content)


def may_call(address: Address, *, allow_private: bool, plain: bool = False) -> bool:
    """Whether this very number may be called; ``plain`` means without TLS."""
    inner = _embedded(address)
    if inner is not None:
        return may_call(inner, allow_private=allow_private, plain=plain)
    if address.is_multicast or address.is_link_local or address.is_unspecified:
        return False
    if address.is_global:
        return not plain
    near = address.is_loopback or _is_private_network(address)
    return near and allow_private


_PRIVATE = [ipaddress.ip_network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")]


def _is_private_network(address: Address) -> bool:
    # not ``is_private``: that also covers documentation, benchmark and other reserved ranges
    return any(address in network for network in _PRIVATE)


def _embedded(address: Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 transition form really leads to."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)


def _check_url(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username is not None or not url.isascii():
        raise AddressRefused(
            "The address is not a plain http or https URL.",
            not_done="Nothing was sent.",
            next_step="Correct the platform's address in its registration.",
        )


def _with_defaults(headers: Mapping[str, str]) -> list[tuple[str, str]]:
    fixed = {"accept-encoding": "identity", "user-agent": "consentry", "connection": "close"}
    return [*fixed.items(), *headers.items()]


class _Deadline:
    """Seconds left until one moment; never negative, never zero (zero would mean *at once* to a socket)."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        left = self._end - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("out of time")
        return left


class _CheckedBackend(httpcore.NetworkBackend):
    """Opens connections for httpcore: resolves the name itself and connects only to a number that may be called."""

    def __init__(self, *, plain: bool, allow_private: bool) -> None:
        self._inner = httpcore.SyncBackend()
        self._plain = plain
        self._allow_private = allow_private
        self.deadline = _Deadline(10)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        addresses = _resolve(host.strip("[]"), port, self.deadline.left())
        for address in addresses:
            if not may_call(address, allow_private=self._allow_private, plain=self._plain):
                raise AddressRefused(
                    "The name leads to a private, reserved or (for plain http) public address.",
                    not_done="Nothing was sent.",
                    next_step="Use https and a public address, or set CONSENTRY_PRIVATE_TARGETS=1 on a closed network.",
                )
        problem: Exception = OSError("the name has no address")
        for address in addresses:
            try:
                stream = self._inner.connect_tcp(
                    str(address), port, self.deadline.left(), local_address, socket_options
                )
                return _BoundedStream(stream, self.deadline)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                problem = error
        raise problem

    def sleep(self, seconds: float) -> None:
        self._inner.sleep(seconds)


class _BoundedStream(httpcore.NetworkStream):
    """A connection whose every step gets only the time that is left of the whole exchange."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: _Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        # in slices, because a socket's own limit starts anew with each piece that it gets rid of
        for start in range(0, len(buffer), 65_536):
            self._inner.write(buffer[start : start + 65_536], self._deadline.left())

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        secured = self._inner.start_tls(ssl_context, server_hostname, self._deadline.left())
        return _BoundedStream(secured, self._deadline)

    def get_extra_info(self, info: str) -> object:
        return self._inner.get_extra_info(info)


def _resolve(host: str, port: int, seconds: float) -> list[Address]:
    """Every number of ``host``, in the system's order; a thread asks, because the system's resolver knows no limit."""
    answers: queue.Queue[list[Address] | OSError] = queue.Queue(1)

    def look_up() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answers.put([ipaddress.ip_address(str(entry[4][0]).split("%")[0]) for entry in found])
        except (OSError, UnicodeError) as error:
            answers.put(OSError(f"the name cannot be resolved: {type(error).__name__}"))

    threading.Thread(target=look_up, daemon=True).start()
    try:
        answer = answers.get(timeout=seconds)
    except queue.Empty:
        raise OSError("the name was not resolved in time") from None
    if isinstance(answer, OSError):
        raise answer
    return list(dict.fromkeys(answer))
