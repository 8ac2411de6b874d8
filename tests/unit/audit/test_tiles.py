"""Names, bundles, and proofs that read few tiles."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from consentry.audit.errors import LeafError, ProofError, TileError
from consentry.audit.log import Log
from consentry.audit.note import Signer
from consentry.audit.tiles import (
    TileTree,
    bundle_path,
    changed_tiles,
    pack_bundle,
    read_bundle,
    read_tile,
    tile_path,
    tile_width,
    unpack_bundle,
)
from consentry.audit.tree import verify_inclusion
from tests.fakes.tile_memory import TileMemory
from tests.unit.audit.conftest import entries


@pytest.mark.parametrize(
    ("level", "number", "width", "path"),
    [
        (0, 0, 256, "tile/0/000"),
        (0, 999, 256, "tile/0/999"),
        (1, 1000, 256, "tile/1/x001/000"),
        (63, 1234067, 256, "tile/63/x001/x234/067"),
        (2, 1234067, 17, "tile/2/x001/x234/067.p/17"),
    ],
)
def test_paths_are_those_of_the_specification(level: int, number: int, width: int, path: str) -> None:
    assert tile_path(level, number, width) == path
    assert bundle_path(number, width) == path.replace(f"tile/{level}/", "tile/entries/")


@pytest.mark.parametrize(("level", "number", "width"), [(64, 0, 1), (-1, 0, 1), (0, -1, 1), (0, 0, 0), (0, 0, 257)])
def test_there_is_no_path_for_a_tile_that_cannot_be(level: int, number: int, width: int) -> None:
    with pytest.raises(ProofError):
        tile_path(level, number, width)


def test_widths_follow_the_specification() -> None:
    assert [tile_width(0, n, 600) for n in range(4)] == [256, 256, 88, 0]
    assert [tile_width(1, n, 600) for n in range(2)] == [2, 0]
    assert tile_width(0, 0, 256) == 256
    assert tile_width(1, 0, 256) == 1


def test_what_grows_is_named() -> None:
    assert changed_tiles(0, 1) == ["tile/entries/000.p/1", "tile/0/000.p/1"]
    assert changed_tiles(255, 258) == [
        "tile/entries/000",
        "tile/0/000",
        "tile/entries/001.p/2",
        "tile/0/001.p/2",
        "tile/1/000.p/1",
    ]
    assert changed_tiles(5, 5) == []
    assert changed_tiles(257, 258) == ["tile/entries/001.p/2", "tile/0/001.p/2"]


def test_bundles_round_trip_and_name_the_byte_that_is_wrong() -> None:
    items = [b"", b"a", b"b" * 65535]
    data = pack_bundle(items)
    assert [item for _, item in unpack_bundle("p", data, 3)] == items
    with pytest.raises(LeafError):
        pack_bundle([b"c" * 65536])
    for damaged, width, offset in ((data[:-1], 3, 5), (data + b"!", 3, len(data)), (data, 4, len(data)), (b"\0", 1, 0)):
        with pytest.raises(TileError) as caught:
            unpack_bundle("p", damaged, width)
        assert caught.value.offset == offset


@pytest.fixture(scope="module")
def large() -> tuple[TileMemory, Log]:
    storage = TileMemory()
    log = Log.start(storage, Signer("log.example/test", Ed25519PrivateKey.generate()))
    log.append(entries(70_000))
    return storage, log


def test_proofs_and_opening_read_few_tiles(large: tuple[TileMemory, Log]) -> None:
    storage, log = large
    for index in (0, 255, 256, 65_535, 65_536, 69_999):
        storage.reads.clear()
        tree = TileTree(storage, log.size)
        path = tree.inclusion(index)
        assert len(storage.reads) <= 5
        verify_inclusion(tree.leaf_hash(index), index, log.size, path, log.root)
    for old in (1, 256, 65_536, 65_537, 69_999):
        storage.reads.clear()
        TileTree(storage, log.size).consistency(old)
        assert len(storage.reads) <= 6
    storage.reads.clear()
    Log.open(storage, log._signer)
    assert len(storage.reads) <= 6


def test_a_full_tile_stands_in_for_a_partial_one(large: tuple[TileMemory, Log]) -> None:
    storage, _ = large
    assert read_tile(storage, 0, 3, 17) == read_tile(storage, 0, 3, 256)[:17]
    assert read_bundle(storage, 3, 17) == read_bundle(storage, 3, 256)[:17]
    with pytest.raises(TileError, match="missing"):
        read_tile(storage, 0, 9999, 17)


def test_a_tile_of_another_length_is_refused(storage: TileMemory) -> None:
    storage.files["tile/0/000.p/2"] = bytes(65)
    with pytest.raises(TileError) as caught:
        read_tile(storage, 0, 0, 2)
    assert (caught.value.path, caught.value.offset) == ("tile/0/000.p/2", 64)
