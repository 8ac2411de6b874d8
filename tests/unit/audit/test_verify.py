"""One flipped bit anywhere in the tree's files is found and its file is named."""

import random

import pytest

from consentry.audit.checkpoint import Checkpoint, open_checkpoint
from consentry.audit.errors import TileError
from consentry.audit.log import CHECKPOINT, STAGING, Log
from consentry.audit.note import Signer
from consentry.audit.verify import verify_log
from tests.fakes.tile_memory import TileMemory
from tests.unit.audit.conftest import entries

SIZE = 66_000


@pytest.fixture(scope="module")
def grown() -> tuple[TileMemory, Checkpoint]:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    storage, signer = TileMemory(), Signer("log.example/test", Ed25519PrivateKey.generate())
    log = Log.start(storage, signer)
    log.append(entries(SIZE))
    return storage, open_checkpoint(log.checkpoint, [signer.verifier])


def damaged(grown: tuple[TileMemory, Checkpoint], path: str, data: bytes | None) -> TileError:
    """The error of a check with one file changed (None: gone)."""
    storage, checkpoint = grown
    kept = storage.files.pop(path)
    if data is not None:
        storage.files[path] = data
    try:
        with pytest.raises(TileError) as caught:
            verify_log(storage, checkpoint)
    finally:
        storage.files[path] = kept
    return caught.value


def test_a_whole_log_verifies_and_tells_its_progress(grown: tuple[TileMemory, Checkpoint]) -> None:
    storage, checkpoint = grown
    seen: list[tuple[int, int]] = []
    done = verify_log(storage, checkpoint, lambda now, total: seen.append((now, total)))
    assert done.entries == SIZE
    assert done.bytes_read == sum(len(d) for p, d in storage.files.items() if p.startswith("tile/"))
    assert seen[-1] == (SIZE, SIZE)
    assert seen == sorted(seen)


def test_one_flipped_bit_is_found_and_its_file_named(grown: tuple[TileMemory, Checkpoint]) -> None:
    storage, _ = grown
    chance = random.Random(7)
    tiles = sorted(path for path in storage.files if path not in (CHECKPOINT, STAGING))
    high = [path for path in tiles if path.startswith(("tile/1/", "tile/2/"))]
    assert len(high) == 3
    for path in [*high, *high, *chance.sample(tiles, 6), "tile/0/257.p/208", "tile/entries/257.p/208"]:
        data = bytearray(storage.files[path])
        place = chance.randrange(len(data))
        data[place] ^= 1 << chance.randrange(8)
        error = damaged(grown, path, bytes(data))
        assert error.path == path
        if "entries" in path:
            assert error.offset <= place < error.offset + len(entries(1)[0]) + 2
        else:
            assert error.offset == place


def test_a_missing_a_short_and_a_long_file_are_named(grown: tuple[TileMemory, Checkpoint]) -> None:
    storage, _ = grown
    for path in ("tile/0/003", "tile/entries/003", "tile/1/000"):
        full = storage.files[path]
        assert damaged(grown, path, None).path == path
        assert damaged(grown, path, full[:-1]).path == path
        long = damaged(grown, path, full + b"\0")
        assert (long.path, long.offset) == (path, len(full))


def test_an_entry_and_its_tile_changed_together_are_found(grown: tuple[TileMemory, Checkpoint]) -> None:
    from consentry.audit.tree import hash_leaf

    storage, checkpoint = grown
    bundle, tile = bytearray(storage.files["tile/entries/001"]), bytearray(storage.files["tile/0/001"])
    bundle[50] ^= 1
    length = int.from_bytes(bundle[:2])
    tile[:32] = hash_leaf(bytes(bundle[2 : 2 + length]))
    kept = storage.files["tile/entries/001"]
    storage.files["tile/entries/001"] = bytes(bundle)
    try:
        assert damaged(grown, "tile/0/001", bytes(tile)).path == "tile/0/001"
    finally:
        storage.files["tile/entries/001"] = kept
    assert verify_log(storage, checkpoint).entries == SIZE


def test_another_root_is_named_as_the_checkpoint(storage: TileMemory, log: Log) -> None:
    log.append(entries(300))
    error = None
    with pytest.raises(TileError) as caught:
        verify_log(storage, Checkpoint("log.example/test", 300, bytes(32)))
    error = caught.value
    assert (error.path, error.offset) == ("checkpoint", len("log.example/test\n300\n"))


def test_an_empty_log_has_the_empty_root(storage: TileMemory, log: Log, signer: Signer) -> None:
    assert verify_log(storage, open_checkpoint(log.checkpoint, [signer.verifier])).entries == 0
    with pytest.raises(TileError):
        verify_log(storage, Checkpoint("log.example/test", 0, bytes(32)))
