"""What may enter a bank and what counts as a match: pure rules over hashes and their quality.

Invariants: a plain picture (quality below 50) is never banked and never a match, because its hash is near that of every
other plain picture. Who may bank (rule 5: only what the server computed, after a person's decision) is the actions'
business.
"""

from dataclasses import dataclass
from enum import StrEnum

from consentry.basics.ids import PdqHex
from consentry.matching.errors import NotBankable
from consentry.matching.pdq import distance

MIN_QUALITY = 50
"""Below this the upstream project advises to discard a hash."""

MATCH_DISTANCE = 31
"""Bits that two hashes of one picture may differ in."""

EXACT_DISTANCE = 4
"""Up to here the pixels are the same for every practical purpose (another encoder, another resizer)."""

_FEW_BITS = 64
"""A hash with fewer bits of one kind than this is not that of a photograph: half its bits are above the median."""


class Likeness(StrEnum):
    """How near two pictures are by their hashes."""

    EXACT = "exact"
    NEAR = "near"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Match:
    """The likeness of two pictures with the distance it rests on; ``NONE`` when a quality is too low to tell."""

    likeness: Likeness
    distance: int


def check_bankable(value: PdqHex, quality: int) -> None:
    """Pass silently when the hash may be banked; ``NotBankable`` says why not."""
    if quality < MIN_QUALITY:
        raise _not_bankable(f"The picture is too plain to recognise (quality {quality}, at least {MIN_QUALITY}).")
    ones = int(value, 16).bit_count()
    if not _FEW_BITS <= ones <= 256 - _FEW_BITS:
        raise _not_bankable("The hash is one that many unlike pictures share.")


def compare(one: PdqHex, one_quality: int, other: PdqHex, other_quality: int) -> Match:
    """How near two pictures are; ``NONE`` whenever either hash means nothing."""
    apart = distance(one, other)
    if min(one_quality, other_quality) < MIN_QUALITY or apart > MATCH_DISTANCE:
        return Match(Likeness.NONE, apart)
    return Match(Likeness.EXACT if apart <= EXACT_DISTANCE else Likeness.NEAR, apart)


def _not_bankable(happened: str) -> NotBankable:
    return NotBankable(
        happened,
        not_done="Nothing was banked.",
        next_step="Act on this one item; stay-down needs a picture with more in it.",
    )
