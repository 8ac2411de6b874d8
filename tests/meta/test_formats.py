"""What is accepted and what can be read are the same list: no format is let in that nobody can decode."""

from io import BytesIO

import pytest
from PIL import Image

from consentry.guard.containers import ACCEPTED, sniff
from consentry.guard.decoding import accepted_formats, decode_picture
from consentry.guard.limits import Limits
from consentry.matching.pdq import fingerprint


def sample(name: str) -> bytes:
    """A small picture in the format."""
    file = BytesIO()
    Image.linear_gradient("L").convert("RGB").save(file, format=name)
    return file.getvalue()


@pytest.mark.parametrize("name", sorted(accepted_formats()))
def test_an_accepted_format_is_recognised_and_decoded(name: str) -> None:
    data = sample(name)
    assert sniff(data) == name
    assert decode_picture(data, Limits(), fingerprint).format == name


def test_what_is_read_is_named_in_the_table() -> None:
    assert set(accepted_formats()) <= set(ACCEPTED)
    assert {"JPEG", "PNG", "WEBP", "GIF"} <= set(accepted_formats())


@pytest.mark.parametrize("name", ["BMP", "TIFF", "PPM", "ICO", "PCX", "TGA"])
def test_a_format_that_pillow_could_read_is_not_accepted_by_that(name: str) -> None:
    assert sniff(sample(name)) not in accepted_formats()
