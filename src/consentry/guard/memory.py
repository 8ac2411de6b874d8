"""What is already known of a picture: banked, refused lately, or made by us from something else (lineage).

The guard asks before it decides; the answer depends on the picture's fingerprint, never on a user name, which a
caller can choose (rule 7). One outward reason covers protected, banked and reported pictures (rule 8).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from consentry.basics.ids import PdqHex


@dataclass(frozen=True, slots=True)
class Recollection:
    """What memory holds of one picture.

    ``blocked`` is 1.0 when an active bank holds it (distance <= 31, quality >= 50), else 0.0. ``refused`` is 1.0
    when a request with this picture was refused within the memory window. ``root_exposure`` is the exposure (0-1) of
    the first picture of its lineage, or ``None`` when it is not an output of ours. ``root_pdq`` names that picture.
    """

    blocked: float = 0.0
    refused: float = 0.0
    root_exposure: float | None = None
    root_pdq: PdqHex | None = None


class PictureMemory(Protocol):
    """Looks a picture up by its fingerprints. Raises when it cannot answer; silence would mean *allow*."""

    def recall(self, hashes: Sequence[PdqHex]) -> Recollection:
        """The strictest recollection over all ``hashes`` (every view, eight positions) of one picture."""
        ...


class EmptyMemory:
    """Remembers nothing: for the library and the command line, where no database stands behind the guard."""

    def recall(self, hashes: Sequence[PdqHex]) -> Recollection:
        """Always the empty recollection."""
        return Recollection()
