"""The log's files in a folder that any web server can serve (fulfils ``consentry.audit.storage.TileStorage``).

Invariants: a file appears whole or not at all; the file and every folder entry that leads to it are synced to the disk
before a call returns; what was created is never written again. New files are made in ``.new`` beside them and linked
into place. Wants a POSIX file system with hard links and ``flock``.
"""

import fcntl
import os
import re
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from consentry.audit.errors import ConflictError, StorageError

_PATH = re.compile(r"[a-z0-9][a-z0-9.-]*(/[a-z0-9][a-z0-9.-]*)*")
_NEW = ".new"
_LOCK = ".lock"


class TileFolder:
    """A folder of tiles. Any number of objects and processes may share one; ``exclusive`` lets one write."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: set[Path] = set()

    def read(self, path: str) -> bytes | None:
        """The whole file, or None when there is none."""
        try:
            return self._place(path).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise StorageError(f"{path} cannot be read: {error.strerror}.") from error

    def create(self, files: Sequence[tuple[str, bytes]]) -> None:
        """Write new files, durable on return; the same bytes again are fine, others raise ``ConflictError``."""
        places = [(path, self._place(path), data) for path, data in files]
        made: list[tuple[str, Path, Path, bytes]] = []
        folders: set[Path] = set()
        try:
            for path, place, data in places:
                folders.update(self._make_folder(place.parent))
                made.append((path, self._write_new(data), place, data))
            for path, new, place, data in made:
                self._link(path, new, place, data)
            self._sync(folders)
        except OSError as error:
            raise _trouble(error) from error
        finally:
            for _, new, _, _ in made:
                with suppress(FileNotFoundError):
                    new.unlink()

    def replace(self, path: str, data: bytes) -> None:
        """Write or replace one file atomically and durably."""
        place = self._place(path)
        try:
            folders = self._make_folder(place.parent)
            new = self._write_new(data)
            os.replace(new, place)
            self._sync(folders)
        except OSError as error:
            raise _trouble(error) from error

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Hold the folder's lock; the system frees it when the process dies. Clears what a dead writer left."""
        self._folder.mkdir(parents=True, exist_ok=True)
        lock = os.open(self._folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            for left in (self._folder / _NEW).glob("*"):
                left.unlink()
            yield
        finally:
            os.close(lock)

    def _place(self, path: str) -> Path:
        if not _PATH.fullmatch(path):
            raise StorageError(f"{path[:80]!r} is not a path inside the log.", not_done="Nothing was read or written.")
        return self._folder / path

    def _make_folder(self, folder: Path) -> set[Path]:
        """Make ``folder``; give back every folder whose entries must be synced before the call returns.

        That is itself, and at the first use also all above it: whoever made them may have died before syncing.
        """
        wanting = {folder}
        if folder not in self._known:
            folder.mkdir(parents=True, exist_ok=True)
            wanting.update(each for each in folder.parents if each.is_relative_to(self._folder))
            wanting.add(self._folder.parent)
        return wanting

    def _sync(self, folders: set[Path]) -> None:
        for folder in sorted(folders, reverse=True):
            handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
        self._known.update(folders)

    def _write_new(self, data: bytes) -> Path:
        new = self._folder / _NEW / secrets.token_hex(8)
        new.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(handle, rest) :]
            os.fsync(handle)
        finally:
            os.close(handle)
        return new

    def _link(self, path: str, new: Path, place: Path, data: bytes) -> None:
        try:
            os.link(new, place)
        except FileExistsError:
            if place.read_bytes() != data:
                raise ConflictError(
                    f"{path} exists already with other bytes.",
                    not_done="It was left as it is.",
                    next_step="Do not delete it: find out which of the two was published.",
                ) from None
            # Whoever wrote it may have died before it was durable.
            handle = os.open(place, os.O_RDONLY | os.O_CLOEXEC)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


def _trouble(error: OSError) -> StorageError:
    return StorageError(
        f"The log's folder cannot be written: {error.strerror}.",
        not_done="Nothing was acknowledged.",
        next_step="Free space or mend the disk; the sequencer finishes the batch by itself afterwards.",
    )
