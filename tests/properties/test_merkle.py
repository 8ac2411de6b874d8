"""The tree against a slow reference written straight from RFC 6962, and tiles against the tree."""

from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from consentry.audit.errors import ProofError
from consentry.audit.log import CHECKPOINT, STAGING, Log
from consentry.audit.note import Signer
from consentry.audit.tiles import TileTree, changed_tiles
from consentry.audit.tree import (
    hash_leaf,
    prove_consistency,
    prove_inclusion,
    range_hash,
    tree_root,
    verify_consistency,
    verify_inclusion,
)
from tests.fakes.tile_memory import TileMemory

SIGNER = Signer("log.example/test", Ed25519PrivateKey.from_private_bytes(bytes(32)))
LEAVES = [number.to_bytes(4) for number in range(1300)]
HASHES = [hash_leaf(leaf) for leaf in LEAVES]
sizes = st.integers(1, 70)


def slow_root(entries: list[bytes]) -> bytes:
    """MTH of RFC 6962 section 2.1."""
    if not entries:
        return sha256().digest()
    if len(entries) == 1:
        return sha256(b"\0" + entries[0]).digest()
    k = 1
    while 2 * k < len(entries):
        k *= 2
    return sha256(b"\1" + slow_root(entries[:k]) + slow_root(entries[k:])).digest()


def slow_path(m: int, entries: list[bytes]) -> list[bytes]:
    """PATH of RFC 6962 section 2.1.1."""
    if len(entries) == 1:
        return []
    k = 1
    while 2 * k < len(entries):
        k *= 2
    if m < k:
        return [*slow_path(m, entries[:k]), slow_root(entries[k:])]
    return [*slow_path(m - k, entries[k:]), slow_root(entries[:k])]


def slow_proof(m: int, entries: list[bytes], whole: bool = True) -> list[bytes]:
    """SUBPROOF of RFC 6962 section 2.1.2."""
    if m == len(entries):
        return [] if whole else [slow_root(entries)]
    k = 1
    while 2 * k < len(entries):
        k *= 2
    if m <= k:
        return [*slow_proof(m, entries[:k], whole), slow_root(entries[k:])]
    return [*slow_proof(m - k, entries[k:], False), slow_root(entries[:k])]


@given(st.data(), sizes)
def test_inclusion_equals_the_reference_and_verifies(data: st.DataObject, size: int) -> None:
    index = data.draw(st.integers(0, size - 1))
    path = prove_inclusion(index, size, range_hash(HASHES[:size]))
    assert path == slow_path(index, LEAVES[:size])
    verify_inclusion(HASHES[index], index, size, path, slow_root(LEAVES[:size]))


@given(st.data(), sizes)
def test_consistency_equals_the_reference_and_verifies(data: st.DataObject, size: int) -> None:
    old = data.draw(st.integers(1, size))
    path = prove_consistency(old, size, range_hash(HASHES[:size]))
    assert path == slow_proof(old, LEAVES[:size])
    verify_consistency(old, size, path, slow_root(LEAVES[:old]), slow_root(LEAVES[:size]))


@given(st.data(), sizes)
def test_an_altered_inclusion_proof_is_refused(data: st.DataObject, size: int) -> None:
    index = data.draw(st.integers(0, size - 1))
    path = prove_inclusion(index, size, range_hash(HASHES[:size]))
    root = tree_root(HASHES[:size])
    altered = data.draw(
        st.sampled_from(
            [
                (HASHES[index], index, size, [*path, bytes(32)], root),
                (HASHES[index], index, size, path, bytes(32)),
                (bytes(32), index, size, path, root),
                (HASHES[index], size, size, path, root),
                (HASHES[index], -1, size, path, root),
                *([(HASHES[index], index, size, path[:-1], root)] if path else []),
                *([(HASHES[index], index, size, [path[0][:31], *path[1:]], root)] if path else []),
                *([(HASHES[index], index ^ 1, size, path, root)] if path and index ^ 1 < size else []),
            ]
        )
    )
    with pytest.raises(ProofError):
        verify_inclusion(*altered)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 400), min_size=1, max_size=6), st.data())
def test_a_log_grown_in_any_steps_is_the_same_tree(steps: list[int], data: st.DataObject) -> None:
    storage = TileMemory()
    log = Log.start(storage, SIGNER)
    written: set[str] = {CHECKPOINT, STAGING}
    for step in steps:
        before = log.size
        entries = LEAVES[before : before + step] if before + step <= len(LEAVES) else []
        log.append(entries)
        changed = changed_tiles(before, log.size)
        assert set(storage.files) - written <= set(changed) <= set(storage.files)
        written.update(changed)
    size = log.size
    assert log.root == tree_root(HASHES[:size]) == Log.open(storage, SIGNER).root == TileTree(storage, size).root()
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    tree = TileTree(storage, size)
    assert tree.inclusion(index) == prove_inclusion(index, size, range_hash(HASHES[:size]))
    assert tree.consistency(old) == prove_consistency(old, size, range_hash(HASHES[:size]))
    assert all(storage.files.values()), "an empty tile was written"
