"""PDQ, the perceptual hash of 256 bits, in all eight turned and mirrored positions from one pass.

Invariants: the same pixels give the same hash; the eight hashes come in the reference's order (original, turned by
90, 180, 270 degrees, flipped in x, in y, along the diagonal, along the other one). The same bits as the reference
implementation on the same pixels, because both filters of the reference, its decimation and its cosine transform are
linear and done here as one matrix on each side. Not done here: decoding, and judging whether a quality is enough
(``bank``). A PDQ hash is a rough image: treat it as intimate data (rule 8).

Source: Facebook, "The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing Algorithm", 2019.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from consentry.basics.ids import PdqHex, parse_pdq
from consentry.matching.errors import NotAFingerprint

HASH_SIDE = 512
"""Larger pictures are made smaller first, as the reference's own program does (longest side, in pixels)."""

_BLOCK, _FREQUENCIES = 64, 16
_Matrix = NDArray[np.float32]


def fingerprint(rgb: NDArray[np.uint8]) -> tuple[tuple[PdqHex, ...], int]:
    """The eight hashes of one picture and its quality.

    ``rgb``: (height, width, 3). Returns ``(hashes, quality)``: hashes in the reference's order, the first being the
    picture as it stands; quality 0-100, where below 50 the picture is too plain for the hash to mean anything.
    """
    block = _block(_luma(rgb))
    transform = np.asarray(_cosines() @ block @ _cosines().T, dtype=np.float32)
    return tuple(_hex(turned) for turned in _positions(transform)), _quality(block)


def distance(one: PdqHex, other: PdqHex) -> int:
    """Differing bits, 0-256; up to 31 counts as the same picture."""
    return (int(one, 16) ^ int(other, 16)).bit_count()


def read_hash(text: str) -> PdqHex:
    """The hash in ``text`` (any case, blanks around it); ``NotAFingerprint`` for anything else."""
    try:
        return parse_pdq(text.strip().lower())
    except ValueError:
        raise NotAFingerprint(
            "That is not a PDQ hash.",
            not_done="Nothing was looked up.",
            next_step="A PDQ hash is 64 hexadecimal digits.",
        ) from None


def _luma(rgb: NDArray[np.uint8]) -> _Matrix:
    grey = Image.fromarray(rgb).convert("F")  # fractions kept: in a plain picture they decide the bits
    longest = max(grey.size)
    if longest > HASH_SIDE:
        size = (max(1, round(grey.width * HASH_SIDE / longest)), max(1, round(grey.height * HASH_SIDE / longest)))
        grey = grey.resize(size, Image.Resampling.BILINEAR)
    return np.asarray(grey, dtype=np.float32)


def _block(luma: _Matrix) -> _Matrix:
    """The picture blurred and thinned out to 64 x 64."""
    rows, columns = _thinning(luma.shape[0]), _thinning(luma.shape[1])
    # The product whose intermediate result is smaller comes first; the result is the same.
    block = (rows @ luma) @ columns.T if luma.shape[0] >= luma.shape[1] else rows @ (luma @ columns.T)
    return np.asarray(block, dtype=np.float32)


@lru_cache(maxsize=256)
def _thinning(length: int) -> _Matrix:
    """Two box filters along one axis of ``length`` pixels, then 64 samples of it, as a matrix of 64 x ``length``."""
    window = (length + 2 * _BLOCK - 1) // (2 * _BLOCK)
    reach = (window + 2) // 2
    here = np.arange(length)
    first, last = np.maximum(0, here + reach - window), np.minimum(length - 1, here + reach - 1)
    inside = (here >= first[:, None]) & (here <= last[:, None])
    box = inside / inside.sum(axis=1, keepdims=True)
    samples = ((np.arange(_BLOCK) + 0.5) * length / _BLOCK).astype(int)
    return np.ascontiguousarray(box[samples] @ box, dtype=np.float32)


@lru_cache(maxsize=1)
def _cosines() -> _Matrix:
    frequency, place = np.arange(1, _FREQUENCIES + 1)[:, None], np.arange(_BLOCK)[None, :]
    return np.asarray(np.sqrt(2 / _BLOCK) * np.cos(np.pi / 2 / _BLOCK * frequency * (2 * place + 1)), dtype=np.float32)


def _positions(transform: _Matrix) -> tuple[_Matrix, ...]:
    """The transforms of the eight turned and mirrored pictures: mirroring negates odd frequencies of its axis."""
    sign = np.where(np.arange(_FREQUENCIES) % 2 == 0, -1, 1).astype(np.float32)
    rows, columns, turned = sign[:, None], sign[None, :], transform.T
    return (
        transform,
        turned * rows,
        transform * rows * columns,
        turned * columns,
        transform * rows,
        transform * columns,
        turned,
        turned * rows * columns,
    )


def _hex(transform: _Matrix) -> PdqHex:
    flat = transform.ravel()
    median = np.partition(flat, flat.size // 2 - 1)[flat.size // 2 - 1]
    return PdqHex(np.packbits(flat[::-1] > median).tobytes().hex())


def _quality(block: _Matrix) -> int:
    steps = [np.abs(np.trunc((block[1:] - block[:-1]) * 100 / 255)).sum()]
    steps.append(np.abs(np.trunc((block[:, 1:] - block[:, :-1]) * 100 / 255)).sum())
    return min(100, int(sum(steps)) // 90)
