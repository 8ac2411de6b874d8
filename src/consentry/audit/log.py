"""The one writer of a log: entries in, tiles and a signed checkpoint out.

Invariants: the batch is staged durably before its tiles, the tiles are durable and read back before anything is
signed, and the checkpoint comes last; so a crash at any step is mended by finishing the staged batch, entry for entry.
No checkpoint is signed that is not proved consistent with the last one. A folder whose checkpoint is older than its own
staged batch was rolled back, and the log refuses to go on. Not done here: choosing what enters, promises, witnesses.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from consentry.audit.checkpoint import Checkpoint, open_checkpoint
from consentry.audit.errors import AuditError, LogError, StorageError
from consentry.audit.note import Signer
from consentry.audit.storage import TileStorage
from consentry.audit.tiles import (
    TILE_WIDTH,
    TileTree,
    bundle_path,
    edge_root,
    levels_of,
    pack_bundle,
    read_bundle,
    read_tile,
    scan_bundle,
    tile_path,
    tile_width,
)
from consentry.audit.tree import EMPTY_ROOT, HASH_SIZE, hash_leaf, tree_root, verify_consistency

CHECKPOINT = "checkpoint"
STAGING = "staging"
_STAGING_HEAD = b"consentry/staging/v1\n"


@dataclass(frozen=True, slots=True)
class Appended:
    """What an append made: the index of each entry in the order given, and the signed checkpoint that holds them."""

    indices: tuple[int, ...]
    size: int
    checkpoint: str


@dataclass(frozen=True, slots=True)
class Edge:
    """The right edge of a tree: all that a writer needs to know of it. Level 0 first; at most 255 hashes a level."""

    size: int = 0
    hashes: tuple[tuple[bytes, ...], ...] = ()
    entries: tuple[bytes, ...] = ()

    @property
    def root(self) -> bytes:
        """The tree's root."""
        return edge_root(self.hashes)

    def grow(self, entries: Sequence[bytes]) -> tuple[list[tuple[str, bytes]], "Edge"]:
        """The files to write for ``entries`` (bundles, then tiles level by level) and the edge afterwards."""
        size = self.size + len(entries)
        bundles = [*self.entries, *entries]
        files = []
        number = self.size // TILE_WIDTH
        for start in range(0, len(bundles), TILE_WIDTH):
            part = bundles[start : start + TILE_WIDTH]
            files.append((bundle_path(number + start // TILE_WIDTH, len(part)), pack_bundle(part)))
        rest = bundles[len(bundles) - size % TILE_WIDTH :] if size % TILE_WIDTH else []
        fresh = [hash_leaf(entry) for entry in entries]
        levels = []
        for level in range(levels_of(size)):
            held = self.hashes[level] if level < len(self.hashes) else ()
            more, edge, fresh = _grow_level(level, self.size, [*held, *fresh], bool(fresh))
            files.extend(more)
            levels.append(edge)
        return files, Edge(size, tuple(levels), tuple(rest))


class Log:
    """One log in one storage. The signer's name is the log's origin. Not thread-safe; processes exclude each other."""

    def __init__(self, storage: TileStorage, signer: Signer, checkpoint: str, edge: Edge) -> None:
        """Use ``start`` or ``open``, which check what this takes for granted."""
        self._storage = storage
        self._signer = signer
        self._edge = edge
        self.checkpoint = checkpoint

    @classmethod
    def start(cls, storage: TileStorage, signer: Signer) -> Self:
        """Begin a new, empty log and sign its first checkpoint; ``LogError`` where one exists already."""
        with storage.exclusive():
            if storage.read(CHECKPOINT) is not None or storage.read(STAGING) is not None:
                raise LogError(
                    "There is a log here already.", not_done="No new one was begun.", next_step="Open it instead."
                )
            note = Checkpoint(signer.name, 0, EMPTY_ROOT).sign(signer)
            storage.create([(CHECKPOINT, note.encode())])
        return cls(storage, signer, note, Edge())

    @classmethod
    def open(cls, storage: TileStorage, signer: Signer, *, at_least: int = 0) -> Self:
        """Open a log by reading its right edge only; ``LogError`` when it is missing, forged, rolled back or damaged.

        ``at_least`` is the size that the caller knows it once had (from the database, from a witness).
        """
        note, checkpoint = _read_checkpoint(storage, signer)
        if checkpoint.size < at_least:
            raise LogError(
                f"The log's checkpoint has {checkpoint.size} entries, but it once had {at_least}: it was rolled back.",
                not_done="Nothing was signed.",
                next_step="Restore the newer files, or begin a new origin that names this one's last checkpoint.",
            )
        log = cls(storage, signer, note, _read_edge(storage, checkpoint))
        log._staged()
        return log

    @property
    def origin(self) -> str:
        """The log's name."""
        return self._signer.name

    @property
    def size(self) -> int:
        """How many entries the last checkpoint that this object knows of holds."""
        return self._edge.size

    @property
    def root(self) -> bytes:
        """The root under that checkpoint."""
        return self._edge.root

    def append(self, entries: Sequence[bytes]) -> Appended:
        """Make ``entries`` durable under a new checkpoint and tell their indices; all of them, or an error.

        Safe to repeat: after a crash, call it with (at least) the entries not known to be placed. A batch that was cut
        short is finished first, and entries of the last batch are recognised, not entered twice. Two equal entries in
        one call are refused. Memory: a few times the batch.
        """
        with self._storage.exclusive():
            self._catch_up()
            start, staged = self._staged()
            if staged and start == self.size:
                self._place(staged)
            known = {hash_leaf(entry): start + place for place, entry in enumerate(staged)}
            hashes = [hash_leaf(entry) for entry in entries]
            if len(set(hashes)) != len(hashes):
                raise LogError("Two entries of the batch are equal.", not_done="Nothing was entered.")
            fresh = [entry for entry, value in zip(entries, hashes, strict=True) if value not in known]
            first = self.size
            if fresh:
                self._storage.replace(STAGING, _pack_staging(first, self.root, fresh))
                self._place(fresh)
            places = iter(range(first, self.size))
            return Appended(
                tuple(known[value] if value in known else next(places) for value in hashes), self.size, self.checkpoint
            )

    def last_batch(self) -> dict[bytes, int]:
        """Entry hash to index of the batch that was placed last (also by another process, also before a crash).

        Whoever keeps indices elsewhere writes these down before the next ``append``, which forgets them.
        """
        start, entries = self._staged()
        return {hash_leaf(entry): start + place for place, entry in enumerate(entries) if start + place < self.size}

    def finish(self) -> bool:
        """Finish a batch that a crash cut short, if there is one; True when there was."""
        before = self.size
        self.append([])
        return self.size != before

    def _place(self, entries: Sequence[bytes]) -> None:
        files, edge = self._edge.grow(entries)
        self._storage.create(files)
        for path, data in files:
            if self._storage.read(path) != data:
                raise StorageError(
                    f"{path} reads back differently from what was written.",
                    not_done="No checkpoint was signed.",
                    next_step="Check the disk, then start the sequencer again.",
                )
        self._prove_growth(edge.size, edge.root)
        note = Checkpoint(self.origin, edge.size, edge.root).sign(self._signer)
        self._storage.replace(CHECKPOINT, note.encode())
        self._edge, self.checkpoint = edge, note

    def _prove_growth(self, size: int, root: bytes) -> None:
        try:
            tree = TileTree(self._storage, size)
            if self.size:
                verify_consistency(self.size, size, tree.consistency(self.size), self.root, root)
            elif tree.root() != root:
                raise LogError("The tiles give another root.")
        except AuditError as error:
            raise LogError(
                "The grown tree is not consistent with the last checkpoint.",
                not_done="No checkpoint was signed.",
                next_step="Run 'consentry audit verify' to find the damaged tile.",
            ) from error

    def _catch_up(self) -> None:
        """Learn of checkpoints that another process signed since; refuse one that does not continue ours."""
        note, checkpoint = _read_checkpoint(self._storage, self._signer)
        if note == self.checkpoint:
            return
        edge = _read_edge(self._storage, checkpoint)
        if edge.size < self.size:
            raise LogError("The checkpoint went backwards.", not_done="Nothing was signed.")
        if self.size:
            path = TileTree(self._storage, edge.size).consistency(self.size)
            verify_consistency(self.size, edge.size, path, self.root, edge.root)
        self._edge, self.checkpoint = edge, note

    def _staged(self) -> tuple[int, list[bytes]]:
        """The last staged batch and where it begins: finished, or still to be placed; none in a new log."""
        data = self._storage.read(STAGING)
        if data is None:
            return 0, []
        start, root, entries = _unpack_staging(data)
        if start > self.size or (start == self.size and root != self.root):
            raise LogError(
                f"A batch was staged at size {start}, but the checkpoint has {self.size}: it was rolled back.",
                not_done="Nothing was signed.",
                next_step="Restore the newer checkpoint, or begin a new origin that names this one's last checkpoint.",
            )
        return start, entries


def _grow_level(
    level: int, old_size: int, hashes: list[bytes], changed: bool
) -> tuple[list[tuple[str, bytes]], tuple[bytes, ...], list[bytes]]:
    """Tiles of one level, what stays at its edge, and the hashes of its new full tiles for the level above."""
    files = []
    above = []
    number = (old_size >> (8 * level)) // TILE_WIDTH
    while len(hashes) >= TILE_WIDTH:
        full, hashes = hashes[:TILE_WIDTH], hashes[TILE_WIDTH:]
        files.append((tile_path(level, number), b"".join(full)))
        above.append(tree_root(full))
        number += 1
    if hashes and changed:
        files.append((tile_path(level, number, len(hashes)), b"".join(hashes)))
    return files, tuple(hashes), above


def _read_checkpoint(storage: TileStorage, signer: Signer) -> tuple[str, Checkpoint]:
    data = storage.read(CHECKPOINT)
    if data is None:
        raise LogError("There is no log here.", not_done="Nothing was read.", next_step="Start one, or restore it.")
    try:
        return data.decode(), open_checkpoint(data, [signer.verifier], signer.name)
    except AuditError as error:
        raise LogError(
            "The log's checkpoint is not signed by this log's key.",
            not_done="Nothing was signed.",
            next_step="Check that the key belongs to this log; restore the checkpoint if it was damaged.",
        ) from error


def _read_edge(storage: TileStorage, checkpoint: Checkpoint) -> Edge:
    size = checkpoint.size
    levels = []
    for level in range(levels_of(size)):
        number = (size >> (8 * level)) // TILE_WIDTH
        width = tile_width(level, number, size)
        levels.append(tuple(read_tile(storage, level, number, width)) if width else ())
    number, width = divmod(size, TILE_WIDTH)
    entries = read_bundle(storage, number, width) if width else []
    edge = Edge(size, tuple(levels), tuple(entries))
    if edge.root != checkpoint.root or (levels and tuple(map(hash_leaf, entries)) != levels[0]):
        raise LogError(
            "The tiles at the log's right edge do not give the checkpoint's root.",
            not_done="Nothing was signed.",
            next_step="Run 'consentry audit verify' to find the damaged tile.",
        )
    return edge


def _pack_staging(start: int, root: bytes, entries: Sequence[bytes]) -> bytes:
    return _STAGING_HEAD + start.to_bytes(8) + root + len(entries).to_bytes(8) + pack_bundle(entries)


def _unpack_staging(data: bytes) -> tuple[int, bytes, list[bytes]]:
    head = len(_STAGING_HEAD)
    body = head + 8 + HASH_SIZE + 8
    count = int.from_bytes(data[body - 8 : body])
    entries, end = scan_bundle(data[body:], count)
    if not data.startswith(_STAGING_HEAD) or len(entries) != count or body + end != len(data):
        raise LogError("The staged batch does not parse.", not_done="Nothing was signed.", next_step="Check the disk.")
    return int.from_bytes(data[head : head + 8]), data[head + 8 : head + 8 + HASH_SIZE], [e for _, e in entries]
