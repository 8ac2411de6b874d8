"""The embedded upstream: a small editor that really edits, so that nothing has to be downloaded to see the guard work.

It knows a few verbs in English and Japanese (sunset, grey, brighter, darker, blur, crop, turn, mirror, sharpen, warm,
cool, a text in quotation marks) and draws a simple landscape when asked for a picture. It is no model: words that it
does not know change nothing but a thin frame. Invariants: no network, no state; pictures come screened and are decoded
here once more, scaled to at most ``SIDE`` pixels; a mask limits the edit to its transparent part.
"""

import asyncio
import hashlib
import io
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont, ImageOps

from consentry.adapters.upstreams.base import (
    ITS_FAULT,
    TOO_SLOW,
    UpstreamFault,
    UpstreamPicture,
    UpstreamRefused,
    UpstreamReply,
    UpstreamRequest,
)
from consentry.guard.request import Route

SIDE = 2048
DEFAULT_SIZE = (1024, 1024)
_FORMATS = {"png": "PNG", "jpeg": "JPEG", "webp": "WEBP"}
_QUOTED = re.compile(r"[\"“「『']([^\"”」』']{1,60})[\"”」』']")


class PillowEditor:
    """Edits and draws with Pillow on two threads of its own."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="pillow-editor")

    @property
    def origin(self) -> str | None:
        """It gives no addresses."""
        return None

    @property
    def generator(self) -> str:
        """Its name."""
        return "Consentry demo editor"

    async def make(
        self, request: UpstreamRequest, *, seconds: float, limit: int, take: Callable[[int], None]
    ) -> UpstreamReply:
        """See ``Upstream.make``."""
        work = asyncio.get_running_loop().run_in_executor(self._threads, make_pictures, request)
        try:
            async with asyncio.timeout(seconds):
                pictures = await asyncio.shield(work)
        except TimeoutError:
            raise UpstreamFault(TOO_SLOW) from None
        except (OSError, ValueError, SyntaxError, MemoryError):
            raise UpstreamFault(ITS_FAULT) from None
        for one in pictures:
            take(len(one))
        return UpstreamReply(pictures)

    async def close(self) -> None:
        """End the threads."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def make_pictures(request: UpstreamRequest) -> tuple[bytes, ...]:
    """``n`` pictures for a request, each a little different."""
    count = int(request.options.get("n", 1))
    words = request.prompt or ""
    found = []
    for place in range(count):
        if request.route is Route.GENERATE:
            picture = draw_landscape(words, place, _size(request) or DEFAULT_SIZE)
        else:
            picture = edit(_open(request.images[0]), words, place, varied=request.route is Route.VARIATION)
            if request.mask is not None:
                picture = _only_where(request.mask, _open(request.images[0]), picture)
            if (size := _size(request)) is not None:
                picture = ImageOps.fit(picture, size)
        found.append(_save(picture, request))
    return tuple(found)


def edit(picture: Image.Image, words: str, place: int = 0, *, varied: bool = False) -> Image.Image:
    """``picture`` with every edit whose word stands in ``words``, in the order of ``EDITS``."""
    folded = words.lower()
    applied = [work for pattern, work in EDITS if re.search(pattern, folded)]
    for work in applied:
        picture = work(picture)
    if quoted := _QUOTED.search(words):
        picture = _with_text(picture, quoted[1])
    elif not applied and not varied:
        picture = ImageOps.expand(ImageOps.crop(picture, border=2), border=2, fill=(240, 240, 240))
    if varied:
        picture = _warm(ImageOps.mirror(picture))
    return ImageEnhance.Brightness(picture).enhance(1 + 0.02 * place) if place else picture


def draw_landscape(words: str, place: int, size: tuple[int, int]) -> Image.Image:
    """Sky, sun, hills and water; the words choose the colours, nothing else."""
    seed = hashlib.sha256(f"{words}\0{place}".encode()).digest()
    evening = re.search(r"sunset|sunrise|evening|夕|朝焼け", words.lower()) is not None
    night = re.search(r"night|stars|夜|星", words.lower()) is not None
    top, bottom = (
        ((20, 24, 60), (60, 60, 110))
        if night
        else ((90, 60, 120), (250, 150, 80))
        if evening
        else (
            (90, 150, 220),
            (215, 235, 250),
        )
    )
    picture = _gradient(size, top, bottom)
    draw = ImageDraw.Draw(picture)
    width, height = size
    sun = width * (40 + seed[0] % 120) // 200, height * 35 // 100
    radius = min(size) // 14
    draw.ellipse(
        (sun[0] - radius, sun[1] - radius, sun[0] + radius, sun[1] + radius),
        fill=(240, 240, 230) if night else (255, 230, 150),
    )
    for layer in range(3):
        base, shade = height * (55 + layer * 13) // 100, 40 + layer * 25
        step = max(8, width // 12)
        heights = [
            base - (seed[1 + layer * 8 + (x // step) % 8] * height // 2400) for x in range(0, width + step, step)
        ]
        points = [(place * step, y) for place, y in enumerate(heights)]
        draw.polygon([(0, height), *points, (width + step, height)], fill=(shade, 90 + shade // 2, shade + 20))
    return picture.filter(ImageFilter.SMOOTH_MORE)


def _gradient(size: tuple[int, int], top: tuple[int, int, int], bottom: tuple[int, int, int]) -> Image.Image:
    ramp = Image.linear_gradient("L").resize(size)
    return Image.composite(Image.new("RGB", size, bottom), Image.new("RGB", size, top), ramp)


def _sunset(picture: Image.Image) -> Image.Image:
    glow = _gradient(picture.size, (255, 120, 40), (90, 40, 110))
    upper = Image.linear_gradient("L").resize(picture.size).point(lambda level: max(0, 150 - level))
    return _warm(Image.composite(glow, picture, upper))


def _warm(picture: Image.Image) -> Image.Image:
    red, green, blue = picture.split()
    return Image.merge(
        "RGB", (red.point(lambda v: min(255, v * 108 // 100)), green, blue.point(lambda v: v * 88 // 100))
    )


def _cool(picture: Image.Image) -> Image.Image:
    red, green, blue = picture.split()
    return Image.merge(
        "RGB", (red.point(lambda v: v * 88 // 100), green, blue.point(lambda v: min(255, v * 108 // 100)))
    )


def _crop(picture: Image.Image) -> Image.Image:
    width, height = picture.size
    return picture.crop((width // 10, height // 10, width - width // 10, height - height // 10))


def _with_text(picture: Image.Image, text: str) -> Image.Image:
    picture = picture.copy()
    size = max(12, picture.width // 16)
    draw = ImageDraw.Draw(picture)
    draw.text(
        (picture.width // 2, picture.height - size),
        text,
        fill=(255, 255, 255),
        stroke_width=max(1, size // 12),
        stroke_fill=(0, 0, 0),
        font=ImageFont.load_default(size),
        anchor="ms",
    )
    return picture


EDITS: tuple[tuple[str, Callable[[Image.Image], Image.Image]], ...] = (
    (r"\bcrop|トリミング|切り抜", _crop),
    (r"\bmirror|\bflip|反転", ImageOps.mirror),
    (r"\brotate|\bturn it|回転", lambda one: one.rotate(90, expand=True)),
    (r"sunset|sunrise|golden hour|夕焼け|夕日|夕暮れ|朝焼け", _sunset),
    (
        r"gr[ae]y|black[- ]and[- ]white|monochrome|白黒|モノクロ|グレー",
        lambda one: ImageOps.grayscale(one).convert("RGB"),
    ),
    (r"bright|lighter|明るく", lambda one: ImageEnhance.Brightness(one).enhance(1.3)),
    (r"\bdark|darker|暗く", lambda one: ImageEnhance.Brightness(one).enhance(0.7)),
    (r"contrast|コントラスト", lambda one: ImageEnhance.Contrast(one).enhance(1.4)),
    (r"\bblur|ぼか|ぼやけ", lambda one: one.filter(ImageFilter.GaussianBlur(max(one.size) / 100))),
    (r"sharp|シャープ|くっきり", lambda one: one.filter(ImageFilter.UnsharpMask())),
    (r"\bwarm|暖か", _warm),
    (r"\bcool|涼し|青っぽ", _cool),
)
"""What each word does, in the order in which it is done."""


def _open(picture: UpstreamPicture) -> Image.Image:
    with Image.open(io.BytesIO(picture.data)) as opened:
        opened.draft("RGB", (SIDE, SIDE))
        upright = ImageOps.exif_transpose(opened)
        flat = upright.convert("RGBA") if "A" in upright.getbands() or upright.mode == "P" else upright
        if flat.mode == "RGBA":
            ground = Image.new("RGBA", flat.size, (255, 255, 255, 255))
            flat = Image.alpha_composite(ground, flat)
        flat = flat.convert("RGB")
        flat.thumbnail((SIDE, SIDE))
        return flat


def _only_where(mask: UpstreamPicture, before: Image.Image, after: Image.Image) -> Image.Image:
    """``after`` where the mask is transparent, ``before`` elsewhere (OpenAI's meaning of a mask)."""
    with Image.open(io.BytesIO(mask.data)) as opened:
        keep = opened.convert("RGBA").getchannel("A").resize(before.size)
    return Image.composite(before, after.resize(before.size), keep)


def _size(request: UpstreamRequest) -> tuple[int, int] | None:
    text = str(request.options.get("size", "auto"))
    if text == "auto":
        return None
    width, height = (int(number) for number in text.split("x"))
    if max(width, height) > SIDE or min(width, height) < 16:
        raise UpstreamRefused(f"This editor makes pictures of 16 to {SIDE} pixels a side.")
    return width, height


def _save(picture: Image.Image, request: UpstreamRequest) -> bytes:
    name = str(request.options.get("output_format", "png"))
    quality = int(request.options.get("output_compression", 90))
    out = io.BytesIO()
    if name == "png":
        picture.save(out, "PNG", compress_level=3)
    else:
        picture.save(out, _FORMATS[name], quality=max(1, quality))
    return out.getvalue()
