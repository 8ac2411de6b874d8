"""Errors of the log.

::

    AuditError
      LeafError          a leaf, salt or batch that cannot be what it says
      ProofError         an inclusion or consistency proof that does not hold
      NoteError          a signed note or key that does not parse or verify
        UnsignedError    ... that carries no valid signature of a known key
      PromiseError       a promise that does not parse or verify
      TileError          a tile or bundle that is missing or damaged; names path and offset
      StorageError       the storage did not do what it promised
        ConflictError    ... there is already something else at that path
      LogError           the log refuses to go on, because going on could sign two histories

The package knows nobody, so this tree has its own root; its three parts are those of ``ConsentryError``.
"""


class AuditError(Exception):
    """A foreseen failure, told in three plain parts: what happened, what was not done, the next step."""

    def __init__(self, happened: str, *, not_done: str = "", next_step: str = "") -> None:
        super().__init__(" ".join(part for part in (happened, not_done, next_step) if part))
        self.happened = happened
        self.not_done = not_done
        self.next_step = next_step


class LeafError(AuditError):
    """A leaf, salt or batch that cannot be what it says."""


class ProofError(AuditError):
    """An inclusion or consistency proof that does not hold."""


class NoteError(AuditError):
    """A signed note or key that does not parse or verify."""


class UnsignedError(NoteError):
    """A note that carries no valid signature of a known key."""


class PromiseError(AuditError):
    """A promise that does not parse or verify."""


class StorageError(AuditError):
    """The storage did not do what it promised."""


class ConflictError(StorageError):
    """There is already something else at a path that is written only once."""


class LogError(AuditError):
    """The log refuses to go on, because going on could sign two histories."""


class TileError(AuditError):
    """A tile or bundle that is missing or damaged: its ``path`` and the ``offset`` of the first bad byte.

    ``expected`` and ``got`` are hex (bytes or hashes) or a plain word such as ``missing``.
    """

    def __init__(self, path: str, offset: int, expected: str, got: str) -> None:
        super().__init__(
            f"{path} is damaged at byte {offset}: expected {expected}, got {got}.",
            not_done="Nothing after it was accepted.",
            next_step="Fetch the file again, or ask the log's operator and keep this copy.",
        )
        self.path = path
        self.offset = offset
        self.expected = expected
        self.got = got
