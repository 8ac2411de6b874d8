"""The receipt: a code that a person keeps instead of an account (docs/spec/receipt.md, format R1).

``R1`` + locator (8) + secret (20) + check (2), Crockford base32, in groups of four. The locator (40 bits) finds the
report; the secret (100 bits) opens it. The two check symbols are a Reed-Solomon code over GF(32): any two wrong
symbols, and so any swap of two, are noticed before anything is looked up. Not done here: the slow hash, the limit on
guesses.
"""

import secrets
import unicodedata
from dataclasses import dataclass, field
from typing import NewType

from consentry.cases.errors import ReceiptError

ReceiptCode = NewType("ReceiptCode", str)
Locator = NewType("Locator", str)

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VERSION = "1"
_LOCATOR, _SECRET, _CHECK = 8, 20, 2
_LENGTH = 1 + 1 + _LOCATOR + _SECRET + _CHECK
_LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})
_BETWEEN = frozenset(" -_.\t\r\n\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u30fc\u3000\u30fb\u00b7")
_LONGEST_TYPED = 200


@dataclass(frozen=True, slots=True)
class Receipt:
    """A locator (stored, unique) and a secret (given away, only its slow hash is stored)."""

    locator: Locator
    secret: str = field(repr=False)

    @classmethod
    def new(cls) -> "Receipt":
        """A fresh receipt from the system's randomness."""
        return cls(Locator(_random(_LOCATOR)), _random(_SECRET))

    @property
    def code(self) -> ReceiptCode:
        """The whole code as it is shown: eight groups of four, joined by hyphens."""
        payload = _VERSION + self.locator + self.secret
        whole = "R" + payload + _check(payload)
        return ReceiptCode("-".join(whole[at : at + 4] for at in range(0, _LENGTH, 4)))

    @property
    def secret_bytes(self) -> bytes:
        """What the application hashes slowly (Argon2id); the format's name is in front, so formats never collide."""
        return b"consentry-receipt-R1:" + self.secret.encode("ascii")


def parse(typed: str) -> Receipt:
    """The receipt in ``typed``, forgiving case, spaces, hyphens, full-width letters, and O, I, L for 0, 1, 1.

    ``ReceiptError`` when it cannot be right; the message never repeats any of it.
    """
    if len(typed) > _LONGEST_TYPED:
        raise _wrong("is far too long")
    plain = unicodedata.normalize("NFKC", typed).upper()
    symbols = "".join(sign for sign in plain if sign not in _BETWEEN).translate(_LOOKALIKES)
    if len(symbols) != _LENGTH:
        raise _wrong(f"has {len(symbols)} letters and digits instead of {_LENGTH}")
    if not symbols.startswith("R" + _VERSION):
        raise _wrong("does not begin with R1")
    if any(sign not in ALPHABET for sign in symbols):
        raise _wrong("holds a sign that no code has")
    payload, check = symbols[1:-_CHECK], symbols[-_CHECK:]
    if _check(payload) != check:
        raise _wrong("has a typing mistake in it")
    return Receipt(Locator(payload[1 : 1 + _LOCATOR]), payload[1 + _LOCATOR :])


def _random(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def _times(a: int, b: int) -> int:
    """The product in GF(32) with the polynomial x^5 + x^2 + 1."""
    product = 0
    while b:
        if b & 1:
            product ^= a
        a <<= 1
        if a & 32:
            a ^= 0b100101
        b >>= 1
    return product


def _check(payload: str) -> str:
    """The remainder of payload * x^2 by (x - 2)(x - 4): two symbols that make 2 and 4 roots of the whole word.

    The word has 31 symbols, the full length of the code over GF(32), so every two wrong symbols show.
    """
    high = low = 0
    for sign in payload:
        out = high ^ ALPHABET.index(sign)
        high, low = low ^ _times(out, 2 ^ 4), _times(out, _times(2, 4))
    return ALPHABET[high] + ALPHABET[low]


def _wrong(what: str) -> ReceiptError:
    return ReceiptError(
        f"The receipt code {what}.",
        not_done="Nothing was looked up.",
        next_step="Compare it with what you noted, group by group.",
    )
