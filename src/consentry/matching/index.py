"""Finds every stored hash within a distance, exactly: the answer equals a comparison with each one.

Invariants: no near hash is missed and none is invented, up to ``MAX_DISTANCE``. Safe for one writer and many readers
only under the caller's lock. Not done here: what a match means, and where hashes are kept.

How: with few stored hashes every one is compared. From ``TABLES_FROM`` on, the 256 bits are cut into 12 uneven
pieces, 8 of 22 bits and 4 of 20. A hash within 31 bits has at most 2 errors in one of the eight pieces or at most 1 in
one of the four: otherwise it had 8 x 3 + 4 x 2 = 32 errors or more. Only hashes that share such a piece are compared.
"""

from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from consentry.basics.ids import PdqHex

MAX_DISTANCE = 31
"""The widest distance for which the tables are exact; a wider query compares every hash."""

TABLES_FROM = 20_000
"""Stored hashes from which tables are faster than comparing every one."""

_PIECES: tuple[tuple[int, int, int], ...] = (
    *((place * 22, 22, 2) for place in range(8)),
    *((176 + place * 20, 20, 1) for place in range(4)),
)
"""(first bit, bits, errors) of each piece."""


class HashIndex(Protocol):
    """Exact look-up of near PDQ hashes; ids are the caller's own numbers, each stored once."""

    def build(self, hashes: Iterable[PdqHex], ids: Iterable[int]) -> None:
        """Replace everything stored."""
        ...

    def add(self, value: PdqHex, key: int) -> None:
        """Store one hash; ``ValueError`` when ``key`` is stored already."""
        ...

    def remove(self, key: int) -> None:
        """Forget one; nothing happens when it is not stored."""
        ...

    def query(self, value: PdqHex, max_distance: int = MAX_DISTANCE) -> list[tuple[int, int]]:
        """All ``(id, distance)`` with distance at most ``max_distance``, nearest first, then by id."""
        ...


class PdqIndex:
    """A ``HashIndex`` in memory: 32 bytes a hash, and 48 bytes more where tables are in use."""

    def __init__(self) -> None:
        self._words: NDArray[np.uint64] = np.empty((0, 4), dtype=np.uint64)
        self._keys: NDArray[np.int64] = np.empty(0, dtype=np.int64)
        self._size = 0
        self._row_of: dict[int, int] = {}
        self._tables: list[_Table] = []
        self._tabled = 0

    def __len__(self) -> int:
        return len(self._row_of)

    def build(self, hashes: Iterable[PdqHex], ids: Iterable[int]) -> None:
        """Replace everything stored; as many ids as hashes, none twice."""
        keys = np.array(list(ids), dtype=np.int64)
        words = _words(list(hashes))
        if len(keys) != len(words) or len(set(keys.tolist())) != len(keys):
            raise ValueError("each hash needs one id of its own")
        self._words, self._keys, self._size = words, keys, len(keys)
        self._row_of = {key: row for row, key in enumerate(keys.tolist())}
        self._tables, self._tabled = [], 0
        if self._size >= TABLES_FROM:
            self._build_tables()

    def add(self, value: PdqHex, key: int) -> None:
        """Store one hash; ``ValueError`` when ``key`` is stored already."""
        if key in self._row_of:
            raise ValueError(f"id {key} is stored already")
        if self._size == len(self._keys):
            room = max(1024, self._size)
            self._words = np.concatenate([self._words, np.zeros((room, 4), dtype=np.uint64)])
            self._keys = np.concatenate([self._keys, np.full(room, -1, dtype=np.int64)])
        self._words[self._size] = _words([value])[0]
        self._keys[self._size] = key
        self._row_of[key] = self._size
        self._size += 1
        # What came after the tables is compared one by one, so the tables are built anew only now and then.
        if self._size >= TABLES_FROM and self._size - self._tabled >= max(TABLES_FROM, self._tabled // 4):
            self._build_tables()

    def remove(self, key: int) -> None:
        """Forget one; its row stays empty until the index is built again."""
        row = self._row_of.pop(key, None)
        if row is not None:
            self._keys[row] = -1
            self._words[row] = 0

    def query(self, value: PdqHex, max_distance: int = MAX_DISTANCE) -> list[tuple[int, int]]:
        """All ``(id, distance)`` with distance at most ``max_distance``, nearest first, then by id."""
        wanted = _words([value])[0]
        if not self._tables or max_distance > MAX_DISTANCE:
            rows = np.arange(self._size)
        else:
            near = [table.candidates(_piece(wanted[None], *table.bits)[0]) for table in self._tables]
            rows = np.unique(np.concatenate([*near, np.arange(self._tabled, self._size)]))
        distances = np.bitwise_count(self._words[rows] ^ wanted).sum(axis=1, dtype=np.int64)
        keys = self._keys[rows]
        hit = (distances <= max_distance) & (keys >= 0)
        found = zip(keys[hit].tolist(), distances[hit].tolist(), strict=True)
        return sorted(found, key=lambda pair: (pair[1], pair[0]))

    def _build_tables(self) -> None:
        self._tables = [_Table(self._words[: self._size], *piece) for piece in _PIECES]
        self._tabled = self._size


class _Table:
    """Rows sorted by the value of one piece of their bits."""

    def __init__(self, words: NDArray[np.uint64], first: int, width: int, errors: int) -> None:
        self.bits = (first, width)
        values = _piece(words, first, width)
        self._order = np.argsort(values, kind="stable").astype(np.uint32)
        self._starts = np.zeros((1 << width) + 1, dtype=np.uint32)
        np.cumsum(np.bincount(values, minlength=1 << width), out=self._starts[1:])
        flips = [0, *(1 << bit for bit in range(width))]
        if errors == 2:
            flips += [(1 << one) | (1 << other) for one, other in combinations(range(width), 2)]
        self._flips = np.array(flips, dtype=np.int64)

    def candidates(self, value: np.int64) -> NDArray[np.uint32]:
        """Rows whose piece differs from ``value`` in no more bits than the piece allows."""
        probes = self._flips ^ value
        starts, ends = self._starts[probes], self._starts[probes + 1]
        filled = ends > starts
        return np.concatenate(
            [self._order[start:end] for start, end in zip(starts[filled], ends[filled], strict=True)]
            or [np.empty(0, dtype=np.uint32)]
        )


def _words(hashes: Sequence[PdqHex]) -> NDArray[np.uint64]:
    joined = bytes.fromhex("".join(hashes))
    if len(joined) != 32 * len(hashes):
        raise ValueError("a PDQ hash is 64 hexadecimal digits")
    return np.frombuffer(joined, dtype=">u8").reshape(-1, 4).astype(np.uint64)


def _piece(words: NDArray[np.uint64], first: int, width: int) -> NDArray[np.int64]:
    """Bits ``first`` to ``first + width`` of each hash, as a number."""
    word, bit = divmod(first, 64)
    value = words[:, word] >> np.uint64(bit)
    if bit + width > 64:
        value = value | (words[:, word + 1] << np.uint64(64 - bit))
    return (value & np.uint64((1 << width) - 1)).astype(np.int64)
