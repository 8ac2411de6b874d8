"""Picture files with one trait each: turned by tag, hiding behind alpha, in many frames, with something glued on."""

import struct
import zlib
from collections.abc import Sequence
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Pixels = NDArray[np.uint8]

MARK = (200, 40, 60)
"""The colour of ``corner``'s mark."""

INVERSE = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
"""What to do to an upright picture so that the orientation tag turns it back."""


def corner(width: int = 96, height: int = 64) -> Image.Image:
    """A grey ramp with a coloured mark in its upper left corner: every turn and flip looks different."""
    ramp = np.linspace(60, 180, width * height).reshape(height, width)
    pixels = np.repeat(ramp[:, :, None], 3, axis=2).astype(np.uint8)
    pixels[: height // 4, : width // 3] = MARK
    return Image.fromarray(pixels)


def encoded(image: Image.Image, name: str, **options: Any) -> bytes:
    """The picture as a file of format ``name``."""
    file = BytesIO()
    image.save(file, name, **options)
    return file.getvalue()


def turned_by_tag(image: Image.Image, orientation: int, name: str, **options: Any) -> bytes:
    """A file whose pixels lie turned and whose tag says how to turn them back."""
    turn = INVERSE.get(orientation)
    lying = image if turn is None else image.transpose(turn)
    exif = Image.Exif()
    exif[0x112] = orientation
    return encoded(lying, name, exif=exif.tobytes(), **options)


def animated(frames: Sequence[Image.Image], name: str, **options: Any) -> bytes:
    """A moving picture."""
    return encoded(frames[0], name, save_all=True, append_images=list(frames[1:]), **options)


def png_chunk(kind: bytes, body: bytes) -> bytes:
    """One PNG chunk with its length and check."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_that_claims(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose header claims a size."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + png_chunk(b"IHDR", header)
        + png_chunk(b"IDAT", zlib.compress(b"\0" * 64))
        + png_chunk(b"IEND", b"")
    )


def jpeg_with_segment(data: bytes, marker: int, body: bytes) -> bytes:
    """The JPEG with one more segment right after its start."""
    return data[:2] + struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body + data[2:]
