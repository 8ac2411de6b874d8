"""Every picture that the demo and the tests need, drawn from a number: portraits, a mannequin, harmless scenes.

Invariants: the same function with the same ``seed`` gives the same pixels on one set of library versions; no
photograph, no real person, nothing explicit. The mannequin is a jointed shop-window figure without any detail: it
stands in for a sexualised picture only because a nudity detector takes its bare, skin-coloured surfaces for one.
Not done here: files. ``png`` and ``jpeg`` give bytes.
"""

from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from examples.pictures.scenes import building, cat, landscape
from examples.pictures.shading import (
    Colour,
    Ellipsoid,
    Pixels,
    gradient,
    hue_colour,
    lit_bodies,
    soft_ellipse,
    to_pixels,
)

SKINS: tuple[Colour, ...] = ((232, 190, 165), (222, 172, 142), (205, 150, 118), (170, 116, 86), (238, 202, 180))
HAIRS: tuple[Colour, ...] = ((46, 34, 30), (92, 60, 38), (30, 28, 34), (140, 98, 58), (120, 118, 122))


def portrait(seed: int = 0, side: int = 512) -> Pixels:
    """A drawn face with shoulders in a plain jacket, square, ``side`` pixels: a face detector takes it for a face."""
    rng = np.random.default_rng([seed, 1])
    skin, hair = SKINS[seed % len(SKINS)], HAIRS[(seed * 3 + 1) % len(HAIRS)]
    ground, cloth = hue_colour(rng, 0.2, 0.85), hue_colour(rng, 0.5, 0.45)
    canvas = round(side * 1.25)
    image = gradient(canvas, canvas, ground, tuple(channel * 0.75 for channel in ground))
    for _ in range(7):
        light = Ellipsoid(rng.uniform(0, 1), rng.uniform(0, 0.8), *rng.uniform(0.06, 0.22, 2), 0)
        shade = tuple(channel * rng.uniform(0.6, 1.25) for channel in ground)
        soft_ellipse(image, light, shade, opacity=0.8, softness=0.3)
    x, turn, long = 0.5, rng.uniform(0.93, 1.07), rng.uniform(0.36, 0.58)
    soft_ellipse(image, Ellipsoid(x, 0.40, 0.225 * turn, 0.29, 0), hair, softness=0.1)
    soft_ellipse(image, Ellipsoid(x, long, 0.22 * turn, 0.29, 0), hair, softness=0.1)
    lit_bodies(image, [Ellipsoid(x, 0.70, 0.075, 0.17, 0.07)], tuple(c * 0.92 for c in skin), ambient=0.6)
    lit_bodies(image, [Ellipsoid(x, 1.04, 0.36, 0.27, 0.2)], cloth, ambient=0.5)
    _face(image, x, skin, turn)
    fringe = Ellipsoid(x - 0.05, 0.235, 0.17 * turn, 0.09, 0, -0.25)
    soft_ellipse(image, fringe, hair, softness=0.3)
    soft_ellipse(image, Ellipsoid(x + 0.08, 0.235, 0.13 * turn, 0.085, 0, 0.35), hair, softness=0.3)
    pixels, room = to_pixels(image), canvas - side
    left, top = int(rng.integers(0, room)), int(rng.integers(room // 8, room // 2))
    return np.ascontiguousarray(pixels[top : top + side, left : left + side])


def _face(image: NDArray[np.float32], x: float, skin: Colour, turn: float) -> None:
    lit_bodies(
        image,
        [
            Ellipsoid(x, 0.40, 0.17 * turn, 0.20, 0.16),
            Ellipsoid(x, 0.50, 0.135 * turn, 0.165, 0.14),
            Ellipsoid(x, 0.46, 0.028, 0.075, 0.185),
        ],
        skin,
        blend=40,
        ambient=0.62,
    )
    dark = tuple(channel * 0.42 for channel in skin)
    for side in (-1, 1):
        eye = x + side * 0.072 * turn
        soft_ellipse(image, Ellipsoid(eye, 0.405, 0.047, 0.032, 0), dark, opacity=0.45, softness=0.9)
        soft_ellipse(image, Ellipsoid(eye, 0.410, 0.033, 0.0165, 0), (240, 238, 235), softness=0.3)
        soft_ellipse(image, Ellipsoid(eye, 0.410, 0.0155, 0.0165, 0), (52, 38, 32), softness=0.4)
        soft_ellipse(image, Ellipsoid(eye - 0.004, 0.405, 0.004, 0.004, 0), (250, 250, 250), softness=0.6)
        soft_ellipse(
            image, Ellipsoid(eye, 0.360, 0.05, 0.0105, 0, side * 0.1), (50, 38, 32), opacity=0.85, softness=0.7
        )
        soft_ellipse(image, Ellipsoid(x + side * 0.02, 0.525, 0.012, 0.007, 0), dark, opacity=0.7, softness=0.8)
        soft_ellipse(
            image, Ellipsoid(x + side * 0.10, 0.50, 0.045, 0.035, 0), (226, 140, 124), opacity=0.25, softness=1
        )
    soft_ellipse(image, Ellipsoid(x, 0.575, 0.06, 0.019, 0), (176, 88, 84), softness=0.5)
    for side in (-1, 1):  # a mouth that turns up a little
        corner = Ellipsoid(x + side * 0.032, 0.572, 0.034, 0.0045, 0, side * -0.22)
        soft_ellipse(image, corner, (110, 50, 50), opacity=0.8, softness=0.8)


def mannequin(seed: int = 0, side: int = 512) -> Pixels:
    """A jointed shop-window figure without head or detail before a wall: a nudity detector scores it 0.7 to 0.9."""
    rng = np.random.default_rng([seed, 2])
    half, x = 0.26 + rng.uniform(0, 0.02), 0.5 + rng.uniform(-0.07, 0.07)
    wall: Colour = ((226, 214, 196), (205, 208, 210), (220, 210, 206), (222, 218, 204))[seed % 4]
    image = gradient(side, side, wall, wall)
    for _ in range(4):  # a few panels of the shop behind, so that no two figures have the same fingerprint
        left, top = rng.uniform(0, 0.9, 2)
        right, bottom = left + rng.uniform(0.1, 0.4), top + rng.uniform(0.1, 0.5)
        shade = np.array(wall, np.float32) * rng.uniform(0.72, 0.95)
        image[int(top * side) : int(bottom * side), int(left * side) : int(right * side)] = shade
    bodies = [
        Ellipsoid(x, 0.28, half * 0.85, 0.20, 0.16),
        Ellipsoid(x, 0.50, half * 0.62, 0.24, 0.13),
        Ellipsoid(x, 0.76, half * 0.90, 0.20, 0.16),
        Ellipsoid(x, 0.04, 0.075, 0.13, 0.08),
    ]
    joints = []
    for hand in (-1, 1):
        lean = rng.uniform(0.05, 0.12)
        bodies += [
            Ellipsoid(x + hand * half * 0.90, 0.20, 0.10, 0.10, 0.10),
            Ellipsoid(x + hand * half * 1.12, 0.45, 0.06, 0.26, 0.07, -hand * lean),
            Ellipsoid(x + hand * half * 0.42, 1.02, half * 0.42, 0.35, 0.16),
        ]
        joints += [
            Ellipsoid(x + hand * half * 0.98, 0.27, 0.045, 0.045, 0.05),
            Ellipsoid(x + hand * half * 1.12, 0.45, 0.07, 0.03, 0.05),
        ]
    lit_bodies(image, bodies, (226, 172, 142))
    for joint in (*joints, Ellipsoid(x, 0.05, 0.085, 0.03, 0.05)):
        lit_bodies(image, [joint], (120, 100, 88))
    return to_pixels(image)


def harmless(seed: int) -> Pixels:
    """One of an endless row of distinct pictures without a person: landscape, building or cat by turns."""
    return (landscape, building, cat)[seed % 3](seed)


def png(pixels: Pixels) -> bytes:
    """The picture as a PNG file."""
    out = BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    return out.getvalue()


def jpeg(pixels: Pixels, quality: int = 90, scale: float = 1.0) -> bytes:
    """The picture as a JPEG file, resized by ``scale`` first."""
    picture = Image.fromarray(pixels)
    if scale != 1.0:
        picture = picture.resize(
            (round(picture.width * scale), round(picture.height * scale)), Image.Resampling.LANCZOS
        )
    out = BytesIO()
    picture.save(out, "JPEG", quality=quality)
    return out.getvalue()
