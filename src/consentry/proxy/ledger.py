"""The seam to whatever keeps decisions: who calls, what was decided, what became of it.

Invariants: every verb that records returns only when its record is durable; when one raises, the proxy returns nothing
of what the record was about. Verbs are awaited from the event loop, many at once. The types of this file are
structural: an implementation need not import it.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, TypeVar

from consentry.guard.output import OutputScreening
from consentry.guard.pipeline import Screening
from consentry.guard.request import ScreenRequest
from consentry.provenance.signing import ReleasedPicture

Promise = Mapping[str, Any]
"""A signed promise of inclusion in the log, as JSON values (docs/spec of the leaf)."""


class Caller(Protocol):
    """An authenticated machine key."""

    @property
    def machine_id(self) -> str:
        """The key's id, never the key."""
        ...

    @property
    def platform(self) -> str:
        """The id of the platform that the key belongs to."""
        ...

    @property
    def scopes(self) -> frozenset[str]:
        """What the key opens: ``screen``, ``subject`` and others."""
        ...


CallerT = TypeVar("CallerT", bound=Caller)


class Ledger(Protocol[CallerT]):
    """Knows callers of its own kind and keeps decisions."""

    async def authenticate(self, bearer: str) -> CallerT | None:
        """The caller with this key; ``None`` for an unknown or revoked one."""
        ...

    async def may_ask(self, caller: CallerT, subject: str) -> bool:
        """Whether this person of the caller's platform may ask at all: ``False`` while suspended for strikes."""
        ...

    async def record_screening(self, caller: CallerT, request: ScreenRequest, screening: Screening) -> Promise:
        """Keep a decision about a request, and what memory needs of its pictures; the promise goes to the caller."""
        ...

    async def record_output(self, caller: CallerT, screening: Screening, output: OutputScreening) -> Promise:
        """Keep the verdict on the outputs of an allowed request: clean, stopped or a fault of the upstream."""
        ...

    async def record_fault(self, caller: CallerT, screening: Screening, why: str) -> None:
        """Keep that an allowed request got no picture from the upstream; never a strike, never a refusal."""
        ...

    async def record_release(self, caller: CallerT, screening: Screening, released: Sequence[ReleasedPicture]) -> None:
        """Keep what is about to leave, with its lineage (``screening.context``)."""
        ...
