"""Decoding processes: limited, replaced when they fail, and gone when they are no longer needed."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from consentry.adapters.decoding import pool as module
from consentry.adapters.decoding.messages import read_answer, read_head
from consentry.adapters.decoding.pool import DecodingPool
from consentry.guard.decoding import decode_picture
from consentry.guard.errors import DecoderDown, PictureRefused
from consentry.guard.limits import Limits
from consentry.matching.pdq import fingerprint
from examples.pictures.drawn import portrait
from tests.factories.picture_files import animated, corner, encoded, png_that_claims


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture
def pool() -> Iterator[DecodingPool]:
    made = DecodingPool(1, Limits(decode_seconds=5.0))
    made.start()
    yield made
    pids = made.processes()
    made.close()
    assert not any(alive(pid) for pid in pids)


def test_a_picture_comes_back_as_it_was_decoded(pool: DecodingPool) -> None:
    frames = [Image.fromarray(np.dstack([portrait(place, 200), portrait(9, 200)[:, :, 0]])) for place in range(3)]
    for data in (
        encoded(Image.fromarray(portrait(0)), "PNG"),
        encoded(Image.fromarray(portrait(1, 1200)), "JPEG"),
        animated(frames, "PNG"),
    ):
        here, there = decode_picture(data, Limits(), fingerprint), pool.decode(data)
        assert all(np.array_equal(one, other) for one, other in zip(here.views, there.views, strict=True))
        for name in ("sha256", "format", "width", "height", "frames", "pdq", "pdq_quality", "pdq_all", "clean"):
            assert getattr(here, name) == getattr(there, name), name
        assert here.clean_media_type == there.clean_media_type


def test_refusals_keep_code_and_format(pool: DecodingPool) -> None:
    for data, code, named in (
        (encoded(corner(), "BMP"), "image_format_not_accepted", "BMP"),
        (png_that_claims(40_000, 40_000), "image_too_large", ""),
        (encoded(corner(), "PNG")[:200], "image_not_decodable", ""),
        (b"\xff\xd8\xff" + b"x" * (20 * 1024 * 1024), "image_too_large", ""),
    ):
        with pytest.raises(PictureRefused) as caught:
            pool.decode(data)
        assert (caught.value.code, caught.value.format) == (code, named)


def test_a_killed_process_is_replaced_and_the_picture_read_all_the_same(pool: DecodingPool) -> None:
    (before,) = pool.processes()
    os.kill(before, signal.SIGKILL)
    assert pool.decode(encoded(corner(), "PNG")).format == "PNG"
    assert pool.processes() != (before,)
    assert not alive(before)


def test_a_stopped_process_is_given_up_in_time_and_replaced() -> None:
    pool = DecodingPool(1, Limits(decode_seconds=0.5))
    try:
        pool.start()
        (before,) = pool.processes()
        os.kill(before, signal.SIGSTOP)
        with pytest.raises(PictureRefused) as caught:
            pool.decode(encoded(corner(), "PNG"))
        assert caught.value.code == "image_not_decodable"
        assert not alive(before)
        pool.start()
        assert pool.decode(encoded(corner(), "PNG")).format == "PNG"
    finally:
        pool.close()


def test_a_process_that_dies_of_every_picture_refuses_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        module, "_PROGRAM", "import os; os.write(1, b'ready\\n'); os.read(0, 1); os.kill(os.getpid(), 11)"
    )
    pool = DecodingPool(1)
    try:
        with pytest.raises(PictureRefused) as caught:
            pool.decode(encoded(corner(), "PNG"))
        assert caught.value.code == "image_not_decodable"
    finally:
        pool.close()


@pytest.mark.parametrize(
    "answer", [b"nonsense, and long enough for a head", b"\0\0\0\x02{}", b"\xff\xff\xff\xff", b"\0\0\0\x04null"]
)
def test_a_process_that_talks_nonsense_is_not_believed(monkeypatch: pytest.MonkeyPatch, answer: bytes) -> None:
    monkeypatch.setattr(
        module,
        "_PROGRAM",
        f"import os; os.write(1, b'ready\\n'); os.read(0, 8); os.write(1, {answer!r}); os.read(0, 1 << 20)",
    )
    pool = DecodingPool(1, Limits(decode_seconds=2.0))
    try:
        with pytest.raises(PictureRefused):
            pool.decode(encoded(corner(), "PNG"))
    finally:
        pool.close()


def test_a_head_that_claims_too_much_is_refused_before_memory_is_taken() -> None:
    for head in (
        b'{"kind": "picture", "views": [[100000, 100000]], "clean": 1}',
        b'{"kind": "picture", "views": [], "clean": 1}',
        b'{"kind": "picture", "views": [[9, 9]], "clean": 99999999999}',
        b'{"kind": "picture", "views": [[9, 9]], "clean": 0}',
        b"[]",
    ):
        with pytest.raises(DecoderDown):
            read_head(head)


def test_an_unknown_refusal_still_refuses() -> None:
    with pytest.raises(PictureRefused) as caught:
        read_answer({"kind": "refused", "code": "fine", "happened": "", "format": ""}, memoryview(b""))
    assert caught.value.code == "image_not_decodable"


def test_a_picture_that_needs_too_much_memory_is_refused_and_the_next_one_is_read() -> None:
    """The kernel's limit holds whatever a header claims."""
    limits = Limits(pixels=900_000_000, total_pixels=900_000_000, side=60_000)
    pool = DecodingPool(1, limits)
    large = BytesIO()
    Image.new("1", (30_000, 28_000)).save(large, "PNG")
    try:
        with pytest.raises(PictureRefused) as caught:
            pool.decode(large.getvalue())
        assert caught.value.code in {"image_too_large", "image_not_decodable"}
        assert pool.decode(encoded(corner(), "PNG")).format == "PNG"
    finally:
        pool.close()


def test_more_callers_than_may_wait_are_turned_away() -> None:
    pool = DecodingPool(1, Limits(decode_seconds=3.0), waiting=2)
    pool.start()
    (pid,) = pool.processes()
    os.kill(pid, signal.SIGSTOP)
    results: list[str] = []

    def ask() -> None:
        try:
            results.append(pool.decode(encoded(corner(), "PNG")).format)
        except (DecoderDown, PictureRefused) as error:
            results.append(type(error).__name__)

    callers = [threading.Thread(target=ask) for _ in range(6)]
    try:
        for one in callers:
            one.start()
        for _ in range(200):
            if len(results) >= 3:
                break
            threading.Event().wait(0.01)
        assert results == ["DecoderDown"] * 3, "three have a place: one being served and two waiting"
        os.kill(pid, signal.SIGCONT)
        for one in callers:
            one.join()
        assert results[3:] == ["PNG"] * 3
    finally:
        pool.close()


def test_a_closed_pool_says_so() -> None:
    pool = DecodingPool(1)
    pool.close()
    with pytest.raises(DecoderDown):
        pool.decode(encoded(corner(), "PNG"))


def test_no_process_outlives_a_guard_that_is_killed() -> None:
    program = (
        "from consentry.adapters.decoding.pool import DecodingPool; import time\n"
        "pool = DecodingPool(2); pool.start(); print(*pool.processes(), flush=True); time.sleep(60)"
    )
    child = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    pids = [int(one) for one in child.stdout.readline().split()]
    child.kill()
    child.wait()
    child.stdout.close()
    assert len(pids) == 2
    for _ in range(500):
        if not any(alive(pid) for pid in pids):
            break
        threading.Event().wait(0.01)
    assert not any(alive(pid) for pid in pids)


def test_a_decoding_process_has_none_of_the_guards_environment(
    pool: DecodingPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONSENTRY_SECRET_KEY", "not for decoders")
    other = DecodingPool(1)
    try:
        other.start()
        (pid,) = other.processes()
        assert b"CONSENTRY" not in Path(f"/proc/{pid}/environ").read_bytes()
    finally:
        other.close()


def test_the_kernel_limits_a_decoding_process(pool: DecodingPool) -> None:
    (pid,) = pool.processes()
    pool.decode(encoded(corner(), "PNG"))
    limits = {line[:26].strip(): line[26:].split()[0] for line in Path(f"/proc/{pid}/limits").read_text().splitlines()}
    assert limits["Max address space"] == str(2 << 30)
    assert limits["Max file size"] == "0"
    assert limits["Max core file size"] == "0"
    assert limits["Max cpu time"].isdigit()
