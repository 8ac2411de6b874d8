"""Every picture whole, upright and as it is seen, or refused by name; what goes on shows what was screened."""

from collections.abc import Callable
from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageCms

from consentry.basics.ids import PdqHex
from consentry.guard.decoding import decode_picture
from consentry.guard.errors import PictureRefused
from consentry.guard.limits import Limits
from consentry.guard.picture import DETECTOR_SIDE, Picture
from examples.pictures.drawn import portrait
from tests.factories.picture_files import (
    MARK,
    animated,
    corner,
    encoded,
    jpeg_with_segment,
    png_chunk,
    png_that_claims,
    turned_by_tag,
)

TURNING = {"JPEG": {"quality": 95, "subsampling": 0}, "PNG": {}, "WEBP": {"lossless": True}, "AVIF": {"quality": 95}}


def no_fingerprint(rgb: np.ndarray) -> tuple[tuple[PdqHex, ...], int]:
    return (PdqHex("0" * 64),), 100


def decode(data: bytes, **limits: int) -> Picture:
    return decode_picture(data, Limits(**limits), no_fingerprint)


def refusal(data: bytes, **limits: int) -> str:
    with pytest.raises(PictureRefused) as caught:
        decode(data, **limits)
    return caught.value.code


def like(view: np.ndarray, image: Image.Image, by: float = 6.0) -> bool:
    expected = np.asarray(image.convert("RGB")).astype(int)
    return view.shape == expected.shape and float(np.abs(view.astype(int) - expected).mean()) <= by


def clean_image(picture: Picture) -> Image.Image:
    return Image.open(BytesIO(picture.clean))


@pytest.mark.parametrize("orientation", [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
@pytest.mark.parametrize("name", TURNING)
def test_every_orientation_by_tag_gives_the_same_upright_picture(name: str, orientation: int) -> None:
    picture = decode(turned_by_tag(corner(), orientation, name, **TURNING[name]))
    assert (picture.width, picture.height) == (96, 64)
    assert like(picture.views[0], corner())
    assert like(np.asarray(clean_image(picture).convert("RGB")), corner())
    assert clean_image(picture).getexif().get(0x112, 1) == 1 or picture.clean_media_type == f"image/{name.lower()}"


def test_a_tag_after_the_pixels_of_a_png_counts() -> None:
    exif = Image.Exif()
    exif[0x112] = 6
    plain = encoded(corner().transpose(Image.Transpose.ROTATE_90), "PNG")
    end = plain.index(b"IEND") - 4
    data = plain[:end] + png_chunk(b"eXIf", exif.tobytes()[6:]) + plain[end:]
    assert like(decode(data).views[0], corner())


MODES: dict[str, Callable[[], bytes]] = {
    "1": lambda: encoded(corner().convert("1"), "PNG"),
    "L": lambda: encoded(corner().convert("L"), "PNG"),
    "LA": lambda: encoded(corner().convert("LA"), "PNG"),
    "P": lambda: encoded(corner().quantize(64), "PNG"),
    "RGB": lambda: encoded(corner(), "PNG"),
    "RGBA": lambda: encoded(corner().convert("RGBA"), "PNG"),
    "16 bit grey": lambda: encoded(Image.fromarray(np.asarray(corner().convert("L")).astype(np.uint16) * 257), "PNG"),
    "grey JPEG": lambda: encoded(corner().convert("L"), "JPEG", quality=95),
    "CMYK JPEG": lambda: encoded(corner().convert("CMYK"), "JPEG", quality=95, subsampling=0),
    "progressive JPEG": lambda: encoded(corner(), "JPEG", quality=95, subsampling=0, progressive=True),
    "GIF": lambda: encoded(corner(), "GIF"),
}
COLOURLESS = {"1", "L", "LA", "16 bit grey", "grey JPEG"}


@pytest.mark.parametrize("mode", MODES)
def test_every_colour_mode_shows_the_same_picture(mode: str) -> None:
    expected = corner().convert("L").convert("RGB") if mode in COLOURLESS else corner()
    picture = decode(MODES[mode]())
    assert len(picture.views) == 1
    if mode == "1":
        assert set(np.unique(picture.views[0])) == {0, 255}
        assert abs(float(picture.views[0].mean()) - float(np.asarray(expected).mean())) < 8
    else:
        assert like(picture.views[0], expected, by=12)
    assert like(np.asarray(clean_image(picture).convert("RGB")), Image.fromarray(picture.views[0]), by=3)


def test_sixteen_bits_are_forwarded_as_eight_so_that_no_decoder_clips_them() -> None:
    clean = clean_image(decode(MODES["16 bit grey"]()))
    assert clean.mode == "RGB"
    assert 50 < float(np.asarray(clean).mean()) < 190


def test_what_alpha_hides_is_shown_bare_over_black_and_over_white() -> None:
    hidden = np.dstack([np.asarray(corner()), np.zeros((64, 96), dtype=np.uint8)])
    bare, black, white = decode(encoded(Image.fromarray(hidden), "PNG")).views
    assert like(bare, corner())
    assert black.max() == 0
    assert white.min() == 255


def test_half_transparent_pixels_are_mixed_with_each_ground() -> None:
    pixels = np.dstack([np.full((8, 8, 3), 100, dtype=np.uint8), np.full((8, 8), 51, dtype=np.uint8)])
    _, black, white = decode(encoded(Image.fromarray(pixels), "PNG")).views
    assert (int(black[0, 0, 0]), int(white[0, 0, 0])) == (20, 224)


def test_a_transparent_colour_counts_as_alpha() -> None:
    data = encoded(corner(), "PNG", transparency=MARK)
    bare, black, _ = decode(data).views
    assert tuple(bare[0, 0]) == MARK
    assert tuple(black[0, 0]) == (0, 0, 0)


def frames_with_mark(count: int, at: int) -> list[Image.Image]:
    """Frames that all differ; only the one ``at`` has the mark."""
    frames = []
    for place in range(count):
        pixels = np.full((48, 64, 3), 40 + 10 * place, dtype=np.uint8)
        if place == at:
            pixels[:24, :32] = MARK
        frames.append(Image.fromarray(pixels))
    return frames


def marked(view: np.ndarray) -> bool:
    return bool(np.abs(view[12, 16].astype(int) - MARK).max() < 30)


@pytest.mark.parametrize("at", [0, 1, 19])
@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("GIF", {"duration": 10, "disposal": 1}),
        ("GIF", {"duration": 10, "disposal": 2}),
        ("PNG", {"duration": 10, "disposal": 1}),
        ("PNG", {"duration": 10, "default_image": True}),
        ("WEBP", {"duration": 10, "lossless": True}),
        ("AVIF", {"duration": 10, "quality": 90}),
    ],
)
def test_every_frame_is_seen_and_forwarded(name: str, options: dict[str, int], at: int) -> None:
    picture = decode(animated(frames_with_mark(20, at), name, **options))
    assert picture.frames == len(picture.views) == 20
    assert [marked(view) for view in picture.views] == [place == at for place in range(20)]
    again = decode(picture.clean)
    assert picture.clean_media_type == "image/webp"
    assert [marked(view) for view in again.views] == [place == at for place in range(20)]


@pytest.mark.parametrize("name", ["GIF", "PNG", "WEBP", "AVIF"])
def test_too_many_frames_are_refused_never_sampled(name: str) -> None:
    data = animated(frames_with_mark(9, 8), name, duration=20)
    assert decode(data, frames=9).frames == 9
    assert refusal(data, frames=8) == "too_many_frames"
    assert refusal(data, total_pixels=64 * 48 * 8) == "too_many_frames"


def photo(**options: object) -> bytes:
    return encoded(Image.fromarray(portrait(1)), "JPEG", **{"quality": 90, **options})


def test_a_plain_file_goes_on_as_it_is() -> None:
    for data in (photo(), photo(progressive=True), encoded(corner(), "PNG"), encoded(corner(), "WEBP")):
        assert decode(data).clean == data


def _exif_with_thumbnail() -> bytes:
    exif = Image.Exif()
    exif[0x10E] = "x"
    body = bytearray(exif.tobytes())
    return bytes(body) + encoded(corner(32, 32), "JPEG")


OTHER_CONTENT: dict[str, Callable[[], bytes]] = {
    "trailing bytes": lambda: photo() + b"\0" * 8,
    "two JPEGs glued": lambda: photo() + encoded(corner(), "JPEG"),
    "a preview in EXIF": lambda: jpeg_with_segment(photo(), 0xE1, _exif_with_thumbnail()),
    "a preview in JFIF": lambda: jpeg_with_segment(photo(), 0xE0, b"JFXX\0\x10" + encoded(corner(32, 32), "JPEG")),
    "an index of more pictures": lambda: animated([corner(), corner(32, 32)], "MPO"),
    "a long comment": lambda: jpeg_with_segment(photo(), 0xFE, b"x" * 300),
    "XMP": lambda: jpeg_with_segment(photo(), 0xE1, b"http://ns.adobe.com/xap/1.0/\0<x/>"),
    "a PNG that is also a ZIP": lambda: encoded(corner(), "PNG") + b"PK\x03\x04rest",
    "a PNG with text": lambda: (
        encoded(corner(), "PNG")[:33] + png_chunk(b"tEXt", b"a\0b") + encoded(corner(), "PNG")[33:]
    ),
    "a WebP with more behind": lambda: encoded(corner(), "WEBP") + b"more",
    "four inks": lambda: encoded(corner().convert("CMYK"), "JPEG"),
    "another gamma": lambda: (
        encoded(corner(), "PNG")[:33] + png_chunk(b"gAMA", b"\0\0\0\1") + encoded(corner(), "PNG")[33:]
    ),
}


@pytest.mark.parametrize("what", OTHER_CONTENT)
def test_a_file_with_anything_else_in_it_goes_on_as_fresh_pixels(what: str) -> None:
    data = OTHER_CONTENT[what]()
    picture = decode(data)
    assert picture.clean != data
    assert decode(picture.clean).clean == picture.clean, "what goes on holds one picture and nothing else"
    assert like(decode(picture.clean).views[0], Image.fromarray(picture.views[0]), by=3)


def test_a_profile_that_shows_other_colours_is_applied_and_not_forwarded() -> None:
    lab_like = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes()
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert decode(photo(icc_profile=srgb)).clean == photo(icc_profile=srgb)
    picture = decode(photo(icc_profile=lab_like))
    assert "icc_profile" not in clean_image(picture).info or picture.clean == photo(icc_profile=lab_like)


@pytest.mark.parametrize(
    ("data", "named"),
    [
        (encoded(corner(), "BMP"), "BMP"),
        (encoded(corner(), "TIFF"), "TIFF"),
        (encoded(corner(), "ICO"), "ICO"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC"),
        (b"\xff\x0a" + b"\0" * 20, "JPEG XL"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"%PDF-1.7", "PDF"),
        (b"<!DOCTYPE html><p>", "HTML"),
        (b"hello", ""),
        (b"", ""),
    ],
)
def test_any_other_format_is_refused_by_name(data: bytes, named: str) -> None:
    with pytest.raises(PictureRefused) as caught:
        decode(data)
    assert (caught.value.code, caught.value.format) == ("image_format_not_accepted", named)
    assert "JPEG, PNG, WEBP, GIF" in str(caught.value)


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
@pytest.mark.parametrize("tenth", range(1, 10))
def test_a_truncated_file_is_refused(name: str, tenth: int) -> None:
    whole = encoded(Image.fromarray(portrait(2, 200)), name)
    assert refusal(whole[: len(whole) * tenth // 10]) in {"image_not_decodable", "image_format_not_accepted"}


def test_a_truncated_progressive_jpeg_is_refused() -> None:
    whole = photo(progressive=True)
    assert {refusal(whole[: len(whole) * tenth // 10]) for tenth in range(1, 10)} == {"image_not_decodable"}


@pytest.mark.parametrize("size", [(40_000, 40_000), (1, 40_000), (40_000, 1), (20, 8_000), (17_000, 2_000)])
def test_a_size_above_the_limit_is_refused_by_the_header_alone(size: tuple[int, int]) -> None:
    assert refusal(png_that_claims(*size)) == "image_too_large"


def test_a_file_above_the_limit_is_refused_unread() -> None:
    assert refusal(photo(), file_bytes=1000) == "image_too_large"


def test_a_large_picture_is_shown_small_and_forwarded_in_full() -> None:
    large = Image.fromarray(portrait(4)).resize((2400, 1800))
    data = encoded(large, "JPEG", quality=90)
    for file in (data, data + b"!"):
        picture = decode(file)
        assert (picture.width, picture.height) == (2400, 1800)
        assert picture.views[0].shape == (720, DETECTOR_SIDE, 3)
        assert like(picture.views[0], large.resize((DETECTOR_SIDE, 720)))
        assert clean_image(picture).size == (2400, 1800)


def test_a_long_strip_is_also_shown_in_pieces_that_cover_it() -> None:
    strip = np.full((3000, 200, 3), 120, dtype=np.uint8)
    strip[2700:2900] = MARK
    picture = decode(encoded(Image.fromarray(strip), "PNG"))
    whole, *pieces = picture.views
    assert whole.shape[0] == DETECTOR_SIDE
    assert all(piece.shape[0] <= 2 * piece.shape[1] for piece in pieces)
    assert any((np.abs(piece.astype(int) - MARK).max(axis=2) < 10).mean() > 0.4 for piece in pieces)


def test_hashes_of_views_too_plain_to_recognise_are_left_out() -> None:
    qualities = iter([20, 80])

    def fingerprint(rgb: np.ndarray) -> tuple[tuple[PdqHex, ...], int]:
        quality = next(qualities)
        return (PdqHex(f"{quality:064x}"),), quality

    picture = decode_picture(animated(frames_with_mark(2, 1), "GIF"), Limits(), fingerprint)
    assert picture.pdq == PdqHex(f"{20:064x}")
    assert picture.pdq_quality == 20
    assert picture.pdq_all == (PdqHex(f"{80:064x}"),)
