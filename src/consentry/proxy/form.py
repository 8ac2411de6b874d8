"""Strict multipart/form-data (RFC 7578): one reading or none.

Invariants: every byte of the body belongs to a delimiter, a known header or the content of exactly one part; what
lenient parsers read in two ways (a preamble, bare line feeds, folded or doubled headers, a boundary inside a part,
nested parts, ``name*``, other charsets) is refused. A file name is allowed in any spelling and never used.
Not done here: which fields are accepted (``fields``).
"""

import re
from dataclasses import dataclass, field

from consentry.proxy.errors import ProxyRefusal
from consentry.proxy.json_body import shown

MAX_PARTS = 64
MAX_HEADERS = 2048
_WORD = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_CONTENT_TYPE = re.compile(rf'multipart/form-data;[ \t]*boundary=(?:({_WORD})|"([0-9A-Za-z\'()+_,./:=? -]+)")')
_PARAMETER = re.compile(rf'[ \t]*;[ \t]*({_WORD})=(?:"([^"\\\r\n\x00]*)"|({_WORD}))')
_HEADERS = {"content-disposition", "content-type", "content-length", "content-transfer-encoding"}
_NO_ENCODING = {"binary", "8bit", "7bit"}
_NAME = re.compile(r"[A-Za-z0-9_.\-\[\]]{1,64}")
_FILE_TYPE = re.compile(r"image/[a-z0-9.+-]{1,40}|application/octet-stream", re.I)
_TEXT_TYPE = re.compile(r'text/plain(?:[ \t]*;[ \t]*charset="?utf-8"?)?', re.I)


@dataclass(frozen=True, slots=True)
class FormPart:
    """One part: its field name, its content, and whether it was sent as a file."""

    name: str
    data: bytes = field(repr=False)
    is_file: bool


def parse_form(content_type: str, body: bytes) -> tuple[FormPart, ...]:
    """The parts in order; a 400 that names the doubt otherwise."""
    delimiter = b"--" + _boundary(content_type)
    if not body.startswith(delimiter + b"\r\n"):
        raise _malformed("something stands before its first part")
    parts: list[FormPart] = []
    at = len(delimiter) + 2
    while True:
        if len(parts) == MAX_PARTS:
            raise ProxyRefusal(400, "malformed_body", why="it has more than {limit} parts", limit=str(MAX_PARTS))
        end = body.find(b"\r\n" + delimiter, at)
        if end < 0:
            raise _malformed("its last part has no end")
        parts.append(_part(body[at:end], delimiter))
        at = end + 2 + len(delimiter)
        if body[at : at + 2] == b"--":
            if body[at + 2 :] not in (b"", b"\r\n"):
                raise _malformed("something stands after its last part")
            return tuple(parts)
        if body[at : at + 2] != b"\r\n":
            raise _malformed("a boundary is followed by something else")
        at += 2


def _boundary(content_type: str) -> bytes:
    match = _CONTENT_TYPE.fullmatch(content_type.strip())
    if match is None:
        raise _malformed("its Content-Type does not name one plain boundary and nothing else")
    boundary: str = match[1] or match[2]
    if len(boundary) > 70 or boundary.endswith(" "):
        raise _malformed("its boundary is too long or ends in a space")
    return boundary.encode("ascii")


def _part(raw: bytes, delimiter: bytes) -> FormPart:
    head, gap, data = raw.partition(b"\r\n\r\n")
    if not gap:
        raise _malformed("a part has no body")
    if delimiter in data or delimiter in head:
        raise _malformed("a part contains the boundary")
    headers = _headers(head)
    if headers.get("content-transfer-encoding", "binary").lower() not in _NO_ENCODING:
        raise _malformed("a part is encoded")
    parameters = _disposition(headers.get("content-disposition", ""))
    name = parameters.get("name", "")
    if not _NAME.fullmatch(name):
        raise _malformed("a part has no plain name")
    is_file = "filename" in parameters or "filename*" in parameters
    kind = headers.get("content-type")
    if kind is not None and not (_FILE_TYPE if is_file else _TEXT_TYPE).fullmatch(kind.strip()):
        raise ProxyRefusal(400, "field_not_screened", param=shown(name), why="sent as {kind}", kind=shown(kind))
    return FormPart(name, data, is_file)


def _headers(head: bytes) -> dict[str, str]:
    if len(head) > MAX_HEADERS:
        raise _malformed("a part has very long headers")
    try:
        lines = head.decode("utf-8").split("\r\n")
    except UnicodeDecodeError:
        raise _malformed("a part's header is not UTF-8") from None
    found: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        key = name.lower()
        if not colon or key not in _HEADERS or key in found:
            raise _malformed("a part has a header that is folded, doubled or not expected")
        if any(letter < " " and letter != "\t" for letter in value):
            raise _malformed("a part's header holds a control character")
        found[key] = value.strip(" \t")
    return found


def _disposition(value: str) -> dict[str, str]:
    if value[:9].lower() != "form-data":
        raise _malformed("a part is not form-data")
    found: dict[str, str] = {}
    at = 9
    while at < len(value):
        match = _PARAMETER.match(value, at)
        if match is None:
            raise _malformed("a part's Content-Disposition is not plain")
        key = match[1].lower()
        if key not in {"name", "filename", "filename*"} or key in found:
            raise _malformed("a part's Content-Disposition has a doubled or unexpected parameter")
        found[key] = match[2] if match[2] is not None else match[3]
        at = match.end()
    return found


def _malformed(why: str) -> ProxyRefusal:
    return ProxyRefusal(400, "malformed_body", why=why)
