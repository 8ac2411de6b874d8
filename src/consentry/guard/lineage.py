"""What an output is measured against: the first picture of its family.

The family is found by fingerprint, whoever sends the picture (rule 7). A wrongly linked family can only lower the
root's exposure that is believed, so it makes the check stricter, never looser. Not done here: remembering (``memory``).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from consentry.basics.ids import PdqHex
from consentry.guard.memory import Recollection

FACE_SEEN = 0.6
"""A face score from which a picture counts as showing a person."""


@dataclass(frozen=True, slots=True)
class InputSeen:
    """One input picture as far as lineage needs it: its fingerprint, exposure, face score and recollection."""

    pdq: PdqHex
    exposure: float
    faces_score: float
    recollection: Recollection


@dataclass(frozen=True, slots=True)
class Root:
    """The picture that an output is compared with; ``exposure`` is ``None`` when there is no input picture."""

    exposure: float | None = None
    pdq: PdqHex | None = None


def find_root(inputs: Sequence[InputSeen]) -> Root:
    """The strictest root among ``inputs`` (masks left out).

    Each input that is an output of ours stands for the first picture of its lineage, but never for more than it
    shows itself. Among several, the least exposed that shows a face is taken, because a bare reference picture beside
    a dressed person must not raise what the output may show; without any face, the least exposed of all.
    """
    persons = [one for one in inputs if one.faces_score >= FACE_SEEN] or list(inputs)
    roots = [_root_of(one) for one in persons]
    return min(roots, key=lambda root: root.exposure or 0.0, default=Root())


def _root_of(one: InputSeen) -> Root:
    known = one.recollection.root_exposure
    if known is not None and known <= one.exposure:
        return Root(known, one.recollection.root_pdq or one.pdq)
    return Root(one.exposure, one.recollection.root_pdq or one.pdq)
