"""The Merkle tree of RFC 6962: hashing, proofs made and proofs checked.

Invariants: SHA-256; leaves and nodes are hashed under different prefixes; a verifier refuses an old size of 0 and
any hash that is not 32 bytes. Proofs are made from a function that gives the hash of a range of leaves, so that
memory (``range_hash``) and tiles (``consentry.audit.tiles``) share one algorithm. Not done here: storing anything.
"""

from collections.abc import Callable, Sequence
from hashlib import sha256

from consentry.audit.errors import ProofError

HASH_SIZE = 32
EMPTY_ROOT = sha256(b"").digest()

RangeHash = Callable[[int, int], bytes]
"""Gives the root of the subtree over leaves ``start`` (included) to ``end`` (excluded)."""


def hash_leaf(entry: bytes) -> bytes:
    """``SHA-256(0x00 || entry)`` (RFC 6962 section 2.1)."""
    return sha256(b"\x00" + entry).digest()


def hash_node(left: bytes, right: bytes) -> bytes:
    """``SHA-256(0x01 || left || right)`` (RFC 6962 section 2.1)."""
    return sha256(b"\x01" + left + right).digest()


def tree_root(leaf_hashes: Sequence[bytes]) -> bytes:
    """The root over leaf hashes; of no leaves ``SHA-256("")``."""
    if not leaf_hashes:
        return EMPTY_ROOT
    level = list(leaf_hashes)
    while len(level) > 1:
        # Pairing neighbours and carrying an odd one up is the same tree as RFC 6962's split at a power of two.
        pairs = [sha256(b"\x01" + level[k] + level[k + 1]).digest() for k in range(0, len(level) - 1, 2)]
        if len(level) % 2:
            pairs.append(level[-1])
        level = pairs
    return level[0]


def range_hash(leaf_hashes: Sequence[bytes]) -> RangeHash:
    """A ``RangeHash`` over leaf hashes held in memory."""
    return lambda start, end: tree_root(leaf_hashes[start:end])


def prove_inclusion(index: int, size: int, subtree: RangeHash) -> list[bytes]:
    """The path that proves leaf ``index`` in the tree of ``size``, the leaf's sibling first (section 2.1.1)."""
    if not 0 <= index < size:
        raise ProofError(f"There is no leaf {index} in a tree of {size}.", next_step="Wait for a larger checkpoint.")
    start, end = 0, size
    ranges = []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    return [subtree(low, high) for low, high in reversed(ranges)]


def prove_consistency(old: int, size: int, subtree: RangeHash) -> list[bytes]:
    """The path that proves the tree of ``old`` leaves a beginning of the tree of ``size`` (section 2.1.2)."""
    if not 0 < old <= size:
        raise ProofError(f"A tree of {old} cannot be the beginning of a tree of {size}.")
    start, end = 0, size
    ranges = []
    while old < end:
        middle = start + _split(end - start)
        if old <= middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    if start:  # When the walk never turned right, the verifier has this hash already: it is the old root.
        ranges.append((start, end))
    return [subtree(low, high) for low, high in reversed(ranges)]


def verify_inclusion(leaf_hash: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> None:
    """Return if ``path`` leads from leaf ``index`` to ``root``; ``ProofError`` otherwise (RFC 9162 2.1.3.2)."""
    _check_hashes(leaf_hash, root, *path)
    if not 0 <= index < size:
        raise ProofError(f"Index {index} lies outside a tree of {size}.")
    position, last, found = index, size - 1, leaf_hash
    for sibling in path:
        if last == 0:
            raise ProofError("The inclusion path is too long.")
        if position & 1 or position == last:
            found = hash_node(sibling, found)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            found = hash_node(found, sibling)
        position, last = position >> 1, last >> 1
    if last != 0:
        raise ProofError("The inclusion path is too short.")
    if found != root:
        raise ProofError("The inclusion path leads to another root.")


def verify_consistency(old: int, size: int, path: Sequence[bytes], old_root: bytes, root: bytes) -> None:
    """Return if the tree of ``old`` is a beginning of that of ``size``; ``ProofError`` otherwise (RFC 9162 2.1.4.2).

    An old size of 0 is refused: it would prove nothing. The witness protocol treats it as a case of its own.
    """
    if not 0 < old <= size:
        raise ProofError(f"Sizes {old} and {size} cannot be compared.")
    if old == size:
        # Nothing is hashed here, so the roots' length does not matter; the outside vectors ask for just that.
        if path or old_root != root:
            raise ProofError("Two trees of one size have different roots, or a path where none belongs.")
        return
    _check_hashes(old_root, root, *path)
    hashes = list(path)
    if old & (old - 1) == 0:
        hashes.insert(0, old_root)
    if not hashes:
        raise ProofError("The consistency path is empty.")
    position, last = old - 1, size - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    old_found = found = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            raise ProofError("The consistency path is too long.")
        if position & 1 or position == last:
            old_found, found = hash_node(sibling, old_found), hash_node(sibling, found)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            found = hash_node(found, sibling)
        position, last = position >> 1, last >> 1
    if last != 0:
        raise ProofError("The consistency path is too short.")
    if old_found != old_root or found != root:
        raise ProofError("The consistency path leads to other roots.")


def _split(size: int) -> int:
    """The largest power of two below ``size`` (which is at least 2)."""
    return 1 << ((size - 1).bit_length() - 1)


def _check_hashes(*hashes: bytes) -> None:
    if any(len(value) != HASH_SIZE for value in hashes):
        raise ProofError("A hash in the proof is not 32 bytes.")
