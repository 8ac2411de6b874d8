"""What a caller asks the guard: words and pictures, as bytes, with where they came from.

Invariant: a request holds *everything* that will be forwarded. What is not here is not sent on (rule 13).
Not done here: parsing of any outside API shape (``proxy/``), decoding (``picture.py``).
"""

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum

from consentry.basics.ids import RequestId, Sha256Hex


class Route(StrEnum):
    """``GENERATE`` makes a picture from words; ``EDIT`` starts from pictures; ``VARIATION`` from one, without words."""

    GENERATE = "generate"
    EDIT = "edit"
    VARIATION = "variation"


class Person(StrEnum):
    """What the caller says about the person shown. ``FICTIONAL`` loosens only when no photographic face is seen."""

    REAL = "real"
    FICTIONAL = "fictional"
    NONE = "none"
    UNSTATED = "unstated"


class Role(StrEnum):
    """What a picture is for in the request."""

    INPUT = "input"
    MASK = "mask"
    OUTPUT = "output"


@dataclass(frozen=True, slots=True)
class ImagePart:
    """One picture file as received: ``name`` is the field it came in (``image[]#2``), ``data`` the undecoded bytes."""

    name: str
    role: Role
    data: bytes = field(repr=False)

    @property
    def sha256(self) -> Sha256Hex:
        """SHA-256 of the bytes, lower-case hex."""
        return Sha256Hex(hashlib.sha256(self.data).hexdigest())


@dataclass(frozen=True, slots=True)
class TextPart:
    """One piece of text as received. ``excludes`` marks a negative prompt, whose words are asked *not* to appear."""

    name: str
    text: str = field(repr=False)
    excludes: bool = False


@dataclass(frozen=True, slots=True)
class ScreenRequest:
    """One question to the guard.

    ``texts`` and ``images`` are all the parts in order. ``subject`` is the authenticated platform's pseudonym of
    the person who asks, ``None`` meaning the strictest tier. ``platform`` names the authenticated caller.
    """

    request_id: RequestId
    route: Route
    texts: tuple[TextPart, ...] = ()
    images: tuple[ImagePart, ...] = ()
    person: Person = Person.UNSTATED
    subject: str | None = None
    platform: str = "local"
