"""The full check of a log from its public files alone: every entry, every tile, the root, against one checkpoint.

Invariants: nothing is taken from the log's operator but bytes; the first damage ends the check and is named by file and
byte. Which of two disagreeing files is the damaged one is told by the level above, which the checkpoint's signature
anchors. Partial tiles of earlier checkpoints are not part of this tree and are not read.
"""

from collections.abc import Callable
from dataclasses import dataclass

from consentry.audit.checkpoint import Checkpoint
from consentry.audit.errors import TileError
from consentry.audit.storage import TileReader
from consentry.audit.tiles import (
    TILE_WIDTH,
    bundle_path,
    edge_root,
    levels_of,
    read_hashes,
    read_tile,
    scan_bundle,
    tile_path,
    tile_width,
    unpack_bundle,
)
from consentry.audit.tree import HASH_SIZE, hash_leaf, tree_root

Progress = Callable[[int, int], None]
"""Called with entries checked so far and in all."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What a full check read: entries and files, and their bytes."""

    entries: int
    files: int
    bytes_read: int


def verify_log(reader: TileReader, checkpoint: Checkpoint, progress: Progress | None = None) -> Verified:
    """Read the whole log once and return if it gives the checkpoint's root; ``TileError`` names the first damage.

    The checkpoint's signature is the caller's to check (``open_checkpoint``). Memory: a few tiles.
    """
    return _Check(reader, checkpoint).run(progress)


class _Check:
    def __init__(self, reader: TileReader, checkpoint: Checkpoint) -> None:
        self._reader = reader
        self._size = checkpoint.size
        self._checkpoint = checkpoint
        self._levels = levels_of(checkpoint.size)
        self._found: list[list[bytes]] = [[] for _ in range(self._levels)]
        self._numbers = [0] * self._levels
        self._files = 0
        self._bytes = 0

    def run(self, progress: Progress | None) -> Verified:
        for number in range(-(-self._size // TILE_WIDTH)):
            self._bundle(number)
            if progress is not None:
                progress(min(self._size, (number + 1) * TILE_WIDTH), self._size)
        for level in range(1, self._levels):
            if self._found[level]:
                self._compare(level)
        root = edge_root([level if len(level) < TILE_WIDTH else [] for level in self._found])
        if root != self._checkpoint.root:
            place = self._checkpoint.text.encode().index(b"\n", len(self._checkpoint.origin.encode()) + 1) + 1
            raise TileError("checkpoint", place, root.hex(), self._checkpoint.root.hex())
        return Verified(self._size, self._files, self._bytes)

    def _bundle(self, number: int) -> None:
        width = tile_width(0, number, self._size)
        path, data = self._read(bundle_path(number, width), bundle_path(number))
        stored_width = width if ".p/" in path else TILE_WIDTH
        entries, _ = scan_bundle(data, stored_width)
        stored = self._stored(0, number)
        for place, (offset, entry) in enumerate(entries[:width]):
            found = hash_leaf(entry)
            if found != stored[place]:
                if self._is_anchored(0, number, stored):
                    raise TileError(path, offset, stored[place].hex(), found.hex())
                raise _differing(self._path(0, number), place, found, stored[place])
            self._found[0].append(found)
        unpack_bundle(path, data, stored_width)
        self._close(0)

    def _close(self, level: int) -> None:
        """Push the hash of a full tile upwards, and compare each level that it fills."""
        while len(self._found[level]) == TILE_WIDTH:
            root = tree_root(self._found[level])
            self._found[level] = []
            self._numbers[level] += 1
            level += 1
            self._found[level].append(root)
            if len(self._found[level]) == TILE_WIDTH:
                self._compare(level)

    def _compare(self, level: int) -> None:
        number = self._numbers[level]
        stored = self._stored(level, number)
        for place, (found, kept) in enumerate(zip(self._found[level], stored, strict=True)):
            if found != kept:
                if self._is_anchored(level, number, stored):
                    below = tile_path(level - 1, number * TILE_WIDTH + place)
                    raise TileError(below, 0, f"a tile that hashes to {kept.hex()}", found.hex())
                raise _differing(self._path(level, number), place, found, kept)

    def _is_anchored(self, level: int, number: int, hashes: list[bytes]) -> bool:
        """Whether the level above, or the checkpoint, vouches for these stored hashes."""
        if len(hashes) == TILE_WIDTH:
            parent, place = divmod(number, TILE_WIDTH)
            width = tile_width(level + 1, parent, self._size)
            return read_tile(self._reader, level + 1, parent, width)[place] == tree_root(hashes)
        edges = []
        for each in range(self._levels):
            last = (self._size >> (8 * each)) // TILE_WIDTH
            width = tile_width(each, last, self._size)
            edges.append(hashes if each == level else read_tile(self._reader, each, last, width) if width else [])
        return edge_root(edges) == self._checkpoint.root

    def _stored(self, level: int, number: int) -> list[bytes]:
        width = tile_width(level, number, self._size)
        return read_hashes(*self._read(tile_path(level, number, width), tile_path(level, number)), width)

    def _path(self, level: int, number: int) -> str:
        return tile_path(level, number, tile_width(level, number, self._size))

    def _read(self, path: str, full_path: str) -> tuple[str, bytes]:
        data = self._reader.read(path)
        if data is None and path != full_path:
            path, data = full_path, self._reader.read(full_path)
        if data is None:
            raise TileError(path, 0, "a file", "missing")
        self._files += 1
        self._bytes += len(data)
        return path, data


def _differing(path: str, place: int, expected: bytes, got: bytes) -> TileError:
    inner = next(k for k in range(HASH_SIZE) if expected[k] != got[k])
    return TileError(path, place * HASH_SIZE + inner, expected[inner:].hex()[:16], got[inner:].hex()[:16])
