"""A log's files in memory; keeps the promises of ``TileStorage`` and can be told to fail at a chosen step."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from consentry.adapters.stores.tile_files import _PATH
from consentry.audit.errors import ConflictError, StorageError


class Crash(BaseException):
    """Stands for the process dying: nothing in the code under test may catch it."""


class TileMemory:
    """``steps`` counts writes of single files; the write number ``crash_at`` does not happen and raises ``Crash``."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.steps = 0
        self.reads: list[str] = []
        self.crash_at: int | None = None
        self._lock = threading.Lock()

    def read(self, path: str) -> bytes | None:
        self._check(path)
        self.reads.append(path)
        return self.files.get(path)

    def create(self, files: Sequence[tuple[str, bytes]]) -> None:
        for path, _ in files:
            self._check(path)
        for path, data in files:
            if self.files.get(path, data) != data:
                raise ConflictError(f"{path} exists already with other bytes.")
            self._step()
            self.files[path] = data

    def replace(self, path: str, data: bytes) -> None:
        self._check(path)
        self._step()
        self.files[path] = data

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        with self._lock:
            yield

    def _step(self) -> None:
        if self.steps == self.crash_at:
            raise Crash
        self.steps += 1

    def _check(self, path: str) -> None:
        if not _PATH.fullmatch(path):
            raise StorageError(f"{path!r} is not a path inside the log.")
