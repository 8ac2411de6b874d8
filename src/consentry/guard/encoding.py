"""Fresh files from pixels: what is forwarded when the original may hold more than was screened.

Invariants: the file holds the pixels that were screened, upright, in sRGB, and nothing else: no metadata, no profile.
"""

from collections.abc import Sequence
from io import BytesIO

from PIL import Image

_PHOTOGRAPHIC = ("JPEG", "WEBP", "AVIF")
JPEG_QUALITY = 95


def encode_afresh(frames: Sequence[Image.Image], durations: Sequence[int], original: str) -> tuple[bytes, str]:
    """The bytes and media type of upright ``RGB`` or ``RGBA`` frames.

    One frame of a photographic format without alpha becomes JPEG, other single frames PNG (lossless), several WebP
    with their ``durations`` in milliseconds.
    """
    file = BytesIO()
    if len(frames) > 1:
        bare = [_bare(frame) for frame in frames]
        bare[0].save(
            file,
            "WEBP",
            save_all=True,
            append_images=bare[1:],
            duration=[max(1, one) for one in durations],
            loop=0,
            quality=90,
            method=0,
            exact=True,
        )
        return file.getvalue(), "image/webp"
    frame = _bare(frames[0])
    if original in _PHOTOGRAPHIC and frame.mode == "RGB":
        frame.save(file, "JPEG", quality=JPEG_QUALITY, subsampling=0)
        return file.getvalue(), "image/jpeg"
    frame.save(file, "PNG", compress_level=1)
    return file.getvalue(), "image/png"


def _bare(frame: Image.Image) -> Image.Image:
    """The frame without anything that an encoder would write along with it."""
    bare = frame.copy()
    bare.info = {}
    return bare
