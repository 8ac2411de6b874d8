"""The seam to whatever makes pictures: one verb, and three ways to fail that must not be mixed up.

::

    UpstreamError
    ├── UpstreamFault      no usable answer: unreachable, slow, broken, empty; nobody's offence (rule 14)
    ├── UpstreamRefused    the upstream says no to this request
    └── UpstreamBusy       the upstream asks to wait

Invariants: a request holds only what was screened (rule 13); the caller's key is never among it; an answer is held
whole before anybody sees a byte of it. Not done here: screening, signing, fetching of result addresses.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from consentry.basics.errors import ConsentryError
from consentry.guard.request import Route


class UpstreamError(ConsentryError):
    """The upstream gave no picture."""


class UpstreamFault(UpstreamError):
    """No usable answer. ``why`` is one of ``FAULTS``."""

    def __init__(self, why: str) -> None:
        super().__init__(
            f"The image service behind the guard gave no usable picture ({why}).",
            not_done="Nothing was returned.",
            next_step="Look at the upstream's health; the request may be sent again.",
        )
        self.why = why


class UpstreamRefused(UpstreamError):
    """The upstream refused the request; ``said`` is its own sentence, one line, at most 300 characters."""

    def __init__(self, said: str) -> None:
        super().__init__("The image service behind the guard refused the request.", not_done="No picture was made.")
        self.said = said


class UpstreamBusy(UpstreamError):
    """The upstream asks to wait."""

    def __init__(self) -> None:
        super().__init__("The image service behind the guard asks to wait.", not_done="No picture was made.")


UNREACHABLE = "it could not be reached"
TOO_SLOW = "it did not answer in time"
ITS_FAULT = "it answered with an error"
NOT_UNDERSTOOD = "its answer could not be understood"
NO_PICTURE = "its answer holds no picture"
TOO_LARGE = "its answer is too large"
NOT_READABLE = "its picture cannot be read or shows nothing"
NOT_FETCHED = "the address of its picture could not be fetched safely"
FAULTS = (UNREACHABLE, TOO_SLOW, ITS_FAULT, NOT_UNDERSTOOD, NO_PICTURE, TOO_LARGE, NOT_READABLE, NOT_FETCHED)


@dataclass(frozen=True, slots=True)
class UpstreamPicture:
    """One picture to be sent: the screened bytes and their true media type."""

    data: bytes = field(repr=False)
    media_type: str


@dataclass(frozen=True, slots=True)
class UpstreamRequest:
    """What is asked of the upstream. ``options`` are OpenAI's option fields (model, n, size ...)."""

    route: Route
    prompt: str | None = field(repr=False)
    images: tuple[UpstreamPicture, ...] = ()
    mask: UpstreamPicture | None = None
    options: Mapping[str, str | int | bool] = field(default_factory=dict)
    stream: bool = False


@dataclass(frozen=True, slots=True)
class ResultAddress:
    """An output that the upstream gives by address: to be fetched under the same rules as a caller's address."""

    url: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class UpstreamReply:
    """All outputs, in order, and the upstream's plain facts about them (``usage``, ``size``, ``quality`` ...)."""

    outputs: tuple[bytes | ResultAddress, ...]
    facts: Mapping[str, Any] = field(default_factory=dict)


class Upstream(Protocol):
    """Makes pictures. Used from one event loop; many requests at once."""

    @property
    def origin(self) -> str | None:
        """``scheme://host:port`` whose result addresses may be fetched although private; ``None`` without any."""
        ...

    @property
    def generator(self) -> str:
        """What made the pictures, for their credential: a product name, no version of a person's choosing."""
        ...

    async def make(
        self, request: UpstreamRequest, *, seconds: float, limit: int, take: Callable[[int], None]
    ) -> UpstreamReply:
        """The whole reply within ``seconds`` and ``limit`` bytes, each counted by ``take`` before it is kept.

        Raises an ``UpstreamError``, and whatever ``take`` raises. Never answers with fewer than one output.
        """
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...
