"""Receipts: make one, and open a report with one. Wrong and right cost the same work.

Invariants: the secret is kept only as Argon2id over an HMAC with a pepper that is not in the database; a locator that
does not exist is checked against a stand-in hash, so that the time tells nothing.
"""

import hashlib
import hmac
from dataclasses import dataclass
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from consentry.actions.context import Context
from consentry.actions.errors import NotFound
from consentry.cases.errors import ReceiptError
from consentry.cases.receipt import Receipt, ReceiptCode, parse
from consentry.records.report import Report

# The secret has 100 random bits, so the slow hash need not be very slow: 8 MiB, one pass.
_HASHER = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1)


@dataclass(frozen=True, slots=True)
class NewReceipt:
    """A receipt to hand out once, and what is stored of it."""

    code: ReceiptCode
    locator: str
    secret_hash: str


def new_receipt(ctx: Context) -> NewReceipt:
    """A fresh receipt; made before the transaction, because the slow hash must not hold it up."""
    receipt = Receipt.new()
    return NewReceipt(receipt.code, receipt.locator, _HASHER.hash(_peppered(ctx, receipt)))


def open_report(ctx: Context, *, typed: str) -> Report:
    """The report that the typed receipt opens; ``NotFound`` says the same for every kind of wrong code."""
    try:
        receipt = parse(typed)
    except ReceiptError as error:
        raise _unknown(error.happened) from error
    report = Report.objects.select_related("case", "case__platform").filter(locator=receipt.locator).first()
    stored = report.secret_hash if report else _stand_in()
    try:
        _HASHER.verify(stored, _peppered(ctx, receipt))
    except (VerificationError, InvalidHashError) as error:
        raise _unknown("This receipt code opens no report.") from error
    if report is None:
        raise _unknown("This receipt code opens no report.")
    return report


def _peppered(ctx: Context, receipt: Receipt) -> bytes:
    return hmac.new(ctx.receipt_pepper, receipt.secret_bytes, hashlib.sha256).digest()


@cache
def _stand_in() -> str:
    return _HASHER.hash(b"no such report")


def _unknown(happened: str) -> NotFound:
    return NotFound(
        happened,
        not_done="Nothing was opened.",
        next_step="Compare the code with what you noted, group by group, and try again.",
    )
