"""The picture never leaves the device, and the hash made there is the hash the server would make.

Chromium loads the project's own scripts from a loopback server that writes down every request. The reference is
pdqhash on the upright picture. Pictures: the PDQ vectors where the shared folder is present, and drawn ones always.
"""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pdqhash
import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageOps

from tests.browser.static_site import Site, served, static_text
from tests.shared_data import shared

pytestmark = pytest.mark.browser

NEAR = 10
MEDIAN = 4
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>hashing</title>
<form data-report method="post" action="/sent"><section data-step="what" id="what"><h2 tabindex="-1">What</h2>
<input name="content"><select name="jurisdiction"><option value=""></option></select>
<input type="hidden" name="claimed_pdq"><input type="hidden" name="claimed_quality">
<div data-picture hidden><input type="file" id="picture"><progress max="1" hidden></progress>
<p data-picture-status="none">none</p><p data-picture-status="working" hidden>working</p>
<p data-picture-status="hashed" hidden>hashed</p><p data-picture-status="too-little-detail" hidden>too plain</p>
<p data-picture-status="device-altered" hidden>altered</p><p data-picture-status="cannot-decode" hidden>unreadable</p>
<p data-picture-status="too-large" hidden>large</p><p data-picture-status="not-supported" hidden>unsupported</p>
<button type="button" data-picture-clear hidden>remove</button></div></section>
<dl data-summary hidden></dl><button data-send>send</button></form>
<script type="module" src="/static/consentry/report.js"></script></html>"""

NOISE = """
for (const kind of [self.CanvasRenderingContext2D, self.OffscreenCanvasRenderingContext2D]) {
  if (!kind) continue;
  const honest = kind.prototype.getImageData;
  kind.prototype.getImageData = function (x, y, width, height) {
    const read = honest.call(this, x, y, width, height);
    if (width * height >= LEAST) for (let i = 0; i < read.data.length; i += 997) read.data[i] ^= 1;
    return read;
  };
}
"""

IGNORES_ORIENTATION = """
const honest = self.createImageBitmap;
self.createImageBitmap = async (file) => {
  const bytes = new Uint8Array(await file.arrayBuffer());
  for (let i = 0; i + 9 < bytes.length; i += 1) {
    if (bytes[i] === 1 && bytes[i + 1] === 0x12 && bytes[i + 3] === 3 && bytes[i + 7] === 1) bytes[i + 9] = 1;
  }
  return honest(new Blob([bytes]));
};
"""


@pytest.fixture
def site() -> Iterator[Site]:
    with served() as running:
        running.pages["/report"] = PAGE
        running.pages["/sent"] = "<!doctype html><title>sent</title><p>sent</p>"
        yield running


@pytest.fixture
def page(chromium: Any, site: Site) -> Iterator[Any]:
    context = chromium.new_context()
    opened = context.new_page()
    opened.asked = []
    opened.on("request", lambda request: opened.asked.append((request.method, request.url, request.post_data_buffer)))
    yield opened
    context.close()


def upright(picture: Image.Image) -> Image.Image:
    """As the server sees it: orientation applied, transparency over white."""
    turned = ImageOps.exif_transpose(picture)
    if turned.mode in ("LA", "RGBA", "PA") or "transparency" in turned.info:
        layered = turned.convert("RGBA")
        turned = Image.alpha_composite(Image.new("RGBA", layered.size, "white"), layered)
    return turned.convert("RGB")


def reference(content: bytes) -> tuple[int, int]:
    vector, quality = pdqhash.compute(np.asarray(upright(Image.open(io.BytesIO(content)))))
    return int("".join(str(int(bit)) for bit in vector), 2), int(quality)


def scene(width: int, height: int, seed: int) -> Image.Image:
    """A drawn landscape: hills, a sun, soft noise; enough structure for quality 100."""
    random = np.random.default_rng(seed)
    small = random.integers(0, 256, (height // 40 + 2, width // 40 + 2, 3), dtype=np.uint8)
    picture = Image.fromarray(small).resize((width, height), Image.Resampling.BICUBIC)
    draw = ImageDraw.Draw(picture)
    for _ in range(12):
        x, y = random.integers(0, width), random.integers(0, height)
        size = int(random.integers(width // 20, width // 5))
        draw.ellipse((x - size, y - size // 2, x + size, y + size), fill=tuple(random.integers(0, 256, 3).tolist()))
    return picture.filter(ImageFilter.GaussianBlur(2))


def encoded(picture: Image.Image, kind: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def turned(picture: Image.Image, orientation: int) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return encoded(picture, "JPEG", quality=90, exif=exif.tobytes())


def drawn() -> dict[str, bytes]:
    pictures = {
        "phone.jpg": encoded(scene(4032, 3024, 1), "JPEG", quality=88),
        "wide.webp": encoded(scene(1919, 811, 2), "WEBP", quality=80),
        "exact.png": encoded(scene(640, 480, 3), "PNG"),
        "tall.png": encoded(scene(333, 1777, 4), "PNG"),
        "grey.jpg": encoded(scene(800, 600, 5).convert("L"), "JPEG", quality=85),
        "palette.gif": encoded(scene(500, 400, 6).convert("P"), "GIF"),
        "progressive.jpg": encoded(scene(2048, 1536, 7), "JPEG", quality=75, progressive=True),
        "lossless.webp": encoded(scene(700, 900, 8), "WEBP", lossless=True),
    }
    for orientation in (2, 3, 5, 6, 8):
        pictures[f"turned-{orientation}.jpg"] = turned(scene(1600, 1200, 10 + orientation), orientation)
    layered = scene(600, 500, 20).convert("RGBA")
    layered.putalpha(Image.linear_gradient("L").resize((600, 500)))
    pictures["see-through.png"] = encoded(layered, "PNG")
    return pictures


def hashed(page: Any, site: Site, name: str, content: bytes) -> dict[str, Any]:
    """Choose the file on the page and wait for what the form says of it."""
    if not page.url.endswith("/report"):
        page.goto(f"{site.address}/report")
        page.wait_for_selector("[data-picture]:not([hidden])")
    page.evaluate(
        "void (window.told = new Promise(tell => document.querySelector('form')"
        ".addEventListener('consentry:hashed', event => tell(event.detail), {once: true})))"
    )
    page.set_input_files("#picture", {"name": name, "mimeType": "", "buffer": content})
    return dict(page.evaluate("window.told"))


def assert_near(page: Any, site: Site, pictures: dict[str, bytes]) -> list[int]:
    """Each picture's hash lies within NEAR of the reference; a plain picture is turned away. Prints the distances."""
    distances = []
    for name, content in pictures.items():
        result = hashed(page, site, name, content)
        expected, quality = reference(content)
        if quality < 45:
            assert result["status"] == "too-little-detail", (name, result)
            continue
        assert result["status"] == "hashed", (name, result)
        distance = (int(result["pdq"], 16) ^ expected).bit_count()
        distances.append(distance)
        print(f"{name}: distance {distance}, quality {result['quality']} (reference {quality})")
        assert distance <= NEAR, name
        assert abs(result["quality"] - quality) <= 5, name
        assert page.input_value("input[name=claimed_pdq]") == result["pdq"]
        assert page.input_value("input[name=claimed_quality]") == str(result["quality"])
    return distances


def test_hash_of_drawn_pictures_is_the_servers(page: Any, site: Site) -> None:
    distances = assert_near(page, site, drawn())
    assert len(distances) >= 10
    assert sorted(distances)[len(distances) // 2] <= MEDIAN


def test_hash_of_the_vectors_is_the_servers(page: Any, site: Site) -> None:
    folder = Path(shared("vectors/pdq")) / "images"
    paths = sorted(path for path in folder.rglob("*.*") if path.name != "I16.png")
    distances = assert_near(page, site, {path.name: path.read_bytes() for path in paths})
    assert len(distances) >= 20
    assert sorted(distances)[len(distances) // 2] <= MEDIAN


def test_hash_lies_near_the_published_values(page: Any, site: Site) -> None:
    folder = Path(shared("vectors/pdq"))
    entries = json.loads((folder / "expected_hashes.json").read_text(encoding="utf-8"))["files"]
    compared = 0
    for name, entry in entries.items():
        if not name.startswith("reg-test-input/dih/"):
            continue
        result = hashed(page, site, name, (folder / entry["file"]).read_bytes())
        distance = (int(result["pdq"], 16) ^ int(entry["pdq_cpp"], 16)).bit_count()
        print(f"{name}: {distance} from the C++ reference")
        assert distance <= 10, name
        compared += 1
    assert compared == 8


def test_the_picture_is_in_no_request(page: Any, site: Site) -> None:
    picture = encoded(scene(640, 480, 3), "PNG")
    result = hashed(page, site, "private-name.png", picture)
    page.fill("input[name=content]", "post-17")
    page.click("[data-send]")
    page.wait_for_url("**/sent")
    posts = [request for request in site.requests if request[0] == "POST"]
    assert len(posts) == 1
    assert f"claimed_pdq={result['pdq']}".encode() in posts[0][3]
    assert "multipart" not in posts[0][2]
    for method, url, body in page.asked:
        assert url.startswith(site.address), url
        assert method == "GET" or len(body) < 300, (method, url)
    for _method, path, headers, body in site.requests:
        assert b"private-name" not in body
        assert "private-name" not in path + headers
        for at in range(0, len(picture) - 16, 4096):
            assert picture[at : at + 16] not in body


def test_without_script_the_file_is_not_sent(chromium: Any, site: Site) -> None:
    site.pages["/report"] = PAGE.replace("data-picture hidden", "data-picture")
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site.address}/report")
    page.set_input_files("#picture", {"name": "private-name.png", "mimeType": "image/png", "buffer": b"secret bytes"})
    page.fill("input[name=content]", "post-17")
    page.click("[data-send]")
    page.wait_for_url("**/sent")
    context.close()
    sent = next(body for method, _, _, body in site.requests if method == "POST")
    assert sent == b"content=post-17&jurisdiction=&claimed_pdq=&claimed_quality="


@pytest.mark.parametrize("least", ["0", "5000"], ids=["every read", "only reads larger than the known picture"])
def test_a_device_that_alters_pixels_makes_no_hash(page: Any, site: Site, least: str) -> None:
    noise = NOISE.replace("LEAST", least)
    site.replaced["hashing-worker.js"] = noise + static_text("hashing-worker.js")
    result = hashed(page, site, "a.png", encoded(scene(640, 480, 3), "PNG"))
    assert result == {"status": "device-altered"}
    assert page.input_value("input[name=claimed_pdq]") == ""
    assert page.is_visible("[data-picture-status=device-altered]")


def test_a_device_that_alters_pixels_is_noticed_in_the_page_too(page: Any, site: Site) -> None:
    page.add_init_script("delete window.OffscreenCanvas;" + NOISE.replace("LEAST", "0"))
    assert hashed(page, site, "a.png", encoded(scene(640, 480, 3), "PNG")) == {"status": "device-altered"}
    assert not [path for _, path, _, _ in site.requests if "worker" in path]


def test_a_device_that_ignores_orientation_makes_no_hash(page: Any, site: Site) -> None:
    site.replaced["reading.js"] = IGNORES_ORIENTATION + static_text("reading.js")
    result = hashed(page, site, "a.jpg", turned(scene(640, 480, 3), 6))
    assert result == {"status": "device-altered"}


def test_without_offscreen_canvas_the_page_does_it(page: Any, site: Site) -> None:
    page.add_init_script("delete window.OffscreenCanvas;")
    assert_near(page, site, {"exact.png": encoded(scene(640, 480, 3), "PNG")})


def test_a_worker_that_does_not_start_is_replaced_by_the_page(page: Any, site: Site) -> None:
    site.replaced["hashing-worker.js"] = "import './absent.js';"
    assert_near(page, site, {"exact.png": encoded(scene(640, 480, 3), "PNG")})


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(200), b"<svg></svg>", b"GIF89a"],
    ids=["empty", "heic", "text", "cut off"],
)
def test_what_the_browser_cannot_read_is_said_plainly(page: Any, site: Site, content: bytes) -> None:
    assert hashed(page, site, "a.heic", content) == {"status": "cannot-decode"}
    assert page.is_visible("[data-picture-status=cannot-decode]")
    assert page.input_value("input[name=claimed_pdq]") == ""


def test_a_later_choice_replaces_the_hash_and_removing_it_clears_it(page: Any, site: Site) -> None:
    first = hashed(page, site, "a.png", encoded(scene(640, 480, 3), "PNG"))
    second = hashed(page, site, "b.png", encoded(scene(640, 480, 4), "PNG"))
    assert first["pdq"] != second["pdq"]
    assert page.input_value("input[name=claimed_pdq]") == second["pdq"]
    page.click("[data-picture-clear]")
    assert page.input_value("input[name=claimed_pdq]") == ""
    assert page.is_visible("[data-picture-status=none]")


def test_the_page_answers_while_a_large_picture_is_read(page: Any, site: Site) -> None:
    page.goto(f"{site.address}/report")
    page.evaluate("window.ticks = 0; setInterval(() => { window.ticks += 1 }, 10)")
    hashed(page, site, "phone.jpg", encoded(scene(4032, 3024, 1), "JPEG", quality=88))
    assert page.evaluate("window.ticks") >= 5
