"""Hostile files (../shared/vectors/malformed): refused, never allowed, and the decoder lives on."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from consentry.adapters.decoding.pool import DecodingPool
from consentry.basics.ids import RequestId
from consentry.guard.errors import PICTURE_CODES
from consentry.guard.limits import Limits
from consentry.guard.pipeline import Guard
from consentry.guard.request import ImagePart, Role, Route, ScreenRequest, TextPart
from consentry.wiring.core import build_guard, warm_up_picture
from tests.shared_data import SHARED, shared

FOLDER = SHARED / "vectors" / "malformed"
ACCEPTED_BY_US = {"JPEG", "PNG", "GIF", "WEBP", "AVIF"}


def manifest() -> list[dict[str, Any]]:
    if not (FOLDER / "manifest.jsonl").exists():
        return []
    return [json.loads(line) for line in (FOLDER / "manifest.jsonl").read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def guard() -> Iterator[Guard]:
    pool = DecodingPool(2, Limits(decode_seconds=8.0))
    pool.start()
    yield build_guard(decoder=pool, limits=Limits(decode_seconds=8.0))
    pool.close()


def asked(data: bytes) -> ScreenRequest:
    return ScreenRequest(
        RequestId("req_1"),
        Route.EDIT,
        texts=(TextPart("prompt", "make the sky a sunset"),),
        images=(ImagePart("image", Role.INPUT, data),),
        subject="somebody",
    )


def test_no_rejected_file_is_allowed_and_none_is_called_our_own_trouble(guard: Guard) -> None:
    shared("vectors/malformed")
    rejected = [one for one in manifest() if one["result"] == "rejected"]
    assert len(rejected) == 194
    wrong = {}
    for one in rejected:
        decision = guard.screen(asked((FOLDER / one["file"]).read_bytes())).decision
        codes = [why.code for why in decision.reasons]
        if decision.allowed or len(codes) != 1 or codes[0] not in PICTURE_CODES:
            wrong[one["file"]] = (decision.decision, codes)
    assert wrong == {}


def test_no_file_breaks_the_guard(guard: Guard) -> None:
    shared("vectors/malformed")
    for one in manifest():
        if one["result"] == "decoded":
            decision = guard.screen(asked((FOLDER / one["file"]).read_bytes())).decision
            assert "screening_unavailable" not in [why.code for why in decision.reasons], one["file"]
            if one["format"] not in ACCEPTED_BY_US:
                assert [why.code for why in decision.reasons] == ["image_format_not_accepted"], one["file"]
    assert guard.screen(asked(warm_up_picture())).decision.allowed
    assert guard.health() == {"decoder": "ok", "nudity": "ok", "faces": "ok"}
