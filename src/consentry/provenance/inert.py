"""Makes a stranger's text harmless to show: every text of a manifest was written by somebody who may be hostile.

Invariants: the result is one line of printable characters (no control, no bidirectional, no invisible ones), bounded in
length; escaping says what was there. Not done here: HTML (templates escape that).
"""

from typing import Any

SHOWN = 200
_DEPTH = 32


def inert(text: object, limit: int = SHOWN) -> str:
    """``text`` in one printable line of about ``limit`` characters at most, with escapes such as ``\\x1b``."""
    raw = str(text)
    shown = "".join(letter if letter.isprintable() else _escaped(letter) for letter in raw[:limit])
    return f"{shown}... ({len(raw)} characters)" if len(raw) > limit else shown


def inert_json(value: Any, depth: int = _DEPTH) -> Any:
    """``value`` (JSON kinds) with every text in it, keys as well, made inert without shortening."""
    if depth == 0:
        return "..."
    if isinstance(value, str):
        return "".join(letter if letter.isprintable() else _escaped(letter) for letter in value)
    if isinstance(value, dict):
        return {inert_json(str(key), depth - 1): inert_json(one, depth - 1) for key, one in value.items()}
    return [inert_json(one, depth - 1) for one in value] if isinstance(value, list) else value


def _escaped(letter: str) -> str:
    number = ord(letter)
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
