"""A decoded picture: every frame, upright, flattened over black and over white, decoded once and shared.

Invariants: ``views`` are ``uint8`` RGB arrays of shape (height, width, 3), EXIF orientation already applied, longest
side at most ``DETECTOR_SIDE`` pixels; one view a frame, three where anything is transparent (bare colours, over black,
over white; equal ones once), and more for a long strip, which is also shown in pieces. ``width`` and ``height`` are
those of the upright original. Not done here: decoding (an adapter's decoding process does it under limits) and any
judgement.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from consentry.basics.ids import PdqHex, Sha256Hex

DETECTOR_SIDE = 960
"""Longest side, in pixels, of the views that detectors see."""

type_rgb = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Picture:
    """One decoded file.

    ``sha256`` is of the file's bytes. ``pdq`` is the PDQ of the first view (256 bits, hex; without the colour profile,
    as every other system has it) and ``pdq_quality`` 0-100. ``pdq_all`` holds the PDQ of every view in its eight
    dihedral positions, for look-ups only; views too plain to be told apart (quality below 50) have none there.
    ``clean`` is the picture encoded anew from pixels (PNG, or JPEG for photographs; WebP when animated) or the original
    bytes when the container was walked to its last byte and holds exactly one picture (rule 13): this is what may be
    forwarded. ``format`` is the original's (``JPEG``, ``PNG``, ``WEBP``, ``GIF``, ``AVIF``).
    """

    sha256: Sha256Hex
    format: str
    width: int
    height: int
    frames: int
    views: tuple[type_rgb, ...] = field(repr=False)
    pdq: PdqHex
    pdq_quality: int
    pdq_all: tuple[PdqHex, ...] = field(repr=False)
    clean: bytes = field(repr=False)
    clean_media_type: str = "image/png"
