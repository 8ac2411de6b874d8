"""Hostile multipart bodies: what the guard parses is what the usual upstream parsers parse, or it is refused."""

import io
from email.message import Message
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_multipart.multipart import parse_form as starlettes_parser
from werkzeug.formparser import parse_form_data

from consentry.proxy.errors import ProxyRefusal
from consentry.proxy.form import FormPart, parse_form

TYPE = "multipart/form-data; boundary=XX"
PNG = b"\x89PNG\r\n\x1a\n\x00\x01"


def part(name: str, data: bytes, extra: str = "", more: str = "") -> bytes:
    """One part with its delimiter."""
    return f'--XX\r\nContent-Disposition: form-data; name="{name}"{extra}\r\n{more}\r\n'.encode() + data + b"\r\n"


def alone(name: str, data: bytes, extra: str = "", more: str = "") -> bytes:
    """A whole body of one part."""
    return part(name, data, extra, more) + b"--XX--\r\n"


GOOD = (
    part("prompt", b"a tree") + part("image", PNG, '; filename="a.png"', "Content-Type: image/png\r\n") + b"--XX--\r\n"
)


def by_werkzeug(content_type: str, body: bytes) -> list[tuple[str, bytes, bool]]:
    """What Flask's parser reads."""
    environ: dict[str, Any] = {
        "wsgi.input": io.BytesIO(body),
        "CONTENT_LENGTH": str(len(body)),
        "CONTENT_TYPE": content_type,
        "REQUEST_METHOD": "POST",
    }
    _, form, files = parse_form_data(environ)
    read = [(name, value.encode(), False) for name, value in form.items(multi=True)]
    return read + [(name, one.read(), True) for name, one in files.items(multi=True)]


def by_python_multipart(content_type: str, body: bytes) -> list[tuple[str, bytes, bool]]:
    """What Starlette's and FastAPI's parser reads."""
    read: list[tuple[str, bytes, bool]] = []

    def on_file(one: Any) -> None:
        one.file_object.seek(0)
        read.append(((one.field_name or b"").decode(), one.file_object.read(), True))

    headers = {"Content-Type": content_type.encode(), "Content-Length": str(len(body)).encode()}
    starlettes_parser(
        headers,
        io.BytesIO(body),
        lambda one: read.append(((one.field_name or b"").decode(), one.value or b"", False)),
        on_file,
    )
    return read


def as_read(parts: tuple[FormPart, ...]) -> list[tuple[str, bytes, bool]]:
    """Our reading in the same shape."""
    return sorted((one.name, one.data, one.is_file) for one in parts)


HOSTILE: dict[str, tuple[str, bytes]] = {
    "preamble": (TYPE, b"words before\r\n" + GOOD),
    "preamble line break": (TYPE, b"\r\n" + GOOD),
    "epilogue": (TYPE, GOOD + b"words after"),
    "epilogue part": (TYPE, GOOD + part("prompt", b"another") + b"--XX--\r\n"),
    "no end": (TYPE, GOOD.replace(b"--XX--\r\n", b"")),
    "end without line break": (TYPE, GOOD[:-2]),
    "no end dashes": (TYPE, GOOD.replace(b"--XX--", b"--XX")),
    "bare LF everywhere": (TYPE, GOOD.replace(b"\r\n", b"\n")),
    "bare LF in headers": (TYPE, GOOD.replace(b'"prompt"\r\n', b'"prompt"\n')),
    "bare LF before delimiter": (TYPE, GOOD.replace(b"a tree\r\n--XX", b"a tree\n--XX")),
    "bare CR before delimiter": (TYPE, GOOD.replace(b"a tree\r\n--XX", b"a tree\r--XX")),
    "bare LF delimiter hidden in text": (
        TYPE,
        alone("prompt", b'tree\n--XX\nContent-Disposition: form-data; name="q"\n\nx'),
    ),
    "folded header": (TYPE, GOOD.replace(b'form-data; name="prompt"', b'form-data;\r\n name="prompt"')),
    "folded with a second name": (TYPE, GOOD.replace(b'name="prompt"', b'name="prompt"\r\n ; name="user"')),
    "doubled disposition": (TYPE, alone("prompt", b"x", more='Content-Disposition: form-data; name="user"\r\n')),
    "doubled type": (TYPE, alone("prompt", b"x", more="Content-Type: text/plain\r\nContent-Type: text/plain\r\n")),
    "two names": (TYPE, alone("prompt", b"x", '; name="user"')),
    "name and name*": (TYPE, alone("prompt", b"x", "; name*=UTF-8''user")),
    "only name*": (TYPE, b"--XX\r\nContent-Disposition: form-data; name*=UTF-8''prompt\r\n\r\nx\r\n--XX--\r\n"),
    "no name": (TYPE, b"--XX\r\nContent-Disposition: form-data\r\n\r\nx\r\n--XX--\r\n"),
    "empty name": (TYPE, alone("", b"x")),
    "name with a quote": (TYPE, alone('pro\\"mpt', b"x")),
    "name with percent": (TYPE, alone("%70rompt", b"x")),
    "name with space": (TYPE, alone("prompt ", b"x")),
    "name in capitals": (TYPE, alone("Prompt", b"x")),
    "name not quoted": (TYPE, b"--XX\r\nContent-Disposition: form-data; name=prompt\r\n\r\nx\r\n--XX--\r\n"),
    "single quotes": (TYPE, b"--XX\r\nContent-Disposition: form-data; name='prompt'\r\n\r\nx\r\n--XX--\r\n"),
    "attachment": (TYPE, b'--XX\r\nContent-Disposition: attachment; name="prompt"\r\n\r\nx\r\n--XX--\r\n'),
    "no headers": (TYPE, b"--XX\r\n\r\nx\r\n--XX--\r\n"),
    "part without body": (TYPE, b'--XX\r\nContent-Disposition: form-data; name="user"\r\n' + GOOD),
    "part without blank line": (TYPE, b'--XX\r\nContent-Disposition: form-data; name="user"\r\n--XX\r\n' + GOOD),
    "empty body of a part": (TYPE, part("user", b"") + GOOD),
    "nested multipart": (
        TYPE,
        alone("image", b"--YY\r\n\r\nx\r\n--YY--", '; filename="a"', "Content-Type: multipart/mixed; boundary=YY\r\n"),
    ),
    "transfer encoding": (TYPE, alone("prompt", b"eA==", more="Content-Transfer-Encoding: base64\r\n")),
    "transfer encoding, none": (TYPE, alone("prompt", b"x", more="Content-Transfer-Encoding: binary\r\n")),
    "unknown header": (TYPE, alone("prompt", b"x", more="X-Other: 1\r\n")),
    "text in another charset": (TYPE, alone("prompt", b"x", more="Content-Type: text/plain; charset=utf-7\r\n")),
    "text in utf-8, said": (TYPE, alone("prompt", b"x", more="Content-Type: text/plain; charset=utf-8\r\n")),
    "text as a page": (TYPE, alone("prompt", b"x", more="Content-Type: text/html\r\n")),
    "file as a page": (TYPE, alone("image", PNG, '; filename="a.png"', "Content-Type: text/html\r\n")),
    "file without type": (TYPE, alone("image", PNG, '; filename="a.png"')),
    "file with filename*": (
        TYPE,
        alone("image", PNG, "; filename*=UTF-8''%E5%86%99%E7%9C%9F.png", "Content-Type: image/png\r\n"),
    ),
    "filename twice": (TYPE, alone("image", PNG, '; filename="a"; filename="b"')),
    "filename with line break": (TYPE, alone("image", PNG, '; filename="a\r\nb"')),
    "filename with NUL": (TYPE, alone("image", PNG, '; filename="a\x00b"')),
    "filename with backslash quote": (TYPE, alone("image", PNG, '; filename="a\\"; name=\\"user"')),
    "filename of two dots": (TYPE, alone("image", PNG, '; filename="../../etc/passwd"', "Content-Type: image/png\r\n")),
    "empty filename": (TYPE, alone("image", PNG, '; filename=""', "Content-Type: image/png\r\n")),
    "padding after delimiter": (TYPE, GOOD.replace(b"--XX\r\n", b"--XX  \r\n")),
    "longer boundary inside": (TYPE, alone("prompt", b"a\r\n--XXX\r\nb")),
    "boundary at once in text": (TYPE, alone("prompt", b"--XX")),
    "header very long": (TYPE, alone("prompt", b"x", f'; filename="{"a" * 9000}"')),
    "header in latin-1": (
        TYPE,
        b'--XX\r\nContent-Disposition: form-data; name="image"; filename="\xe9.png"\r\n\r\nx\r\n--XX--\r\n',
    ),
    "space before colon": (TYPE, GOOD.replace(b"Content-Disposition:", b"Content-Disposition :", 1)),
    "tab header": (TYPE, GOOD.replace(b"Content-Disposition: ", b"Content-Disposition:\t", 1)),
    "seventy parts": (TYPE, part("user", b"x") * 70 + b"--XX--\r\n"),
    "boundary quoted": ('multipart/form-data; boundary="XX"', GOOD),
    "boundary twice": ("multipart/form-data; boundary=YY; boundary=XX", GOOD),
    "boundary twice, other order": ("multipart/form-data; boundary=XX; boundary=YY", GOOD),
    "boundary and charset": ("multipart/form-data; boundary=XX; charset=utf-7", GOOD),
    "boundary missing": ("multipart/form-data", GOOD),
    "boundary empty": ("multipart/form-data; boundary=", GOOD),
    "boundary with comment": ("multipart/form-data; boundary=XX (x)", GOOD),
    "boundary*": ("multipart/form-data; boundary*=UTF-8''XX", GOOD),
    "boundary too long": (f"multipart/form-data; boundary={'X' * 80}", GOOD.replace(b"XX", b"X" * 80)),
    "type in capitals": ("Multipart/Form-Data; Boundary=XX", GOOD),
    "nothing": (TYPE, b""),
    "only an end": (TYPE, b"--XX--\r\n"),
}

ACCEPTED = {
    "end without line break",
    "name in capitals",
    "name not quoted",
    "empty body of a part",
    "text in utf-8, said",
    "transfer encoding, none",
    "file without type",
    "file with filename*",
    "filename of two dots",
    "empty filename",
    "tab header",
    "boundary quoted",
}
"""Those that are plain enough: everything else must be refused."""


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_body_is_refused_or_read_as_upstreams_read_it(name: str) -> None:
    content_type, body = HOSTILE[name]
    if name not in ACCEPTED:
        with pytest.raises(ProxyRefusal) as refused:
            parse_form(content_type, body)
        assert refused.value.status == 400
        return
    ours = as_read(parse_form(content_type, body))
    others = {"werkzeug": by_werkzeug, "python-multipart": by_python_multipart}
    for other, parse in others.items():
        if (name, other) in KNOWN_DIFFERENCES:
            continue
        assert sorted(parse(content_type, body)) == ours, other


KNOWN_DIFFERENCES = {
    ("file with filename*", "python-multipart"),
    ("empty filename", "python-multipart"),
}
"""Readings that differ in a way that lets nothing unscreened by, because what is forwarded is built anew."""


def test_a_plain_body_is_read_alike_by_all() -> None:
    ours = as_read(parse_form(TYPE, GOOD))
    assert ours == [("image", PNG, True), ("prompt", b"a tree", False)]
    assert sorted(by_werkzeug(TYPE, GOOD)) == sorted(by_python_multipart(TYPE, GOOD)) == ours


def test_a_japanese_file_name_may_be_sent_both_ways() -> None:
    both = "; filename=\"写真.png\"; filename*=UTF-8''%E5%86%99%E7%9C%9F.png"
    body = part("image", PNG, both, "Content-Type: image/png\r\n") + b"--XX--\r\n"
    assert as_read(parse_form(TYPE, body)) == [("image", PNG, True)]


@given(
    st.lists(
        st.tuples(st.sampled_from(["prompt", "image", "image[]", "mask", "n"]), st.binary(max_size=60), st.booleans()),
        min_size=1,
        max_size=5,
    )
)
def test_whatever_is_accepted_is_what_was_sent(sent: list[tuple[str, bytes, bool]]) -> None:
    body = (
        b"".join(part(name, data, '; filename="f"' if is_file else "") for name, data, is_file in sent) + b"--XX--\r\n"
    )
    try:
        read = parse_form(TYPE, body)
    except ProxyRefusal:
        assert any(b"--XX" in data for _, data, _ in sent)
        return
    assert [(one.name, one.data, one.is_file) for one in read] == sent


@given(st.binary(max_size=200), st.integers(0, len(GOOD)))
def test_any_bytes_are_read_or_refused_and_nothing_else(noise: bytes, at: int) -> None:
    for body in (noise, GOOD[:at] + noise + GOOD[at:], GOOD[:at]):
        try:
            read = parse_form(TYPE, body)
        except ProxyRefusal:
            continue
        assert [_shown(one) for one in as_read(read)] == [_shown(one) for one in sorted(by_werkzeug(TYPE, body))]


def _shown(one: tuple[str, bytes, bool]) -> tuple[str, str | bytes, bool]:
    """Werkzeug replaces what is not UTF-8 in a text; the proxy refuses it one step later."""
    return one[0], one[1] if one[2] else one[1].decode("utf-8", "replace"), one[2]


def test_python_s_own_mail_parser_agrees_on_the_boundary() -> None:
    message = Message()
    message["content-type"] = 'multipart/form-data; boundary="XX"'
    assert message.get_boundary() == "XX"
    assert as_read(parse_form(message["content-type"], GOOD)) == as_read(parse_form(TYPE, GOOD))
