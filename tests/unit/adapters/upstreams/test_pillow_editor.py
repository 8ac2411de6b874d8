"""The embedded editor really edits, in English and Japanese, and only inside the mask."""

import asyncio
import io
from typing import Any

import pytest
from PIL import Image, ImageStat

from consentry.adapters.upstreams.base import UpstreamPicture, UpstreamRefused, UpstreamRequest
from consentry.adapters.upstreams.pillow_editor import EDITS, PillowEditor, make_pictures
from consentry.guard.request import Route
from tests.fakes.image_upstream import picture

SOURCE = picture(colour=(120, 60, 200), size=(128, 96))


def edited(words: str, **options: Any) -> Image.Image:
    """The first picture made of ``SOURCE``."""
    mask = options.pop("mask", None)
    request = UpstreamRequest(Route.EDIT, words, (UpstreamPicture(SOURCE, "image/png"),), mask, options)
    return Image.open(io.BytesIO(make_pictures(request)[0]))


def brightness(image: Image.Image) -> float:
    """Mean grey level."""
    return float(ImageStat.Stat(image.convert("L")).mean[0])


BEFORE = Image.open(io.BytesIO(SOURCE))


@pytest.mark.parametrize(
    "words", ["make the sky a sunset", "空を夕焼けにして", "blur it", "ぼかして", 'add the text "Hello"', "hmm"]
)
def test_every_edit_changes_the_picture(words: str) -> None:
    assert edited(words).convert("RGB").tobytes() != BEFORE.convert("RGB").tobytes()


@pytest.mark.parametrize("words", ["black and white, please", "白黒にして", "in grey"])
def test_grey_has_no_colour(words: str) -> None:
    red, green, blue = edited(words).convert("RGB").split()
    assert red.tobytes() == green.tobytes() == blue.tobytes()


def test_brighter_is_brighter_and_darker_darker() -> None:
    assert brightness(edited("もっと明るく")) > brightness(BEFORE) > brightness(edited("darker"))


def test_a_crop_is_smaller_and_a_size_is_kept() -> None:
    assert edited("crop it").size == (104, 78)
    assert edited("brighter", size="64x64").size == (64, 64)


def test_only_the_transparent_part_of_a_mask_is_edited() -> None:
    mask = Image.new("RGBA", BEFORE.size, (0, 0, 0, 255))
    mask.paste((0, 0, 0, 0), (64, 0, 128, 96))
    out = io.BytesIO()
    mask.save(out, "PNG")
    after = edited("darker", mask=UpstreamPicture(out.getvalue(), "image/png"))
    left, right = (0, 0, 64, 96), (64, 0, 128, 96)
    assert after.crop(left).tobytes() == BEFORE.crop(left).tobytes()
    assert brightness(after.crop(right)) < brightness(BEFORE.crop(right))


@pytest.mark.parametrize("output_format", ["png", "jpeg", "webp"])
def test_the_asked_format_is_made(output_format: str) -> None:
    request = UpstreamRequest(
        Route.GENERATE, "a lake", options={"output_format": output_format, "n": 3, "size": "64x64"}
    )
    made = make_pictures(request)
    assert len(set(made)) == 3
    assert {Image.open(io.BytesIO(one)).format for one in made} == {output_format.upper()}


def test_a_variation_needs_no_words() -> None:
    request = UpstreamRequest(Route.VARIATION, None, (UpstreamPicture(SOURCE, "image/png"),))
    assert make_pictures(request)[0] != SOURCE


def test_a_size_beyond_its_means_is_its_own_refusal() -> None:
    with pytest.raises(UpstreamRefused):
        edited("brighter", size="9000x9000")


def test_each_verb_has_an_english_and_a_japanese_word() -> None:
    for pattern, _ in EDITS:
        assert any(letter.isascii() and letter.isalpha() for letter in pattern)
        assert any("\u3040" <= letter <= "\u9fff" for letter in pattern)


def test_it_answers_like_any_upstream() -> None:
    async def run() -> int:
        editor = PillowEditor()
        taken: list[int] = []
        request = UpstreamRequest(Route.GENERATE, "a lake", options={"size": "64x64"})
        reply = await editor.make(request, seconds=20, limit=10**7, take=taken.append)
        await editor.close()
        return taken[0] - len(reply.outputs[0])  # type: ignore[arg-type]

    assert asyncio.run(run()) == 0
