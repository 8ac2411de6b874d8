"""Our one-pass PDQ against the reference implementation, and the meaning of its eight positions."""

import numpy as np
import pdqhash
import pytest

from consentry.matching.errors import NotAFingerprint
from consentry.matching.pdq import distance, fingerprint, read_hash
from examples.pictures.drawn import portrait
from examples.pictures.scenes import landscape


def reference(rgb: np.ndarray) -> tuple[list[str], int]:
    hashes, quality = pdqhash.compute_dihedral(np.ascontiguousarray(rgb))
    return [np.packbits(bits).tobytes().hex() for bits in hashes], quality


@pytest.mark.parametrize("shape", [(512, 512), (341, 512), (512, 200), (100, 70), (500, 37), (64, 64), (9, 300)])
def test_all_eight_hashes_and_the_quality_are_the_references(shape: tuple[int, int]) -> None:
    rgb = np.ascontiguousarray(portrait(3)[: shape[0], : shape[1]])
    hashes, quality = fingerprint(rgb)
    expected, expected_quality = reference(rgb)
    assert [distance(one, other) for one, other in zip(hashes, expected, strict=True)] == pytest.approx([0] * 8, abs=2)
    assert quality == pytest.approx(expected_quality, abs=1)


def test_the_second_to_eighth_hash_find_the_turned_and_mirrored_pictures() -> None:
    rgb = landscape(1)
    hashes, _ = fingerprint(rgb)
    turned = [np.rot90(rgb, k) for k in range(4)] + [np.rot90(rgb[:, ::-1], k) for k in range(4)]
    for picture in turned:
        plain = fingerprint(np.ascontiguousarray(picture))[0][0]
        assert min(distance(plain, one) for one in hashes) <= 16


def test_a_plain_picture_has_no_quality() -> None:
    assert fingerprint(np.full((300, 300, 3), 128, dtype=np.uint8))[1] == 0


def test_a_hash_is_read_in_any_case_and_nothing_else_is() -> None:
    assert read_hash(f" {'AB' * 32}\n") == "ab" * 32
    for wrong in ("", "ab" * 31, "zz" * 32, "ab" * 33):
        with pytest.raises(NotAFingerprint):
            read_hash(wrong)
