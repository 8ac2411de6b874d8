"""Who may come in: a budget of requests and of bytes in flight (rule 12).

Invariants: bytes are taken before they are kept; whatever a request took is given back when it ends, however it
ends. Used from the event loop's thread only. Not done here: deadlines, and what the bytes mean.
"""

from consentry.proxy.errors import Overloaded


class Admission:
    """One process's budget; ``enter`` hands out leases on it."""

    def __init__(self, *, requests: int, total_bytes: int, retry_after: int) -> None:
        self._requests_limit = requests
        self._bytes_limit = total_bytes
        self._retry_after = retry_after
        self.requests = 0
        self.bytes = 0

    def enter(self) -> "Lease":
        """A lease for one request; ``Overloaded`` when there are too many."""
        if self.requests >= self._requests_limit:
            raise Overloaded(self._retry_after)
        self.requests += 1
        return Lease(self)

    def take(self, amount: int) -> None:
        """Count ``amount`` more bytes as held; ``Overloaded`` when they would not fit."""
        if self.bytes + amount > self._bytes_limit:
            raise Overloaded(self._retry_after)
        self.bytes += amount

    def leave(self, amount: int) -> None:
        """Give a request and its ``amount`` bytes back."""
        self.requests -= 1
        self.bytes -= amount


class Lease:
    """What one request holds of the budget. Use as a context manager."""

    def __init__(self, admission: Admission) -> None:
        self._admission = admission
        self._held = 0

    def take(self, amount: int) -> None:
        """Hold ``amount`` more bytes until the request ends; ``Overloaded`` when there is no room."""
        self._admission.take(amount)
        self._held += amount

    def __enter__(self) -> "Lease":
        return self

    def __exit__(self, *exc: object) -> None:
        self._admission.leave(self._held)
        self._held = 0
