"""Rounded, softly lit bodies on a ground: the one thing that Pillow's own drawing cannot do.

Invariants: pure numpy, the same arguments give the same pixels. Coordinates are shares of the picture's height
(so that a shape keeps its form in any format), colours are RGB floats 0-255.
"""

import colorsys
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Colour = tuple[float, float, float]
Image = NDArray[np.float32]
Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Ellipsoid:
    """A rounded body: centre, half axes across, down and towards the viewer, turned by ``angle`` radians."""

    x: float
    y: float
    across: float
    down: float
    deep: float
    angle: float = 0.0


def gradient(height: int, width: int, top: Colour, bottom: Colour) -> Image:
    """A ground that runs smoothly from ``top`` to ``bottom``: float32, (height, width, 3)."""
    share = np.linspace(0, 1, height, dtype=np.float32)[:, None, None]
    column = np.array(top, np.float32) * (1 - share) + np.array(bottom, np.float32) * share
    return np.repeat(column, width, axis=1)


def soft_ellipse(
    image: Image, body: Ellipsoid, colour: Colour, *, opacity: float = 1.0, softness: float = 0.08
) -> None:
    """Lay a flat ellipse with a soft edge over ``image``, in place; ``deep`` is not used."""
    _, inside = _inside(image.shape[0], image.shape[1], body)
    cover = np.clip(inside / softness, 0, 1)[..., None] * opacity
    image += cover * (np.array(colour, np.float32) - image)


def lit_bodies(
    image: Image,
    bodies: Sequence[Ellipsoid],
    colour: Colour,
    *,
    blend: float = 30,
    ambient: float = 0.5,
    warmth: float = 1,
) -> None:
    """Lay bodies that melt into one another, lit from the upper left, over ``image``, in place.

    A smaller ``blend`` melts more; ``ambient`` 0-1 is the light in the shade, ``warmth`` its redness (below 0: blue).
    """
    height, width = image.shape[:2]
    depths, insides = zip(*(_inside(height, width, body) for body in bodies), strict=True)
    # the smooth maximum of the depths; what is outside of all bodies comes out as (almost) zero
    surface = np.log(np.exp(blend * np.stack(depths)).sum(axis=0) - (len(bodies) - 1) + 1e-4) / blend
    cover = np.clip(np.max(np.stack(insides), axis=0) * 12, 0, 1)[..., None]
    down, across = np.gradient(surface * height)
    normal = np.stack([-across, -down, np.ones_like(surface)], axis=-1)
    normal /= np.linalg.norm(normal, axis=-1, keepdims=True)
    light = np.array([-0.4, -0.5, 0.8], np.float32)
    falling = np.clip(normal @ (light / np.linalg.norm(light)), 0, 1)[..., None]
    shade = np.array(colour, np.float32) * (ambient + (1 - ambient) * falling)
    shade += (1 - falling) * warmth * np.array([12, -4, -6], np.float32) + 255 * 0.15 * falling**18
    image += cover * (shade - image)


def to_pixels(image: Image) -> Pixels:
    """Round and clip to ``uint8``."""
    return np.clip(np.rint(image), 0, 255).astype(np.uint8)


def hue_colour(rng: np.random.Generator, saturation: float, value: float, hue: float | None = None) -> Colour:
    """A colour of the given strength and brightness (0-1), of a random hue unless told."""
    red, green, blue = colorsys.hsv_to_rgb(rng.uniform() if hue is None else hue, saturation, value)
    return red * 255, green * 255, blue * 255


def mixed(one: Colour, other: Colour, share: float) -> Colour:
    """``share`` of the way from ``one`` to ``other``."""
    return tuple(a * (1 - share) + b * share for a, b in zip(one, other, strict=True))


def whole(colour: Colour) -> tuple[int, int, int]:
    """The colour in whole numbers, as Pillow wants it."""
    red, green, blue = colour
    return round(red), round(green), round(blue)


def _inside(height: int, width: int, body: Ellipsoid) -> tuple[Image, Image]:
    """Depth of the body's surface at every pixel, and a number that is positive inside and 1 at the centre."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32) / height
    cosine, sine = np.cos(body.angle), np.sin(body.angle)
    u = ((x - body.x) * cosine + (y - body.y) * sine) / body.across
    v = (-(x - body.x) * sine + (y - body.y) * cosine) / body.down
    inside = (1 - u * u - v * v).astype(np.float32)
    return (body.deep * np.sqrt(np.clip(inside, 0, None))).astype(np.float32), inside
