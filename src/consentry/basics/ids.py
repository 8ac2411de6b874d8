"""Identifiers that must not be mixed up, and one way to make new ones.

New identifiers are random (UUIDv4 without dashes, with a short prefix that says the kind): they carry
neither time nor order, so that a number on a receipt tells nothing about anybody else's.
"""

import re
import secrets
from typing import NewType

Sha256Hex = NewType("Sha256Hex", str)
PdqHex = NewType("PdqHex", str)
RequestId = NewType("RequestId", str)
DecisionId = NewType("DecisionId", str)
CaseId = NewType("CaseId", str)
ReportId = NewType("ReportId", str)
AppealId = NewType("AppealId", str)
ContentRef = NewType("ContentRef", str)
AccountRef = NewType("AccountRef", str)

_HEX64 = re.compile(r"[0-9a-f]{64}")


def new_id(prefix: str) -> str:
    """A fresh identifier ``<prefix>_<26 base32 characters>`` with 128 random bits."""
    number = int.from_bytes(secrets.token_bytes(16))
    alphabet = "0123456789abcdefghjkmnpqrstvwxyz"
    digits = []
    for _ in range(26):
        number, digit = divmod(number, 32)
        digits.append(alphabet[digit])
    return f"{prefix}_{''.join(reversed(digits))}"


def parse_pdq(text: str) -> PdqHex:
    """Check that ``text`` is a 256-bit PDQ hash (64 lower-case hex digits); ``ValueError`` otherwise."""
    if not _HEX64.fullmatch(text):
        raise ValueError("a PDQ hash is 64 lower-case hexadecimal digits")
    return PdqHex(text)
