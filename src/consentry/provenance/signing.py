"""The seam for signing pictures: one verb. A picture that cannot be signed is not released."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from consentry.basics.ids import PdqHex, Sha256Hex


@dataclass(frozen=True, slots=True)
class SourcePicture:
    """A picture that was worked from, as received, so that its own credential is kept."""

    data: bytes = field(repr=False)
    media_type: str


@dataclass(frozen=True, slots=True)
class SignedPicture:
    """A picture with its credential inside; ``manifest_id`` is the label of that credential."""

    data: bytes = field(repr=False)
    media_type: str
    manifest_id: str
    sha256: Sha256Hex


@dataclass(frozen=True, slots=True)
class ReleasedPicture:
    """What is recorded of a picture that leaves: its fingerprints and its credential's label, no pixel of it.

    ``sha256`` is of the bytes that leave; ``pdq`` (256 bits, hex) and ``pdq_quality`` (0-100) of what they show.
    """

    sha256: Sha256Hex
    pdq: PdqHex
    pdq_quality: int
    media_type: str
    manifest_id: str


class Signer(Protocol):
    """Signs pictures. Called from several threads at once."""

    def sign(
        self, data: bytes, media_type: str, *, sources: Sequence[SourcePicture] = (), generator: str = ""
    ) -> SignedPicture:
        """``data`` with a credential that says how it was made.

        Without ``sources`` it was made by a model from words; with them it is an edit of the first, with the others
        as further inputs. ``generator`` names what made it. ``SigningFailed`` when it cannot be; an invalid or
        expired credential of a source never is a reason for that.
        """
        ...
