"""The writer: order of writes, crashes at every step, rollback, two writers."""

import contextlib
import threading

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from consentry.audit.checkpoint import open_checkpoint
from consentry.audit.errors import ConflictError, LogError, StorageError
from consentry.audit.log import CHECKPOINT, STAGING, Log
from consentry.audit.note import Signer
from consentry.audit.tree import hash_leaf, tree_root
from consentry.audit.verify import verify_log
from tests.fakes.tile_memory import Crash, TileMemory
from tests.unit.audit.conftest import entries


def test_entries_get_their_indices_in_the_order_given(log: Log) -> None:
    assert log.append(entries(3)).indices == (0, 1, 2)
    done = log.append(entries(300, start=3))
    assert done.indices == tuple(range(3, 303))
    assert (done.size, log.size) == (303, 303)
    assert log.root == tree_root([hash_leaf(entry) for entry in entries(303)])


def test_the_checkpoint_is_written_last(log: Log, storage: TileMemory) -> None:
    order: list[str] = []
    original = storage._step
    storage._step = lambda: original()  # type: ignore[method-assign]
    replace, create = storage.replace, storage.create
    storage.replace = lambda path, data: (order.append(path), replace(path, data))[1]  # type: ignore[method-assign,func-returns-value]
    storage.create = lambda files: (order.extend(p for p, _ in files), create(files))[1]  # type: ignore[method-assign,func-returns-value]
    log.append(entries(257))
    assert order == [
        STAGING,
        "tile/entries/000",
        "tile/entries/001.p/1",
        "tile/0/000",
        "tile/0/001.p/1",
        "tile/1/000.p/1",
        CHECKPOINT,
    ]


@pytest.mark.parametrize("crash_at", range(9))
@pytest.mark.parametrize("before", [0, 5, 255])
def test_a_crash_at_any_step_is_mended_and_loses_nothing(signer: Signer, before: int, crash_at: int) -> None:
    storage = TileMemory()
    log = Log.start(storage, signer)
    log.append(entries(before))
    batch = entries(4, start=before)
    storage.crash_at = storage.steps + crash_at
    with contextlib.suppress(Crash):
        log.append(batch)
    storage.crash_at = None
    # After the restart more rows are waiting, and another one comes first.
    late = entries(3, start=9000)
    wanted = [late[0], *batch, *late[1:]]
    again = Log.open(storage, signer)
    done = again.append(wanted)
    bundle = {index: entry for entry, index in zip(wanted, done.indices, strict=True)}
    placed = [*entries(before), *(bundle[index] for index in sorted(bundle))]
    assert sorted(done.indices) == list(range(before, before + 7))
    assert again.root == tree_root([hash_leaf(entry) for entry in placed])
    assert verify_log(storage, open_checkpoint(done.checkpoint, [signer.verifier])).entries == before + 7


def test_repeating_an_append_changes_nothing(log: Log, storage: TileMemory) -> None:
    first = log.append(entries(10))
    files = dict(storage.files)
    assert log.append(entries(10)) == first
    assert storage.files == files


def test_finish_ends_a_staged_batch(log: Log, storage: TileMemory, signer: Signer) -> None:
    storage.crash_at = storage.steps + 1
    with pytest.raises(Crash):
        log.append(entries(2))
    storage.crash_at = None
    again = Log.open(storage, signer)
    assert again.finish()
    assert again.size == 2
    assert not again.finish()


def test_the_last_batch_can_be_asked_for_and_holds_only_what_is_placed(
    log: Log, storage: TileMemory, signer: Signer
) -> None:
    assert log.last_batch() == {}
    log.append(entries(4))
    batch = entries(3, start=4)
    log.append(batch)
    assert Log.open(storage, signer).last_batch() == {hash_leaf(entry): 4 + k for k, entry in enumerate(batch)}
    storage.crash_at = storage.steps + 1
    with pytest.raises(Crash):
        log.append(entries(2, start=7))
    storage.crash_at = None
    again = Log.open(storage, signer)
    assert again.last_batch() == {}
    again.finish()
    assert sorted(again.last_batch().values()) == [7, 8]


def test_two_equal_entries_are_refused(log: Log) -> None:
    with pytest.raises(LogError, match="equal"):
        log.append(entries(1) * 2)
    assert log.size == 0


def test_a_rolled_back_checkpoint_stops_the_log(log: Log, storage: TileMemory, signer: Signer) -> None:
    log.append(entries(5))
    old = storage.files[CHECKPOINT]
    log.append(entries(5, start=5))
    log.append(entries(5, start=10))
    storage.files[CHECKPOINT] = old
    with pytest.raises(LogError, match="rolled back"):
        Log.open(storage, signer)
    with pytest.raises(LogError, match="backwards"):
        log.append(entries(1, start=50))


def test_a_log_smaller_than_it_once_was_stops(log: Log, storage: TileMemory, signer: Signer) -> None:
    log.append(entries(5))
    assert Log.open(storage, signer, at_least=5).size == 5
    with pytest.raises(LogError, match="rolled back"):
        Log.open(storage, signer, at_least=6)


def test_another_key_or_a_second_start_or_no_log_is_refused(log: Log, storage: TileMemory, signer: Signer) -> None:
    with pytest.raises(LogError, match="already"):
        Log.start(storage, signer)
    with pytest.raises(LogError, match="not signed"):
        Log.open(storage, Signer(signer.name, Ed25519PrivateKey.generate()))
    with pytest.raises(LogError, match="no log"):
        Log.open(TileMemory(), signer)


@pytest.mark.parametrize("path", ["tile/0/000.p/5", "tile/entries/000.p/5"])
def test_a_damaged_edge_stops_the_log(log: Log, storage: TileMemory, signer: Signer, path: str) -> None:
    log.append(entries(5))
    data = bytearray(storage.files[path])
    data[70] ^= 1
    storage.files[path] = bytes(data)
    with pytest.raises(LogError, match="right edge"):
        Log.open(storage, signer)


def test_nothing_is_signed_over_a_tile_that_was_changed_meanwhile(log: Log, storage: TileMemory) -> None:
    log.append(entries(300))
    before = storage.files[CHECKPOINT]
    storage.files["tile/1/000.p/1"] = bytes(32)
    storage.files["tile/0/000"] = bytes(8192)
    with pytest.raises(LogError, match="not consistent"):
        log.append(entries(1, start=300))
    assert storage.files[CHECKPOINT] == before


def test_bytes_that_read_back_wrong_are_never_signed(log: Log, storage: TileMemory) -> None:
    before = storage.files[CHECKPOINT]
    create = storage.create
    storage.create = lambda files: create([(p, d[:-1] + b"?") for p, d in files])  # type: ignore[method-assign]
    with pytest.raises(StorageError, match="reads back"):
        log.append(entries(3))
    assert storage.files[CHECKPOINT] == before


def test_a_stray_tile_is_never_overwritten(log: Log, storage: TileMemory) -> None:
    storage.files["tile/0/000.p/3"] = b"something else"
    with pytest.raises(ConflictError):
        log.append(entries(3))
    assert storage.files["tile/0/000.p/3"] == b"something else"


def test_two_writers_share_one_history(storage: TileMemory, signer: Signer, log: Log) -> None:
    other = Log.open(storage, signer)
    errors: list[BaseException] = []

    def write(writer: Log, start: int) -> None:
        try:
            for each in range(20):
                writer.append(entries(7, start=start + 7 * each))
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=write, args=(log, 0)), threading.Thread(target=write, args=(other, 1000))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    final = Log.open(storage, signer)
    assert final.size == 280
    assert verify_log(storage, open_checkpoint(final.checkpoint, [signer.verifier])).entries == 280
