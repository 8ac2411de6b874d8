"""What must never stand in a text that the public, or the other side, can read.

Invariants: patterns find addresses, handles, hashes, file names and numbers of telephones in any script's width; names
cannot be found by a pattern, so whoever publishes gives those that it knows. A finding never repeats what was found.
"""

import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum


class Leak(StrEnum):
    """What was found."""

    WEB_ADDRESS = "web_address"
    EMAIL = "email"
    HANDLE = "handle"
    HASH = "hash"
    FILE_NAME = "file_name"
    TELEPHONE = "telephone"
    KNOWN_PERSONAL = "known_personal"
    """One of the strings that the caller knows to be personal."""


_FLAGS = re.IGNORECASE | re.ASCII  # ASCII: a word ends where Japanese begins
_PATTERNS = {
    Leak.WEB_ADDRESS: re.compile(
        r"(?:[a-z][a-z0-9+.-]{1,20}://|\bwww\.)\S"
        r"|\b[a-z0-9-]{2,63}(?:\.[a-z0-9-]{2,63}){0,8}\.(?:com|net|org|jp|uk|eu|io|social|example|app|dev|me|info|test)\b"
        r"|\b\d{1,3}(?:\.\d{1,3}){3}\b",
        _FLAGS,
    ),
    Leak.EMAIL: re.compile(r"[^\s@]{1,64}@[^\s@]{1,255}\.[^\s@]{2,}", _FLAGS),
    Leak.HANDLE: re.compile(r"(?<![\w@.])@[^\s@.,]|\bu/[a-z0-9_-]{2,}", _FLAGS),
    Leak.HASH: re.compile(r"\b[0-9a-f]{32,}\b", _FLAGS),
    Leak.FILE_NAME: re.compile(r"[^\s.]\.(?:jpe?g|png|gif|webp|avif|heic|bmp|tiff?|mp4|mov|webm|pdf|zip)\b", _FLAGS),
    Leak.TELEPHONE: re.compile(r"(?<![\w.])(?:\+|0)\d(?:[\s().-]?\d){7,13}(?!\w)", _FLAGS),
}


def leaks(text: str, known_personal: Iterable[str] = ()) -> tuple[Leak, ...]:
    """What of the list stands in ``text``; compared in NFKC, letter case ignored for what the caller knows."""
    plain = unicodedata.normalize("NFKC", text)
    found = [leak for leak, pattern in _PATTERNS.items() if pattern.search(plain)]
    folded = plain.casefold()
    known = (unicodedata.normalize("NFKC", word).casefold().strip() for word in known_personal)
    if any(word and word in folded for word in known):
        found.append(Leak.KNOWN_PERSONAL)
    return tuple(found)
