"""Ordinary pictures in tricky containers (../shared/vectors/tricky): what goes on shows what was screened."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageOps

from consentry.guard.decoding import decode_picture
from consentry.guard.errors import PictureRefused
from consentry.guard.limits import Limits
from consentry.guard.picture import Picture
from consentry.matching.pdq import distance, fingerprint
from tests.shared_data import shared

UPRIGHT = {
    "abc_color_irot_alpha_irot.avif": (256, 512),
    "abc_color_irot_alpha_NOirot.avif": (256, 512),
    "colors-animated-8bpc.avif": (150, 150),
    "paris_exif_orientation_5.jpg": (302, 403),
    "paris_icc_exif_xmp.png": (403, 302),
    "paris_icc_exif_xmp_at_end.png": (403, 302),
    "paris_exif_xmp_modified_icc.jpg": (403, 302),
    "paris_xmp_trailing_null.jpg": (403, 302),
    "seine_sdr_gainmap_srgb.jpg": (400, 300),
}


def decode(name: str) -> Picture:
    return decode_picture((shared("vectors/tricky") / name).read_bytes(), Limits(), fingerprint)


@pytest.mark.parametrize("name", UPRIGHT)
def test_the_file_is_read_upright_and_goes_on_as_fresh_pixels(name: str) -> None:
    picture = decode(name)
    assert (picture.width, picture.height) == UPRIGHT[name]
    assert picture.clean != (shared("vectors/tricky") / name).read_bytes()
    forwarded = Image.open(BytesIO(picture.clean))
    assert forwarded.size == UPRIGHT[name]
    assert ImageOps.exif_transpose(forwarded).size == UPRIGHT[name]
    assert getattr(forwarded, "n_frames", 1) == picture.frames
    assert forwarded.info.get("icc_profile") is None
    shown = np.asarray(forwarded.convert("RGB")).astype(int)
    assert np.abs(shown - picture.views[0].astype(int)).mean() < 4


def test_every_frame_of_a_moving_avif_is_read() -> None:
    picture = decode("colors-animated-8bpc.avif")
    assert picture.frames == len(picture.views) == 5
    colours = {tuple((view.mean(axis=(0, 1)) / 16).astype(int)) for view in picture.views}
    assert len(colours) == 5


def test_the_same_photograph_has_one_fingerprint_however_it_is_turned_and_packed() -> None:
    packed = ("paris_icc_exif_xmp.png", "paris_icc_exif_xmp_at_end.png", "paris_exif_xmp_modified_icc.jpg")
    paris = [decode(name) for name in packed]
    for one in paris:
        for other in paris:
            assert distance(one.pdq, other.pdq) <= 4, "a colour profile must not hide a known picture"
    coarse = decode("paris_xmp_trailing_null.jpg")  # the same photograph at a far lower quality
    assert distance(coarse.pdq, paris[0].pdq) <= 31
    turned = decode("paris_exif_orientation_5.jpg")
    assert min(distance(turned.pdq, each) for each in paris[0].pdq_all) <= 31


def test_a_crop_that_the_decoder_does_not_understand_is_refused() -> None:
    with pytest.raises(PictureRefused) as caught:
        decode("clap_irot_imir_non_essential.avif")
    assert caught.value.code == "image_not_decodable"
