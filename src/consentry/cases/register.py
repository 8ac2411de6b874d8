"""Adult or child: two registers that fork at intake and never join again (DR-03).

Invariants: a case moves from the adult register to the child register and never back; nothing of the child register is
banked with adult pictures, previewed, copied, or counted below the safe size. A claim alone sets apart, it does not
hide: otherwise three words would be a censorship button; a person looks within the same 15 minutes.
Not done here: the child register's own storage, keys, roles and pages.
"""

from enum import StrEnum


class Register(StrEnum):
    """Which of the two a case belongs to."""

    ADULT = "adult"
    CHILD = "child"


def register_of(*, is_child: bool | None) -> Register:
    """The register for what a reporter, reviewer or lane says; not knowing is not saying so."""
    return Register.CHILD if is_child else Register.ADULT


def joined(one: Register, other: Register) -> Register:
    """The register after two pieces of knowledge meet: child wins, whatever the order."""
    return Register.CHILD if Register.CHILD in (one, other) else Register.ADULT


def may_bank(register: Register) -> bool:
    """Whether a fingerprint may enter a bank of adult pictures."""
    return register is Register.ADULT


def may_preview(register: Register) -> bool:
    """Whether the desk may show a picture, blurred or not, outside the child register's own pages."""
    return register is Register.ADULT


def may_merge(one: Register, other: Register) -> bool:
    """Whether two cases may become one: only within one register."""
    return one is other
