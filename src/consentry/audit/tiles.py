"""The log as static files (C2SP tlog-tiles): names, bundles, and proofs made by reading a handful of tiles.

Invariants: a tile is full (256 hashes) or partial, never empty; only full tiles are hashed into the level above; a
proof needs O(log n) tile reads. What is read is not trusted: a proof made here is checked by whoever uses it.
"""

from collections.abc import Sequence
from itertools import pairwise

from consentry.audit.errors import LeafError, ProofError, TileError
from consentry.audit.leaf import MAX_ENTRY
from consentry.audit.storage import TileReader
from consentry.audit.tree import EMPTY_ROOT, HASH_SIZE, hash_node, prove_consistency, prove_inclusion

TILE_WIDTH = 256
_HEIGHT = 8
_CACHED_TILES = 512


def tile_path(level: int, number: int, width: int = TILE_WIDTH) -> str:
    """``tile/<L>/<N>[.p/<W>]`` for hashes."""
    if not 0 <= level < 64:
        raise ProofError(f"There is no tile level {level}.")
    return _path(f"tile/{level}", number, width)


def bundle_path(number: int, width: int = TILE_WIDTH) -> str:
    """``tile/entries/<N>[.p/<W>]`` for entries."""
    return _path("tile/entries", number, width)


def tile_width(level: int, number: int, size: int) -> int:
    """How many hashes the tile holds in a tree of ``size``: 256, fewer at the right edge, 0 when it does not exist."""
    return max(0, min(TILE_WIDTH, (size >> (_HEIGHT * level)) - number * TILE_WIDTH))


def levels_of(size: int) -> int:
    """How many tile levels a tree of ``size`` has."""
    return (size.bit_length() + _HEIGHT - 1) // _HEIGHT


def changed_tiles(old: int, size: int) -> list[str]:
    """Paths that a log must write to grow from ``old`` to ``size``: bundles and tiles of level 0, then upwards."""
    paths = []
    for level in range(levels_of(size)):
        first, last = old >> (_HEIGHT * level), size >> (_HEIGHT * level)
        if first == last:
            break
        for number in range(first // TILE_WIDTH, -(-last // TILE_WIDTH)):
            width = tile_width(level, number, size)
            if level == 0:
                paths.append(bundle_path(number, width))
            paths.append(tile_path(level, number, width))
    return paths


def pack_bundle(entries: Sequence[bytes]) -> bytes:
    """An entry bundle: each entry behind its length as a big-endian u16; ``LeafError`` for one too long."""
    if any(len(entry) > MAX_ENTRY for entry in entries):
        raise LeafError("An entry is longer than 65535 bytes.")
    return b"".join(len(entry).to_bytes(2) + entry for entry in entries)


def unpack_bundle(path: str, data: bytes, width: int) -> list[tuple[int, bytes]]:
    """The ``width`` entries of a bundle with the offset of each; ``TileError`` names the first byte that is wrong."""
    entries, offset = scan_bundle(data, width)
    if len(entries) < width:
        raise TileError(path, offset, f"{width} entries", f"the end of the file after {len(entries)}")
    if offset != len(data):
        raise TileError(path, offset, "the end of the file", f"{len(data) - offset} more bytes")
    return entries


def scan_bundle(data: bytes, width: int) -> tuple[list[tuple[int, bytes]], int]:
    """As many of ``width`` entries as are whole, with the offset of each, and the offset where reading ended."""
    entries: list[tuple[int, bytes]] = []
    offset = 0
    while len(entries) < width:
        start = offset + 2
        end = start + int.from_bytes(data[offset:start])
        if start > len(data) or end > len(data):
            break
        entries.append((offset, data[start:end]))
        offset = end
    return entries, offset


def read_tile(reader: TileReader, level: int, number: int, width: int) -> list[bytes]:
    """A tile's first ``width`` hashes, from the full tile when the partial one is gone; ``TileError`` if damaged."""
    return read_hashes(*_read(reader, tile_path(level, number, width), tile_path(level, number), width), width)


def read_bundle(reader: TileReader, number: int, width: int) -> list[bytes]:
    """A bundle's first ``width`` entries, likewise."""
    path, data = _read(reader, bundle_path(number, width), bundle_path(number), width)
    stored = TILE_WIDTH if path == bundle_path(number) else width
    return [entry for _, entry in unpack_bundle(path, data, stored)[:width]]


def read_hashes(path: str, data: bytes, width: int) -> list[bytes]:
    """Cut a tile's bytes into hashes; ``TileError`` when the file is of another length."""
    stored = width if ".p/" in path else TILE_WIDTH
    if len(data) != stored * HASH_SIZE:
        raise TileError(path, min(len(data), stored * HASH_SIZE), f"{stored * HASH_SIZE} bytes", f"{len(data)} bytes")
    return [data[start : start + HASH_SIZE] for start in range(0, width * HASH_SIZE, HASH_SIZE)]


class TileTree:
    """The tree of one size, read from tiles as needed. Tiles are kept in memory (at most 512); not thread-safe."""

    def __init__(self, reader: TileReader, size: int) -> None:
        self.size = size
        self._reader = reader
        self._tiles: dict[tuple[int, int], dict[tuple[int, int], bytes]] = {}

    def root(self) -> bytes:
        """The root, from the tiles of the right edge alone."""
        return self.range_hash(0, self.size) if self.size else EMPTY_ROOT

    def inclusion(self, index: int) -> list[bytes]:
        """The inclusion path of leaf ``index``."""
        return prove_inclusion(index, self.size, self.range_hash)

    def consistency(self, old: int) -> list[bytes]:
        """The consistency path from the tree of ``old`` leaves."""
        return prove_consistency(old, self.size, self.range_hash)

    def range_hash(self, start: int, end: int) -> bytes:
        """The root of leaves ``start`` to ``end``, put together from perfect subtrees."""
        parts = []
        while start < end:
            height = (end - start).bit_length() - 1
            if start:
                height = min(height, (start & -start).bit_length() - 1)
            parts.append(self._perfect(height, start >> height))
            start += 1 << height
        found = parts.pop()
        while parts:
            found = hash_node(parts.pop(), found)
        return found

    def leaf_hash(self, index: int) -> bytes:
        """The hash of leaf ``index``."""
        return self._perfect(0, index)

    def _perfect(self, height: int, position: int) -> bytes:
        level, inner = divmod(height, _HEIGHT)
        number, place = divmod(position << inner, TILE_WIDTH)
        nodes = self._tile(level, number)
        return _inner_node(nodes, inner, place >> inner)

    def _tile(self, level: int, number: int) -> dict[tuple[int, int], bytes]:
        nodes = self._tiles.get((level, number))
        if nodes is None:
            hashes = read_tile(self._reader, level, number, tile_width(level, number, self.size))
            nodes = {(0, place): value for place, value in enumerate(hashes)}
            if len(self._tiles) >= _CACHED_TILES:
                del self._tiles[next(iter(self._tiles))]
            self._tiles[level, number] = nodes
        return nodes


def edge_root(edges: Sequence[Sequence[bytes]]) -> bytes:
    """The root of a tree from the hashes of its partial tiles, level 0 first (an empty level has none)."""
    found: bytes | None = None
    for hashes in edges:
        end = len(hashes)
        while end:
            start = end - (end & -end)
            part = _perfect_root(hashes[start:end])
            found = part if found is None else hash_node(part, found)
            end = start
    return EMPTY_ROOT if found is None else found


def _perfect_root(hashes: Sequence[bytes]) -> bytes:
    level = list(hashes)
    while len(level) > 1:
        level = [hash_node(left, right) for left, right in list(pairwise(level))[::2]]
    return level[0]


def _inner_node(nodes: dict[tuple[int, int], bytes], inner: int, place: int) -> bytes:
    found = nodes.get((inner, place))
    if found is None:
        found = hash_node(_inner_node(nodes, inner - 1, 2 * place), _inner_node(nodes, inner - 1, 2 * place + 1))
        nodes[inner, place] = found
    return found


def _read(reader: TileReader, path: str, full_path: str, width: int) -> tuple[str, bytes]:
    if width <= 0:
        raise ProofError(f"There is no {full_path} in this tree.")
    data = reader.read(path)
    if data is None and path != full_path:
        path, data = full_path, reader.read(full_path)
    if data is None:
        raise TileError(path, 0, "a file", "missing")
    return path, data


def _path(folder: str, number: int, width: int) -> str:
    if number < 0 or not 1 <= width <= TILE_WIDTH:
        raise ProofError("A tile has a number from 0 and a width from 1 to 256.")
    digits = f"{number % 1000:03}"
    while number := number // 1000:
        digits = f"x{number % 1000:03}/{digits}"
    return f"{folder}/{digits}" if width == TILE_WIDTH else f"{folder}/{digits}.p/{width}"
