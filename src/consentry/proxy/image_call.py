"""One image request as understood: everything in it is either screened or an option without room for words."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from consentry.guard.request import Role, Route

Option = str | int | bool


@dataclass(frozen=True, slots=True)
class PictureSource:
    """Where one picture comes from: ``data`` (its bytes) or ``url`` (still to be fetched), never both."""

    name: str
    role: Role
    data: bytes | None = field(default=None, repr=False)
    url: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class ImageCall:
    """A parsed request. ``options`` are forwarded as they are; ``user`` is not forwarded; ``prompt`` is screened.

    ``wants_url``: the caller asked for ``response_format: url``. ``lowered``: the caller asked for lower moderation.
    """

    route: Route
    prompt: str | None = field(repr=False)
    pictures: tuple[PictureSource, ...]
    options: Mapping[str, Option]
    user: str | None = field(default=None, repr=False)
    stream: bool = False
    wants_url: bool = False
    lowered: bool = False
