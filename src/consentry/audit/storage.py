"""What the log asks of a place to keep files: four verbs, with the durability that each promises.

Paths are relative, of ``a-z 0-9 . / x``-like names as the tile layout makes them; storages refuse any that climb.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Protocol


class TileReader(Protocol):
    """Reads the public files of a log, from a folder or over HTTP."""

    def read(self, path: str) -> bytes | None:
        """The whole file, or None when there is none. Any other trouble raises ``StorageError``."""
        ...


class TileStorage(TileReader, Protocol):
    """Keeps the files of one log. One writer at a time, guarded by ``exclusive``; any number of readers.

    Durable means: it outlives a loss of power at any moment after the call returned.
    """

    def create(self, files: Sequence[tuple[str, bytes]]) -> None:
        """Write new files, all durable before it returns; a reader never sees a part of one.

        A file that exists with the same bytes is fine (and made durable); other bytes: ``ConflictError``, and that
        file is left as it was. Files before it in the sequence may have been written.
        """
        ...

    def replace(self, path: str, data: bytes) -> None:
        """Write or replace one file atomically and durably: after a crash it holds the old bytes or the new ones."""
        ...

    def exclusive(self) -> AbstractContextManager[None]:
        """Hold the only right to write. Waits for another holder; a dead process cannot hold it. Not re-entrant."""
        ...
