"""One file to one picture, under limits, deciding nothing about what it shows (docs/spec/pictures.md).

Invariants: what a header claims is checked before pixels are decoded; every frame is decoded, upright and complete, or
the whole file is refused; a warning of the decoder counts as an error; ``Picture.clean`` shows exactly what ``views``
show. Not done here: limits of memory and processor time. Hostile files make decoders crash, so this runs in a
process of its own (``adapters.decoding``), one file at a time.
"""

import hashlib
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO

from PIL import ExifTags, Image, UnidentifiedImageError, features

from consentry.basics.ids import PdqHex, Sha256Hex
from consentry.guard.containers import ACCEPTED, UNKNOWN, holds_one_picture, sniff
from consentry.guard.encoding import encode_afresh
from consentry.guard.errors import PictureRefused
from consentry.guard.flattening import LONG_ASPECT, profile_is_harmless, to_colours, turned, views_of
from consentry.guard.limits import Limits
from consentry.guard.picture import DETECTOR_SIDE, Picture, type_rgb

Fingerprint = Callable[[type_rgb], tuple[tuple[PdqHex, ...], int]]
"""Eight hashes of one view, the first as it stands, and the quality 0-100 (``matching.pdq.fingerprint``)."""

MIN_QUALITY = 50
"""Views plainer than this give no hashes for look-ups: they would be near every other plain picture."""

_SIDES = ((4, DETECTOR_SIDE), (12, 640), (30, 480), (1 << 30, 360))
"""(frames at most, longest side in pixels of their views)."""


def accepted_formats() -> dict[str, str]:
    """Formats that are read here, with media types: AVIF only where Pillow was built with it."""
    return {name: kind for name, kind in ACCEPTED.items() if name != "AVIF" or features.check("avif")}


def decode_picture(data: bytes, limits: Limits, fingerprint: Fingerprint) -> Picture:
    """The whole picture in ``data``; ``PictureRefused`` with the reason code when it is not read."""
    if len(data) > limits.file_bytes:
        raise PictureRefused(f"The file has more than {limits.file_bytes} bytes.", code="image_too_large")
    name = sniff(data)
    if name not in accepted_formats():
        raise _not_accepted(name)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            return _decode(data, name, limits, fingerprint)
        except PictureRefused:
            raise
        except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError):
            raise _too_large("It needs too much memory.") from None
        except UnidentifiedImageError:
            raise _broken("It is not what its first bytes say.") from None
        except Exception as broken:  # decoders raise whatever they like on hostile bytes
            raise _broken(f"The decoder gave up ({type(broken).__name__}).") from broken


@dataclass(frozen=True, slots=True)
class _Frame:
    """One frame; ``unmanaged`` is the same without its colour profile, where that makes a difference."""

    image: Image.Image
    milliseconds: int
    unmanaged: Image.Image | None = None

    def turned(self, orientation: int) -> "_Frame":
        plain = None if self.unmanaged is None else turned(self.unmanaged, orientation)
        return _Frame(turned(self.image, orientation), self.milliseconds, plain)


def _decode(data: bytes, name: str, limits: Limits, fingerprint: Fingerprint) -> Picture:
    image = Image.open(BytesIO(data), formats=[name])
    _check_header(image, limits)
    profile = image.info.get("icc_profile") or None
    single = holds_one_picture(data, name)
    orientation = _orientation(image) if single else None
    as_it_is = single and orientation == 1 and (profile is None or profile_is_harmless(profile, image.mode))
    if as_it_is and name == "JPEG" and max(image.size) < LONG_ASPECT * min(image.size):
        size = image.size
        image.draft("RGB", (DETECTOR_SIDE, DETECTOR_SIDE))
        frames = [_Frame(to_colours(image, None), 0)]
    else:
        frames = list(_frames(image, name, None if as_it_is else profile, limits))
        if orientation is None:
            orientation = _orientation(image) or 1  # only now are the parts after the pixels known
        frames = [frame.turned(orientation) for frame in frames]
        size = frames[0].image.size
    side = _side(len(frames))
    views: list[type_rgb] = [view for frame in frames for view in views_of(frame.image, side)]
    # Other systems' fingerprints ignore colour profiles, so ours is found under both, theirs first.
    plain = [view for frame in frames if frame.unmanaged is not None for view in views_of(frame.unmanaged, side)]
    prints = [fingerprint(view) for view in (*plain, *views)]
    clean, media_type = (
        (data, ACCEPTED[name])
        if as_it_is and len(frames) == 1
        else encode_afresh([frame.image for frame in frames], [frame.milliseconds for frame in frames], name)
    )
    return Picture(
        sha256=Sha256Hex(hashlib.sha256(data).hexdigest()),
        format=name,
        width=size[0],
        height=size[1],
        frames=len(frames),
        views=tuple(views),
        pdq=prints[0][0][0],
        pdq_quality=prints[0][1],
        pdq_all=tuple(dict.fromkeys(one for hashes, quality in prints if quality >= MIN_QUALITY for one in hashes)),
        clean=clean,
        clean_media_type=media_type,
    )


def _side(frames: int) -> int:
    """Longest side of the views: many frames are each shown smaller, so that all can be looked at in time."""
    return next(side for most, side in _SIDES if frames <= most)


def _check_header(image: Image.Image, limits: Limits) -> None:
    width, height = image.size
    if width < 1 or height < 1:
        raise _broken("It has no pixels.")
    if width * height > limits.pixels or max(width, height) > limits.side:
        raise _too_large(f"It has {width} x {height} pixels.")
    if max(width, height) > limits.aspect * min(width, height):
        raise _too_large(f"It is a strip of {width} x {height} pixels.")


def _frames(image: Image.Image, name: str, profile: bytes | None, limits: Limits) -> Iterator[_Frame]:
    """Every frame, composed as a viewer shows it."""
    canvas = image.size
    most = min(limits.frames, max(1, limits.total_pixels // (canvas[0] * canvas[1])))
    for place in range(limits.frames + 1):
        if place:
            try:
                image.seek(place)
            except EOFError:
                return
            if place >= most:
                raise PictureRefused(f"It has more than {most} frames.", code="too_many_frames")
        image.load()
        if image.size != canvas:
            raise _broken("Its frames differ in size.")
        duration = image.info.get("duration", 0)
        milliseconds = int(duration) if isinstance(duration, int | float) and 0 <= duration < 1e6 else 0
        frame = to_colours(image, profile)
        yield _Frame(
            frame.copy() if frame is image else frame,
            milliseconds,
            to_colours(image, None).copy() if profile else None,
        )
        if name == "JPEG":
            return  # what follows the first picture in a JPEG file is neither read nor forwarded


def _orientation(image: Image.Image) -> int | None:
    """The orientation tag, 1 when there is none; ``None`` when the metadata cannot be read or say nonsense."""
    try:
        value = image.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:  # broken metadata must not hide a readable picture; it is not forwarded
        return None
    return value if isinstance(value, int) and 1 <= value <= 8 else None


def _not_accepted(name: str) -> PictureRefused:
    found = "of no format known here" if name == UNKNOWN else name
    return PictureRefused(
        f"The file is {found}; accepted are {', '.join(accepted_formats())}.",
        code="image_format_not_accepted",
        format="" if name == UNKNOWN else name,
    )


def _too_large(detail: str) -> PictureRefused:
    return PictureRefused(f"The picture is larger than is read here. {detail}", code="image_too_large")


def _broken(detail: str) -> PictureRefused:
    return PictureRefused(f"The picture cannot be read. {detail}", code="image_not_decodable")
