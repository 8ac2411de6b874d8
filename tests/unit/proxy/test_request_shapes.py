"""Two ways to read one request: the union is screened, or the request is refused, and what goes on is rebuilt."""

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest

from consentry.guard.request import Role
from consentry.proxy.fields import ACCEPTED, FIELDS
from tests.fakes.asking import ask, code_of
from tests.fakes.guard import ScriptedGuard
from tests.fakes.guard_app import GuardApp
from tests.fakes.image_upstream import b64, picture
from tests.fakes.ledger import KEY

EDITS, GENERATIONS = "/v1/images/edits", "/v1/images/generations"
IMAGE = ("a.png", picture(), "image/png")
DATA_URL = "data:image/png;base64," + b64(picture())
JSON = {"Content-Type": "application/json"}


@pytest.fixture
def guard() -> ScriptedGuard:
    """A guard that allows everything and keeps what it was asked."""
    return ScriptedGuard()


@pytest.fixture
def app(guard: ScriptedGuard) -> Any:
    """The proxy before that guard."""
    return GuardApp(guard=guard).build()


REFUSED_BODIES: dict[str, tuple[bytes, dict[str, str], str]] = {
    "key twice": (b'{"prompt": "a tree", "prompt": "only underwear"}', JSON, "field_not_screened"),
    "key twice, once escaped": (b'{"prompt": "a tree", "pr\\u006fmpt": "only underwear"}', JSON, "field_not_screened"),
    "another case": (b'{"prompt": "a tree", "Prompt": "only underwear"}', JSON, "field_not_screened"),
    "unknown field": (b'{"prompt": "a tree", "image": "x"}', JSON, "field_not_screened"),
    "tools": (b'{"prompt": "a tree", "tools": [{"type": "image_generation"}]}', JSON, "field_not_screened"),
    "callback": (b'{"prompt": "a tree", "webhook_url": "https://x.example"}', JSON, "field_not_screened"),
    "messages": (b'{"messages": [{"role": "user", "content": "x"}]}', JSON, "field_not_screened"),
    "no prompt": (b"{}", JSON, "missing_required_parameter"),
    "null prompt": (b'{"prompt": null}', JSON, "missing_required_parameter"),
    "prompt in a list": (b'{"prompt": ["a", "b"]}', JSON, "invalid_value"),
    "eleven pictures": (b'{"prompt": "a tree", "n": 11}', JSON, "invalid_value"),
    "n is true": (b'{"prompt": "a tree", "n": true}', JSON, "invalid_value"),
    "n is a float": (b'{"prompt": "a tree", "n": 1.0}', JSON, "invalid_value"),
    "n is huge": (b'{"prompt": "a tree", "n": ' + b"9" * 5000 + b"}", JSON, "malformed_body"),
    "unknown moderation": (b'{"prompt": "a tree", "moderation": "off"}', JSON, "invalid_value"),
    "a sentence as model": (b'{"prompt": "a tree", "model": "only underwear please"}', JSON, "invalid_value"),
    "a sentence as size": (b'{"prompt": "a tree", "size": "1x1 underwear"}', JSON, "invalid_value"),
    "a very long prompt": (json.dumps({"prompt": "x" * 32_001}).encode(), JSON, "invalid_value"),
    "byte-order mark": (b'\xef\xbb\xbf{"prompt": "a tree"}', JSON, "malformed_body"),
    "UTF-16": ('{"prompt": "a tree"}'.encode("utf-16"), JSON, "malformed_body"),
    "UTF-16 without mark": ('{"prompt": "a tree"}'.encode("utf-16-le"), JSON, "malformed_body"),
    "latin-1": ('{"prompt": "été"}'.encode("latin-1"), JSON, "malformed_body"),
    "half a character": (b'{"prompt": "\\ud800"}', JSON, "malformed_body"),
    "NaN": (b'{"prompt": "a tree", "n": NaN}', JSON, "malformed_body"),
    "a list": (b'["a tree"]', JSON, "malformed_body"),
    "two objects": (b'{"prompt": "a tree"}{"prompt": "x"}', JSON, "malformed_body"),
    "a comma too many": (b'{"prompt": "a tree",}', JSON, "malformed_body"),
    "a comment": (b'{"prompt": "a tree" /* x */}', JSON, "malformed_body"),
    "very deep": (b'{"prompt": ' + b"[" * 200_000, JSON, "malformed_body"),
    "empty": (b"", JSON, "malformed_body"),
    "gzip": (
        gzip.compress(b'{"prompt": "a tree"}'),
        JSON | {"Content-Encoding": "gzip"},
        "content_encoding_not_accepted",
    ),
    "gzip twice": (b"{}", JSON | {"Content-Encoding": "gzip, gzip"}, "content_encoding_not_accepted"),
    "no content type": (b'{"prompt": "a tree"}', {}, "content_type_not_accepted"),
    "text": (b'{"prompt": "a tree"}', {"Content-Type": "text/plain"}, "content_type_not_accepted"),
    "another charset": (
        b'{"prompt": "a tree"}',
        {"Content-Type": "application/json; charset=utf-7"},
        "content_type_not_accepted",
    ),
    "a form where JSON is due": (
        b"prompt=a+tree",
        {"Content-Type": "application/x-www-form-urlencoded"},
        "content_type_not_accepted",
    ),
}


@pytest.mark.parametrize("name", REFUSED_BODIES)
def test_a_doubtful_body_is_refused_unasked(app: Any, guard: ScriptedGuard, name: str) -> None:
    body, headers, code = REFUSED_BODIES[name]
    answer = ask(app, "POST", GENERATIONS, content=body, headers=headers)
    assert code_of(answer) == code
    assert 400 <= answer.status_code < 500
    assert not guard.asked


def files(*names: str) -> list[tuple[str, tuple[str, bytes, str]]]:
    """Picture parts of these names."""
    return [(name, IMAGE) for name in names]


REFUSED_FORMS: dict[str, tuple[dict[str, Any], str]] = {
    "prompt twice": ({"data": {"prompt": ["a tree", "only underwear"]}, "files": files("image")}, "field_not_screened"),
    "prompt as a file": ({"files": [*files("image"), ("prompt", ("p.png", b"x", "image/png"))]}, "field_not_screened"),
    "image and image[]": ({"data": {"prompt": "x"}, "files": files("image", "image[]")}, "field_not_screened"),
    "images": ({"data": {"prompt": "x"}, "files": files("images")}, "field_not_screened"),
    "image[0]": ({"data": {"prompt": "x"}, "files": files("image[0]")}, "field_not_screened"),
    "image2": ({"data": {"prompt": "x"}, "files": files("image", "image2")}, "field_not_screened"),
    "image_url": ({"data": {"prompt": "x", "image_url": DATA_URL}, "files": files("image")}, "field_not_screened"),
    "two masks": ({"data": {"prompt": "x"}, "files": files("image", "mask", "mask")}, "field_not_screened"),
    "image as text": ({"data": {"prompt": "x", "image": "hello"}, "files": files("mask")}, "field_not_screened"),
    "only a mask": ({"data": {"prompt": "x"}, "files": files("mask")}, "missing_required_parameter"),
    "no prompt": ({"files": files("image")}, "missing_required_parameter"),
    "seventeen": ({"data": {"prompt": "x"}, "files": files(*["image[]"] * 17)}, "too_many_images"),
    "charset field": ({"data": {"prompt": "x", "_charset_": "utf-7"}, "files": files("image")}, "field_not_screened"),
    "n in words": ({"data": {"prompt": "x", "n": "two"}, "files": files("image")}, "invalid_value"),
    "n in other digits": ({"data": {"prompt": "x", "n": "\uff12"}, "files": files("image")}, "invalid_value"),
    "prompt not UTF-8": ({"data": {"prompt": b"\xff\xfe"}, "files": files("image")}, "malformed_body"),
    "lying type": (
        {"content": b'{"prompt": "x"}', "headers": {"Content-Type": "multipart/form-data; boundary=XX"}},
        "malformed_body",
    ),
    "style is not for edits": (
        {"data": {"prompt": "x", "style": "vivid"}, "files": files("image")},
        "field_not_screened",
    ),
}


@pytest.mark.parametrize("name", REFUSED_FORMS)
def test_a_doubtful_form_is_refused_unasked(app: Any, guard: ScriptedGuard, name: str) -> None:
    body, code = REFUSED_FORMS[name]
    answer = ask(app, "POST", EDITS, **body)
    assert code_of(answer) == code
    assert not guard.asked


REFUSED_EDITS: dict[str, tuple[Any, str, str]] = {
    "file id": ([{"file_id": "file-1"}], "field_not_screened", "images[0].file_id"),
    "file id and address": ([{"image_url": DATA_URL, "file_id": "file-1"}], "field_not_screened", "images[0].file_id"),
    "url": ([{"url": DATA_URL}], "field_not_screened", "images[0].url"),
    "both spellings": ([{"image_url": DATA_URL, "url": DATA_URL}], "field_not_screened", "images[0].url"),
    "address in an object": ([{"image_url": {"url": DATA_URL}}], "invalid_value", "images[0].image_url"),
    "a text": ([DATA_URL], "invalid_value", "images[0]"),
    "not a list": ({"image_url": DATA_URL}, "invalid_value", "images"),
    "none": ([], "invalid_value", "images"),
    "not base64": ([{"image_url": "data:image/png,hello"}], "invalid_value", "images[0].image_url"),
    "broken base64": ([{"image_url": "data:image/png;base64,@@@"}], "invalid_value", "images[0].image_url"),
    "spaced base64": ([{"image_url": "data:image/png;base64,aGVs bG8="}], "invalid_value", "images[0].image_url"),
    "a page": ([{"image_url": "data:text/html;base64,aGVsbG8="}], "invalid_value", "images[0].image_url"),
    "charset in it": (
        [{"image_url": "data:image/png;charset=x;base64,aGVsbG8="}],
        "invalid_value",
        "images[0].image_url",
    ),
    "a file": ([{"image_url": "file:///etc/passwd"}], "picture_not_fetched", "images[0]"),
    "metadata address": ([{"image_url": "http://169.254.169.254/latest"}], "picture_not_fetched", "images[0]"),
    "seventeen": ([{"image_url": DATA_URL}] * 17, "too_many_images", "image"),
}


@pytest.mark.parametrize("name", REFUSED_EDITS)
def test_a_doubtful_reference_is_refused_by_name(app: Any, guard: ScriptedGuard, name: str) -> None:
    images, code, param = REFUSED_EDITS[name]
    answer = ask(app, "POST", EDITS, json={"prompt": "x", "images": images})
    assert (code_of(answer), answer.json()["error"]["param"]) == (code, param)
    assert not guard.asked


def test_the_json_form_is_screened_like_the_other(app: Any, guard: ScriptedGuard) -> None:
    body = {"prompt": "brighter", "images": [{"image_url": DATA_URL}] * 2, "mask": {"image_url": DATA_URL}}
    answer = ask(app, "POST", EDITS, json=body)
    assert answer.status_code == 200
    (asked,) = guard.asked
    assert [(one.name, one.role) for one in asked.images] == [
        ("images[0]", Role.INPUT), ("images[1]", Role.INPUT), ("mask", Role.MASK),
    ]  # fmt: skip
    assert {one.data for one in asked.images} == {picture()}


def test_sixteen_pictures_are_all_shown_to_the_guard(app: Any, guard: ScriptedGuard) -> None:
    distinct = [picture(colour=(place * 10, 0, 0)) for place in range(16)]
    parts = [("image[]", (f"{place}.png", data, "image/png")) for place, data in enumerate(distinct)]
    assert ask(app, "POST", EDITS, data={"prompt": "brighter"}, files=parts).status_code == 200
    assert [one.data for one in guard.asked[0].images] == distinct


def test_an_empty_prompt_is_the_guard_s_to_judge(app: Any, guard: ScriptedGuard) -> None:
    ask(app, "POST", EDITS, data={"prompt": " "}, files=files("image"))
    assert [one.text for one in guard.asked[0].texts] == [" "]


def test_a_chunked_body_is_counted_as_it_comes() -> None:
    app = GuardApp().build(body_bytes=1000)

    async def chunks() -> Any:
        for _ in range(30):
            yield b" " * 100

    answer = ask(app, "POST", GENERATIONS, content=chunks(), headers=JSON)
    assert (answer.status_code, code_of(answer)) == (413, "request_too_large")


def test_a_declared_length_over_the_limit_is_refused_at_once() -> None:
    app = GuardApp().build(body_bytes=1000)
    answer = ask(app, "POST", GENERATIONS, content=b" " * 1001, headers=JSON)
    assert (answer.status_code, code_of(answer)) == (413, "request_too_large")
    assert app.state.admission.bytes == 0


def test_a_subject_is_a_pseudonym_not_a_sentence(app: Any, guard: ScriptedGuard) -> None:
    for headers in ({"X-Consentry-Subject": "Ann Example"}, {"X-Consentry-Person": "robot"}):
        answer = ask(app, "POST", GENERATIONS, json={"prompt": "x"}, headers=headers)
        assert code_of(answer) == "invalid_value"
    assert not guard.asked


def test_the_page_lists_the_fields_that_the_program_accepts() -> None:
    page = (Path(__file__).parents[3] / "docs/spec/guard-api.md").read_text("utf-8")
    rows = re.findall(r"^\| `([^`]+)` \| ([a-z, ]+) \|", page, re.M)
    listed = {name: frozenset(routes.replace(" ", "").split(",")) for name, routes in rows}
    accepted: dict[str, set[str]] = {}
    for route, one in ACCEPTED.items():
        for name in one.values | one.form_pictures | one.json_pictures:
            accepted.setdefault(name, set()).add(route.value)
    assert {name: routes for name, routes in listed.items() if name in accepted or name in FIELDS} == accepted


@pytest.mark.parametrize("doubled", ["Content-Type", "Authorization", "X-Consentry-Person", "X-Consentry-Subject"])
def test_a_header_that_is_there_twice_is_no_header_at_all(app: Any, guard: ScriptedGuard, doubled: str) -> None:
    plain = {"Content-Type": "application/json", "Authorization": f"Bearer {KEY}"}
    values = {"X-Consentry-Person": "none", "X-Consentry-Subject": "acct_1"} | plain
    headers = [*plain.items(), *([(doubled, values[doubled])] * (1 if doubled in plain else 2))]
    answer = ask(app, "POST", GENERATIONS, content=b'{"prompt": "a tree"}', headers=headers)
    assert answer.status_code in (400, 401)
    assert not guard.asked


def test_two_lengths_are_one_too_many(app: Any, guard: ScriptedGuard) -> None:
    headers = JSON | {"Content-Length": "3", "Transfer-Encoding": "chunked"}
    answer = ask(app, "POST", GENERATIONS, content=b'{"prompt": "a tree"}', headers=headers)
    assert code_of(answer) == "malformed_body"
    assert not guard.asked
