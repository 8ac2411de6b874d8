"""How much the proxy lets in, how long it waits, and where it sends people who need consent."""

from dataclasses import dataclass

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class ProxySettings:
    """The limits of one guard process. Bytes are bytes, times are seconds of wall time."""

    public_base_url: str
    """Where people reach the portal, without a trailing slash: a challenge links to ``/consent/needed`` there."""
    body_bytes: int = 64 * MEBIBYTE
    """The largest request body."""
    bytes_in_flight: int = 512 * MEBIBYTE
    """All request bodies, fetched pictures and upstream replies being held together."""
    requests: int = 512
    """Screened requests in flight, those that wait for the upstream included."""
    guard_threads: int = 8
    """Requests that the guard judges simultaneously (its detectors have their own limits)."""
    guard_backlog: int = 64
    """Requests that may wait for the guard; one more is refused before its body is read."""
    body_seconds: float = 60.0
    """For a whole body to arrive."""
    guard_seconds: float = 30.0
    """For one answer of the guard, waiting included; the guard's own limits are shorter."""
    ledger_seconds: float = 10.0
    """For one record to become durable."""
    upstream_seconds: float = 180.0
    """For the upstream's whole reply."""
    reply_bytes: int = 256 * MEBIBYTE
    """The largest upstream reply."""
    picture_bytes: int = 20 * MEBIBYTE
    """The largest remote picture."""
    fetch_seconds: float = 15.0
    """For all remote pictures of one request together."""
    sign_threads: int = 2
    """Pictures that are signed simultaneously."""
    heartbeat_seconds: float = 10.0
    """Between the comment lines that keep a waiting stream open."""
    retry_after: int = 1
    """What an overloaded service asks its caller to wait."""

    @property
    def consent_link(self) -> str:
        """The page that says what consent is needed and why."""
        return f"{self.public_base_url}/consent/needed"
