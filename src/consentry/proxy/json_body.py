"""Strict JSON: one reading or none.

Invariants: UTF-8 without a byte-order mark; no key twice; no NaN or Infinity; no lone surrogate; the top is an object.
Parsers disagree on every one of these, so that a guard and an upstream would see two different requests.
"""

import json
from typing import Any, NoReturn

from consentry.proxy.errors import ProxyRefusal


def parse_json_object(body: bytes) -> dict[str, Any]:
    """The object that ``body`` says; a 400 that names the doubt otherwise."""
    if body.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        raise _malformed("it begins with a byte-order mark")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise _malformed("it is not UTF-8") from None
    try:
        value = json.loads(text, object_pairs_hook=_no_key_twice, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise _malformed("it is not JSON") from None
    if not isinstance(value, dict):
        raise _malformed("it is not a JSON object")
    if not _is_whole(value):
        raise _malformed("it holds half of a character (a lone surrogate)")
    return value


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise ProxyRefusal(400, "field_not_screened", param=shown(twice), why="it is there twice")
    return found


def _is_whole(value: Any) -> bool:
    """Whether every string in ``value`` can be written as UTF-8: an escape may smuggle in half of a character."""
    if isinstance(value, str):
        return not any("\ud800" <= letter <= "\udfff" for letter in value) if not value.isascii() else True
    if isinstance(value, dict):
        return all(_is_whole(key) and _is_whole(one) for key, one in value.items())
    return all(_is_whole(one) for one in value) if isinstance(value, list) else True


def _no_constant(text: str) -> NoReturn:
    raise ProxyRefusal(400, "malformed_body", why="it holds {constant}, which is not JSON", constant=text)


def _malformed(why: str) -> ProxyRefusal:
    return ProxyRefusal(400, "malformed_body", why=why)


def shown(name: str) -> str:
    """A caller's field name, fit to be named in an answer: short and without control characters."""
    return "".join(letter if letter.isprintable() else "?" for letter in name[:64])
