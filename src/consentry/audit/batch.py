"""Many items in one leaf: a small Merkle tree whose root and count stand in the leaf's public part.

Invariants: items are commitments with a salt each, so that one item's path tells nothing of its neighbours; the small
tree is hashed like the large one. Not done here: when a batch closes.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from consentry.audit.errors import LeafError, ProofError
from consentry.audit.leaf import commit
from consentry.audit.tree import HASH_SIZE, hash_leaf, prove_inclusion, range_hash, tree_root, verify_inclusion


def batch_item(payload: bytes, salt: bytes) -> bytes:
    """The 32-byte item that stands for ``payload`` in a batch."""
    return commit("batch-item", salt, payload)


@dataclass(frozen=True, slots=True)
class Batch:
    """The items of one batch leaf, in order; at least one, each 32 bytes."""

    items: tuple[bytes, ...]

    def __post_init__(self) -> None:
        if not self.items or any(len(item) != HASH_SIZE for item in self.items):
            raise LeafError("A batch needs at least one item, each of 32 bytes.")

    @property
    def count(self) -> int:
        """How many items; goes into the public part as ``count``."""
        return len(self.items)

    @property
    def root(self) -> bytes:
        """The small tree's root; its hex goes into the public part as ``batch_root``."""
        return tree_root([hash_leaf(item) for item in self.items])

    def path(self, index: int) -> list[bytes]:
        """The path of item ``index`` to the root, sibling first."""
        return prove_inclusion(index, self.count, range_hash([hash_leaf(item) for item in self.items]))


def verify_item(item: bytes, index: int, path: Sequence[bytes], count: int, root: bytes) -> None:
    """Return if ``item`` is number ``index`` of the batch; ``ProofError`` otherwise."""
    if len(item) != HASH_SIZE:
        raise ProofError("A batch item is not 32 bytes.")
    verify_inclusion(hash_leaf(item), index, count, path, root)


def verify_item_in_public(item: bytes, index: int, path: Sequence[bytes], public: bytes) -> None:
    """Like ``verify_item``, with root and count taken from the opened public part of the batch leaf (JSON bytes)."""
    try:
        data = json.loads(public)
        count, root = data["count"], bytes.fromhex(data["batch_root"])
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise ProofError("The public part is not that of a batch leaf.") from error
    if type(count) is not int:
        raise ProofError("The public part's count is not a whole number.")
    verify_item(item, index, path, count, root)
