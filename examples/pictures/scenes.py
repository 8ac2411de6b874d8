"""Scenes without a person: landscapes, streets, cats. The same number gives the same picture."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from examples.pictures.shading import (
    Colour,
    Ellipsoid,
    Pixels,
    gradient,
    hue_colour,
    lit_bodies,
    mixed,
    soft_ellipse,
    to_pixels,
    whole,
)


def landscape(seed: int = 0, width: int = 720, height: int = 512) -> Pixels:
    """Sky, sun, hills, trees and sometimes a lake."""
    rng = np.random.default_rng([seed, 3])
    hour = rng.uniform()
    top, low = mixed((70, 130, 200), (40, 40, 90), hour), mixed((190, 220, 240), (245, 170, 110), hour)
    image = gradient(height, width, top, low)
    sun = Ellipsoid(rng.uniform(0.15, 1.25), rng.uniform(0.1, 0.35), 0.06, 0.06, 0)
    soft_ellipse(image, Ellipsoid(sun.x, sun.y, 0.22, 0.22, 0), (255, 240, 200), opacity=0.5, softness=1)
    soft_ellipse(image, sun, (255, 248, 220), softness=0.2)
    for _ in range(rng.integers(2, 6)):
        cloud = (rng.uniform(0, 1.4), rng.uniform(0.06, 0.34))
        for _ in range(5):
            puff = Ellipsoid(cloud[0] + rng.normal(0, 0.07), cloud[1] + rng.normal(0, 0.012), 0.09, 0.03, 0)
            soft_ellipse(image, puff, (250, 250, 252), opacity=0.7, softness=0.8)
    picture = Image.fromarray(to_pixels(image))
    draw = ImageDraw.Draw(picture)
    for layer in range(3):
        shade = mixed((96, 132, 150), hue_colour(rng, 0.55, 0.35, hue=rng.uniform(0.22, 0.4)), (layer + 1) / 3)
        _ridge(draw, rng, width, height, base=0.45 + 0.14 * layer, shade=shade, trees=layer > 0)
    if rng.uniform() < 0.4:
        _lake(draw, rng, width, height, low)
    return np.asarray(picture.filter(ImageFilter.GaussianBlur(0.6)))


def _ridge(
    draw: ImageDraw.ImageDraw,
    rng: np.random.Generator,
    width: int,
    height: int,
    *,
    base: float,
    shade: Colour,
    trees: bool,
) -> None:
    x = np.arange(width)
    line = np.full(width, base)
    for wave in range(1, 6):
        line += rng.normal(0, 0.09 / wave) * np.sin(
            x / width * np.pi * wave * rng.uniform(0.8, 2.6) + rng.uniform(0, 6.3)
        )
    edge = (np.clip(line, 0.1, 0.98) * height).astype(int)
    draw.polygon([(0, height), *zip(x.tolist(), edge.tolist(), strict=True), (width, height)], fill=whole(shade))
    for at in rng.integers(0, width, 16 if trees else 0):
        tall = int(height * rng.uniform(0.05, 0.14))
        foot = int(edge[at]) + int(tall * 0.3)
        leaf = whole(tuple(channel * rng.uniform(0.55, 0.85) for channel in shade))
        for step in range(3):
            top, half = foot - tall + step * tall // 5, tall // 6 + step * tall // 12
            draw.polygon([(at, top), (at - half, top + tall // 2), (at + half, top + tall // 2)], fill=leaf)


def _lake(draw: ImageDraw.ImageDraw, rng: np.random.Generator, width: int, height: int, colour: Colour) -> None:
    shore = int(height * rng.uniform(0.78, 0.88))
    draw.rectangle((0, shore, width, height), fill=whole(mixed(colour, (60, 110, 140), 0.6)))
    for _ in range(60):
        x, y = int(rng.integers(0, width)), int(rng.integers(shore, height))
        draw.line((x, y, x + int(rng.integers(20, 90)), y), fill=whole(mixed(colour, (230, 240, 245), 0.5)), width=2)


def cat(seed: int = 0, width: int = 640, height: int = 512) -> Pixels:
    """A cat sitting on a rug before a patterned wall."""
    rng = np.random.default_rng([seed, 4])
    wall = hue_colour(rng, 0.3, rng.uniform(0.6, 0.95), hue=rng.uniform(0.3, 0.7))
    image = gradient(height, width, wall, tuple(channel * 0.85 for channel in wall))
    picture = Image.fromarray(to_pixels(image))
    draw = ImageDraw.Draw(picture)
    pattern, step = whole(tuple(channel * 0.8 for channel in wall)), int(rng.integers(40, 90))
    for x in range(0, width, step):
        for y in range(0, int(height * 0.7), step):
            half = step // 5
            (draw.ellipse if seed % 2 else draw.rectangle)(
                (x + half, y + half, x + 2 * half, y + 2 * half), fill=pattern
            )
    for _ in range(3):
        x, y, wide = int(rng.integers(0, width)), int(rng.integers(0, height // 3)), int(rng.integers(60, 170))
        frame = (x, y, x + wide, y + int(rng.integers(60, 170)))
        draw.rectangle(
            frame, fill=whole(hue_colour(rng, 0.3, rng.uniform(0.2, 1), hue=0.55)), outline=(70, 60, 52), width=6
        )
    draw.rectangle(
        (0, int(height * 0.72), width, height), fill=whole(hue_colour(rng, 0.4, 0.5, hue=rng.uniform(0.3, 0.7)))
    )
    image = np.asarray(picture).astype(np.float32)
    fur = ((120, 118, 118), (66, 62, 64), (232, 230, 226), (150, 152, 160))[int(rng.integers(4))]
    x, grow, flip = rng.uniform(0.4, 0.85), rng.uniform(0.75, 1.15), (-1, 1)[int(rng.integers(2))]
    bare = image.copy()
    _sitting_cat(image, x, grow, flip, fur)
    hairs = rng.normal(0, 26, (height // 4, width)).repeat(4, axis=0)[..., None].astype(np.float32)
    image += hairs * (np.abs(image - bare).sum(axis=-1, keepdims=True) > 3)  # fur is rough, or a detector sees skin
    return to_pixels(image)


def _sitting_cat(image: NDArray[np.float32], x: float, grow: float, flip: int, fur: Colour) -> None:
    floor = 0.92
    head = floor - 0.52 * grow
    tail = [
        Ellipsoid(x + flip * grow * (0.16 + 0.05 * i), floor - 0.03 - 0.012 * i * i, 0.05, 0.032, 0.03, -flip * 0.3 * i)
        for i in range(5)
    ]
    body = [
        Ellipsoid(x, floor - 0.18 * grow, 0.17 * grow, 0.20 * grow, 0.15),
        Ellipsoid(x - flip * 0.02, floor - 0.34 * grow, 0.11 * grow, 0.15 * grow, 0.13),
    ]
    ears = [
        Ellipsoid(x + s * 0.085 * grow, head - 0.1 * grow, 0.03 * grow, 0.075 * grow, 0.05, s * 0.35) for s in (-1, 1)
    ]
    lit_bodies(image, [*tail, *body], fur, ambient=0.45, warmth=-1)
    lit_bodies(image, [*ears, Ellipsoid(x, head, 0.13 * grow, 0.105 * grow, 0.12)], fur, ambient=0.5, warmth=-1)
    dark = tuple(channel * 0.55 for channel in fur)
    for stripe in range(4):
        band = Ellipsoid(x, floor - (0.10 + 0.08 * stripe) * grow, 0.12 * grow, 0.012 * grow, 0, flip * 0.15)
        soft_ellipse(image, band, dark, opacity=0.6, softness=0.8)
    for s in (-1, 1):
        soft_ellipse(
            image, Ellipsoid(x + s * 0.05 * grow, head, 0.026 * grow, 0.022 * grow, 0), (176, 196, 90), softness=0.3
        )
        soft_ellipse(
            image, Ellipsoid(x + s * 0.05 * grow, head, 0.007 * grow, 0.021 * grow, 0), (16, 16, 16), softness=0.4
        )
        soft_ellipse(image, Ellipsoid(x + s * 0.05, floor - 0.02, 0.05 * grow, 0.03 * grow, 0), dark, softness=0.6)
    soft_ellipse(image, Ellipsoid(x, head + 0.04 * grow, 0.018 * grow, 0.012 * grow, 0), (170, 110, 108), softness=0.5)


def building(seed: int = 0, width: int = 640, height: int = 512) -> Pixels:
    """A street of houses with windows, by day or at dusk."""
    rng = np.random.default_rng([seed, 5])
    dusk = bool(rng.integers(2))
    sky = gradient(
        height, width, (52, 62, 104) if dusk else (120, 170, 220), (236, 170, 130) if dusk else (222, 236, 246)
    )
    picture = Image.fromarray(to_pixels(sky))
    draw = ImageDraw.Draw(picture)
    street, x = int(height * 0.86), -int(rng.integers(0, 60))
    while x < width:
        wide, tall = int(rng.integers(80, 190)), int(height * rng.uniform(0.3, 0.75))
        _house(draw, rng, (x, street - tall, x + wide, street), dusk=dusk)
        x += wide + int(rng.integers(0, 12))
    draw.rectangle((0, street, width, height), fill=(84, 86, 92))
    for dash in range(int(rng.integers(0, 50)), width, 90):
        draw.rectangle((dash, street + 30, dash + 44, street + 36), fill=(226, 222, 200))
    return np.asarray(picture.filter(ImageFilter.GaussianBlur(0.5)))


def _house(draw: ImageDraw.ImageDraw, rng: np.random.Generator, box: tuple[int, int, int, int], *, dusk: bool) -> None:
    left, top, right, bottom = box
    wall = hue_colour(rng, 0.35, 0.45 if dusk else 0.8)
    draw.rectangle(box, fill=whole(wall))
    if rng.uniform() < 0.5:
        roof = whole(tuple(channel * 0.6 for channel in wall))
        draw.polygon(
            [(left - 6, top), ((left + right) // 2, top - int(rng.integers(24, 70))), (right + 6, top)], fill=roof
        )
    columns, rows = int(rng.integers(2, 5)), max(2, (bottom - top) // int(rng.integers(46, 74)))
    for column in range(columns):
        for row in range(rows):
            x = left + (right - left) * (column + 0.5) / columns
            y = top + (bottom - top) * (row + 0.5) / rows
            lit = dusk and rng.uniform() < 0.55
            glass = (250, 220, 140) if lit else whole(tuple(channel * 0.45 for channel in wall))
            draw.rectangle((x - 10, y - 14, x + 10, y + 14), fill=glass, outline=(240, 238, 232), width=2)
