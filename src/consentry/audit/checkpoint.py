"""A signed statement of the log's size and root (C2SP tlog-checkpoint).

Invariants: the origin in the text is the one that the reader expects; sizes and roots have one spelling only.
Not done here: deciding whether two checkpoints agree (``consentry.audit.tree.verify_consistency``).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from consentry.audit.errors import NoteError
from consentry.audit.note import Signer, Verifier, decode_base64, encode_base64, note_text, open_note, sign_note
from consentry.audit.tree import HASH_SIZE

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
MAX_SIZE = 2**62


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The log named ``origin`` had ``size`` entries under ``root`` (32 bytes). ``extensions`` are further lines."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.origin or not 0 <= self.size <= MAX_SIZE or len(self.root) != HASH_SIZE:
            raise NoteError("A checkpoint needs an origin, a size and a root of 32 bytes.")

    @property
    def text(self) -> str:
        """The note's text: origin, size, base64 root, extensions, a line each."""
        return "".join(
            f"{line}\n" for line in (self.origin, str(self.size), encode_base64(self.root), *self.extensions)
        )

    def sign(self, *signers: Signer) -> str:
        """The signed note."""
        return sign_note(self.text, *signers)


def parse_checkpoint(text: str) -> Checkpoint:
    """Read a checkpoint's text; ``NoteError`` for any spelling but the one that ``text`` writes."""
    lines = text.split("\n")
    if len(lines) < 4 or lines.pop() or not all(lines):
        raise NoteError("A checkpoint has at least three lines, none of them empty.")
    if not _SIZE.fullmatch(lines[1]):
        raise NoteError("A checkpoint's size is not a plain decimal number.")
    return Checkpoint(lines[0], int(lines[1]), decode_base64(lines[2]), tuple(lines[3:]))


def open_checkpoint(note: bytes | str, verifiers: Sequence[Verifier], origin: str | None = None) -> Checkpoint:
    """Check signatures and origin of a signed checkpoint; ``NoteError`` (or ``UnsignedError``) when they do not hold.

    Without ``origin`` the origin must be the name of a key that signed.
    """
    opened = open_note(note, verifiers)
    checkpoint = parse_checkpoint(opened.text)
    if checkpoint.origin != origin if origin is not None else checkpoint.origin not in opened.verified:
        raise NoteError("The checkpoint is of another log.", next_step="Check the log's address and key.")
    return checkpoint


def read_unsigned(note: bytes | str) -> Checkpoint:
    """The checkpoint of a note **without checking any signature**: only to see what somebody claims."""
    return parse_checkpoint(note_text(note))
