"""Every colour mode to what an eye would see: upright, sRGB, 8 bits, and alpha in each way that it may be shown.

Invariants: 16 bits are scaled, never clipped; transparency of any kind becomes alpha; a colour profile that shows other
colours than sRGB is applied. What cannot be applied is dropped, and the file is then forwarded as fresh pixels only.
Not done here: limits (``decoding``), encoding (``encoding``).
"""

from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from consentry.guard.picture import DETECTOR_SIDE

LONG_ASPECT = 3
"""From this relation of the sides on, a picture is also shown in pieces: made small as a whole it shows nothing."""

_SRGB = ImageCms.createProfile("sRGB")
_HARMLESS_SHIFT = 8
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def turned(image: Image.Image, orientation: int) -> Image.Image:
    """The picture upright by an EXIF orientation; values that EXIF does not know change nothing."""
    turn = _TURNS.get(orientation)
    return image if turn is None else image.transpose(turn)


def to_colours(image: Image.Image, profile: bytes | None) -> Image.Image:
    """The picture as ``RGB``, or ``RGBA`` when anything in it is transparent; ``profile`` is its ICC profile."""
    if image.mode.startswith("I;16") or image.mode in ("I", "F"):
        return _from_deep(image)
    if profile and image.mode in ("RGB", "CMYK"):
        image = _through_profile(image, profile)
    if image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info:
        coloured = image.convert("RGBA")
        lowest = np.asarray(coloured.getchannel("A")).min()
        return coloured if lowest < 255 else coloured.convert("RGB")
    return image if image.mode == "RGB" else image.convert("RGB")


def _from_deep(image: Image.Image) -> Image.Image:
    values = np.asarray(image).astype(np.float64)
    return Image.fromarray((np.clip(values, 0, 65535) / 257 + 0.5).astype(np.uint8)).convert("RGB")


def profile_is_harmless(profile: bytes, mode: str) -> bool:
    """True when the profile changes no colour visibly, so that decoders that ignore it show the same."""
    if mode != "RGB":
        return False
    steps = np.array([0, 64, 128, 192, 255], dtype=np.uint8)
    cube = np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(25, 5, 3)
    shown = _through_profile(Image.fromarray(cube), profile)
    shift = np.abs(np.asarray(shown).astype(int) - cube.astype(int)).max()
    return int(shift) <= _HARMLESS_SHIFT


def _through_profile(image: Image.Image, profile: bytes) -> Image.Image:
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        shown = ImageCms.profileToProfile(image, source, _SRGB, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return image
    return image if shown is None else shown


def views_of(frame: Image.Image, longest: int = DETECTOR_SIDE) -> list[NDArray[np.uint8]]:
    """What detectors see of one upright frame (``RGB`` or ``RGBA``), each array (height, width, 3).

    Without alpha one view; with alpha the bare colours (programs that ignore alpha show them), then over black, then
    over white, equal ones once. A long strip is shown as a whole and in overlapping pieces.
    """
    found: list[NDArray[np.uint8]] = []
    for piece in _pieces(frame):
        small = _fitted(piece, longest)
        for view in _grounds(small):
            if not any(view.shape == other.shape and np.array_equal(view, other) for other in found):
                found.append(view)
    return found


def _grounds(small: Image.Image) -> list[NDArray[np.uint8]]:
    if small.mode == "RGB":
        return [np.asarray(small)]
    pixels = np.asarray(small)
    colours = np.ascontiguousarray(pixels[:, :, :3])
    alpha = pixels[:, :, 3:].astype(np.uint16)
    black = ((colours * alpha + 127) // 255).astype(np.uint8)
    white = (black + (255 - alpha)).clip(0, 255).astype(np.uint8)
    return [colours, black, white]


def _fitted(image: Image.Image, longest: int) -> Image.Image:
    side = max(image.size)
    if side <= longest:
        return image
    size = (max(1, round(image.width * longest / side)), max(1, round(image.height * longest / side)))
    if image.mode == "RGB":
        return image.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)
    # Colours and alpha apart: resizing them together would weigh away the colours that alpha hides.
    colours = image.convert("RGB").resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)
    colours.putalpha(image.getchannel("A").resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0))
    return colours


def _pieces(frame: Image.Image) -> list[Image.Image]:
    short, long = sorted(frame.size)
    if long < LONG_ASPECT * short:
        return [frame]
    length = min(long, 2 * short)
    starts = list(range(0, long - length, max(1, length * 3 // 4)))
    boxes = [(start, start + length) for start in (*starts, long - length)]
    if frame.width >= frame.height:
        return [frame, *(frame.crop((first, 0, last, short)) for first, last in boxes)]
    return [frame, *(frame.crop((0, first, short, last)) for first, last in boxes)]
