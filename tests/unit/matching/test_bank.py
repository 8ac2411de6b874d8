"""What may be banked and what counts as a match."""

import numpy as np
import pytest

from consentry.basics.ids import PdqHex
from consentry.matching.bank import Likeness, check_bankable, compare
from consentry.matching.errors import NotBankable
from consentry.matching.pdq import fingerprint
from examples.pictures.drawn import portrait


def test_a_portrait_may_be_banked() -> None:
    hashes, quality = fingerprint(portrait(0))
    check_bankable(hashes[0], quality)


def test_plain_grey_never_enters_a_bank_whatever_quality_is_claimed() -> None:
    hashes, quality = fingerprint(np.full((256, 256, 3), 128, dtype=np.uint8))
    with pytest.raises(NotBankable, match="too plain"):
        check_bankable(hashes[0], quality)
    with pytest.raises(NotBankable, match="unlike pictures"):
        check_bankable(PdqHex("0" * 64), 100)


@pytest.mark.parametrize(
    ("bits", "quality", "likeness"),
    [(0, 100, Likeness.EXACT), (4, 50, Likeness.EXACT), (5, 50, Likeness.NEAR), (31, 50, Likeness.NEAR),
     (32, 100, Likeness.NONE), (0, 49, Likeness.NONE)],
)  # fmt: skip
def test_likeness_by_distance_and_quality(bits: int, quality: int, likeness: Likeness) -> None:
    base = int("5a" * 32, 16)
    other = PdqHex(f"{base ^ ((1 << bits) - 1):064x}")
    match = compare(PdqHex(f"{base:064x}"), 100, other, quality)
    assert (match.likeness, match.distance) == (likeness, bits)
