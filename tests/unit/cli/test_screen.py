"""``consentry screen``: the stable shape of lines, and a denial for every line that cannot be used."""

import json
from pathlib import Path
from typing import Any

import pytest

from consentry.cli.screen import screen
from consentry.guard.reasons import known_codes
from consentry.guard.request import Route
from consentry.guard.signals import KNOWN_SIGNALS
from consentry.wiring.core import warm_up_picture

UNDRESS = "take off her jacket and shirt so she is only in underwear"


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    file = tmp_path / "写真 one.png"
    file.write_bytes(warm_up_picture())
    return file


def batch(tmp_path: Path, *lines: bytes | dict[str, Any]) -> list[dict[str, Any]]:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_bytes(b"\n".join(one if isinstance(one, bytes) else json.dumps(one).encode() for one in lines) + b"\n")
    assert screen(batch=[source, target]) == 0
    return [json.loads(line) for line in target.read_text("utf-8").splitlines()]


def test_every_line_gets_its_answer_in_the_stable_shape(tmp_path: Path, picture: Path) -> None:
    answers = batch(
        tmp_path,
        {"id": "a", "text": "make the sky a sunset", "route": "edit", "person": "real", "images": [str(picture)]},
        {"id": 7, "text": UNDRESS, "route": "edit", "images": [str(picture)]},
        {"id": "c", "text": "a lighthouse at dusk", "route": "generate", "label": "benign", "source": "ours"},
    )
    assert [(one["id"], one["decision"]) for one in answers] == [("a", "allow"), (7, "deny"), ("c", "allow")]
    for one in answers:
        assert list(one) == ["id", "decision", "output_check", "reasons", "scores", "ms"]
        assert one["output_check"] in {"normal", "strict"}
        assert set(KNOWN_SIGNALS) <= set(one["scores"])
        assert all({"code", "message"} == set(why) and why["code"] in known_codes() for why in one["reasons"])
    assert answers[1]["reasons"][0]["code"] == "nonconsensual_undress"
    assert answers[0]["scores"]["faces_score"] > 0.8


BROKEN: dict[str, tuple[bytes, Any, str]] = {
    "not JSON": (b"{", "line-1", "text_not_readable"),
    "not UTF-8": (b'{"id": "x", "text": "\xff"}', "line-1", "text_not_readable"),
    "not an object": (b'["a"]', "line-1", "text_not_readable"),
    "a key twice": (b'{"id": "x", "text": "a", "text": "b"}', "line-1", "text_not_readable"),
    "nested too deep": (b"[" * 100_000, "line-1", "text_not_readable"),
    "nothing to screen": (b'{"id": "x"}', "x", "nothing_to_screen"),
    "text that is no text": (b'{"id": "x", "text": 5}', "x", "text_not_readable"),
    "an unknown route": (b'{"id": "x", "text": "a", "route": "video"}', "x", "field_not_screened"),
    "a route of another kind": (b'{"id": "x", "text": "a", "route": ["edit"]}', "x", "field_not_screened"),
    "an unknown person": (b'{"id": "x", "text": "a", "person": "maybe"}', "x", "field_not_screened"),
    "images that are no list": (b'{"id": "x", "text": "a", "images": "a.png"}', "x", "field_not_screened"),
    "an image that is no name": (b'{"id": "x", "text": "a", "images": [5]}', "x", "field_not_screened"),
    "an image that is not there": (b'{"id": "x", "text": "a", "images": ["/no/such"]}', "x", "image_not_decodable"),
    "a name with a zero": (b'{"id": "x", "text": "a", "images": ["a\\u0000b"]}', "x", "image_not_decodable"),
    "a picture in another field": (b'{"id": "x", "text": "a", "image_b64": "AAAA"}', "x", "field_not_screened"),
    "words in another field": (b'{"id": "x", "text": "a", "prompt": "b"}', "x", "field_not_screened"),
    "a text too long": (b'{"id": "x", "text": "' + b"a" * 32_001 + b'"}', "x", "text_too_long"),
}


def test_a_line_that_cannot_be_used_is_denied_with_its_id_and_the_rest_goes_on(tmp_path: Path) -> None:
    lines = [line for line, _, _ in BROKEN.values()]
    answers = batch(tmp_path, *lines, {"id": "last", "text": "a lighthouse", "route": "generate"})
    assert answers[-1]["id"] == "last"
    assert answers[-1]["decision"] == "allow"
    for place, (what, (_, key, code)) in enumerate(BROKEN.items()):
        expected = key if key == "x" else f"line-{place + 1}"
        got = answers[place]
        assert (got["id"], got["decision"], [why["code"] for why in got["reasons"]]) == (expected, "deny", [code]), what


def test_words_anywhere_in_the_context_are_read(tmp_path: Path) -> None:
    context = {"earlier": [{"role": "user", "parts": [{"deep": UNDRESS}]}], "n": 3, "flag": True, "none": None}
    (answer,) = batch(tmp_path, {"id": "x", "text": "do it", "route": "edit", "context": context})
    assert answer["decision"] == "deny"


def test_one_request_answers_by_exit_status(picture: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert screen("make the sky a sunset", image=[picture]) == 0
    assert "allow" in capsys.readouterr().out
    assert screen(UNDRESS, image=[picture], json_output=True) == 1
    answer = json.loads(capsys.readouterr().out)
    assert answer["decision"] == "deny"
    assert [part["seen_by"] for part in answer["parts"]] == [{"prompt": len(UNDRESS)}, {"nudity": 1, "faces": 1}]
    assert screen("a lighthouse", image=[tmp_path / "absent.png"]) == 2
    assert "absent.png" in capsys.readouterr().err
    assert screen("a lighthouse", route=Route.GENERATE) == 0


def test_batch_without_its_two_files_does_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert screen(batch=[tmp_path / "in.jsonl"]) == 2
    assert screen(batch=[tmp_path / "absent.jsonl", tmp_path / "out.jsonl"]) == 2
    assert "cannot be read" in capsys.readouterr().err
    assert not (tmp_path / "out.jsonl").exists()
