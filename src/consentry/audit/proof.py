"""Proof files that stand on their own (C2SP tlog-proof v1): index, path and checkpoint in one text.

Invariants: a proof is made only if it verifies; reading is strict. ``extra`` is not authenticated by the format.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from consentry.audit.checkpoint import MAX_SIZE, Checkpoint, open_checkpoint, read_unsigned
from consentry.audit.errors import NoteError, ProofError
from consentry.audit.note import Verifier, decode_base64, encode_base64
from consentry.audit.tree import HASH_SIZE, verify_inclusion

_HEADER = "c2sp.org/tlog-proof@v1"
_INDEX = re.compile(r"0|[1-9][0-9]{0,18}")
_MAX_PATH = 63


@dataclass(frozen=True, slots=True)
class LogProof:
    """Leaf ``index``, its ``path`` (sibling first) and the signed ``checkpoint`` note that it leads to."""

    index: int
    path: tuple[bytes, ...]
    checkpoint: str
    extra: bytes | None = None

    @property
    def text(self) -> str:
        """The file's text."""
        lines = [_HEADER]
        if self.extra is not None:
            lines.append(f"extra {encode_base64(self.extra)}")
        lines.append(f"index {self.index}")
        lines.extend(encode_base64(value) for value in self.path)
        return "".join(f"{line}\n" for line in lines) + "\n" + self.checkpoint

    def verify(self, entry_hash: bytes, verifiers: Sequence[Verifier], origin: str | None = None) -> Checkpoint:
        """The checkpoint, if the entry stands in it under a known key's signature; ``ProofError``, ``NoteError``."""
        checkpoint = open_checkpoint(self.checkpoint, verifiers, origin)
        verify_inclusion(entry_hash, self.index, checkpoint.size, self.path, checkpoint.root)
        return checkpoint


def make_proof(
    index: int, path: Sequence[bytes], checkpoint: str, entry_hash: bytes, extra: bytes | None = None
) -> LogProof:
    """A proof that holds against the (already trusted) checkpoint; ``ProofError`` rather than one that does not."""
    stated = read_unsigned(checkpoint)
    verify_inclusion(entry_hash, index, stated.size, path, stated.root)
    return LogProof(index, tuple(path), checkpoint, extra)


def parse_proof(text: str) -> LogProof:
    """Read a proof file; ``ProofError`` when it does not parse. Nothing is verified yet."""
    head, gap, checkpoint = text.partition("\n\n")
    lines = head.split("\n")
    if not gap or lines.pop(0) != _HEADER:
        raise ProofError("The file is not a tlog-proof of version 1.")
    try:
        extra = None
        if lines and lines[0].startswith("extra "):
            extra = decode_base64(lines.pop(0).removeprefix("extra "))
        index = lines.pop(0).removeprefix("index ") if lines and lines[0].startswith("index ") else ""
        path = [decode_base64(line) for line in lines]
    except NoteError as error:
        raise ProofError("The proof holds something that is not base64.") from error
    if not _INDEX.fullmatch(index) or int(index) >= MAX_SIZE:
        raise ProofError("The proof has no index.")
    if len(path) > _MAX_PATH or any(len(value) != HASH_SIZE for value in path):
        raise ProofError("The proof's path is too long or a hash is not 32 bytes.")
    return LogProof(int(index), tuple(path), checkpoint, extra)
