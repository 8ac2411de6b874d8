"""Two commitments, two salts: what opens a leaf, what does not, and what is left after forgetting."""

from hashlib import sha256

import pytest

from consentry.audit.batch import Batch, batch_item, verify_item, verify_item_in_public
from consentry.audit.errors import LeafError, ProofError
from consentry.audit.leaf import Leaf, commit, new_leaf, parse_leaf
from consentry.audit.tree import hash_leaf

SALT = bytes(range(32))


def test_the_bytes_are_those_of_the_page() -> None:
    framed = b"".join(len(x).to_bytes(8) + x for x in (b"public", SALT, b"{}"))
    assert commit("public", SALT, b"{}") == sha256(b"consentry/commit/v1\n" + framed).digest()
    opened = new_leaf(b"{}", b"secret", public_salt=SALT, private_salt=SALT[::-1])
    public, private = commit("public", SALT, b"{}"), commit("private", SALT[::-1], b"secret")
    assert opened.entry == b"consentry/leaf/v1\n\x05event" + public + private
    assert opened.entry_hash == hash_leaf(opened.entry) == sha256(b"\0" + opened.entry).digest()


def test_a_part_opens_only_with_its_own_salt_payload_and_name() -> None:
    made = new_leaf(b"public bytes", b"private bytes")
    leaf = parse_leaf(made.entry)
    leaf.open_public(made.public, made.public_salt)
    leaf.open_private(made.private, made.private_salt)
    for opening in (
        lambda: leaf.open_public(made.public + b" ", made.public_salt),
        lambda: leaf.open_public(made.public, made.private_salt),
        lambda: leaf.open_private(made.public, made.public_salt),
        lambda: leaf.open_private(made.private, bytes(32)),
        lambda: leaf.open_private(made.private, b""),
    ):
        with pytest.raises(LeafError):
            opening()


def test_equal_payloads_make_different_leaves() -> None:
    assert len({new_leaf(b"same").entry for _ in range(50)}) == 50


def test_an_absent_private_part_looks_like_any_other() -> None:
    with_part, without = new_leaf(b"x", b"someone"), new_leaf(b"x")
    assert len(with_part.entry) == len(without.entry)
    assert without.leaf.private_commitment != new_leaf(b"x").leaf.private_commitment


def test_an_erased_part_cannot_be_found_by_a_dictionary() -> None:
    dictionary = [b'{"account":"user-%d"}' % number for number in range(200)]
    made = new_leaf(b"{}", dictionary[77])
    entry = made.entry
    del made  # payload and salt are gone; the entry is all that is left
    seen = parse_leaf(entry).private_commitment
    guesses = [commit("private", salt, word) for word in dictionary for salt in (bytes(32), SALT, b"\xff" * 32)]
    assert seen not in guesses


@pytest.mark.parametrize("domain", ["", "Event", "a" * 65, "a b", "é"])
def test_a_domain_is_a_short_plain_token(domain: str) -> None:
    with pytest.raises(LeafError):
        Leaf(domain, bytes(32), bytes(32))


def test_every_other_entry_is_refused() -> None:
    entry = new_leaf(b"x").entry
    changed = [entry[:-1], entry + b"\0", b"", b"consentry/leaf/v1\n", entry[:18] + b"\x04" + entry[19:]]
    changed.append(entry.replace(b"v1", b"v2", 1))
    changed.append(entry.replace(b"event", b"ev\xc3\xa9t", 1))
    for bad in changed:
        with pytest.raises(LeafError):
            parse_leaf(bad)


@pytest.mark.parametrize("count", [1, 2, 3, 8, 13])
def test_every_item_of_a_batch_is_proved_and_no_other(count: int) -> None:
    batch = Batch(tuple(batch_item(b"%d" % number, SALT) for number in range(count)))
    public = b'{"batch_root":"%s","count":%d}' % (batch.root.hex().encode(), count)
    for index, item in enumerate(batch.items):
        verify_item(item, index, batch.path(index), count, batch.root)
        verify_item_in_public(item, index, batch.path(index), public)
        with pytest.raises(ProofError):
            verify_item(batch_item(b"other", SALT), index, batch.path(index), count, batch.root)
        with pytest.raises(ProofError):
            verify_item_in_public(item, index + 1, batch.path(index), public)


@pytest.mark.parametrize(
    "public", [b"", b"[]", b"{}", b'{"count":1}', b'{"count":true,"batch_root":"00"}', b"[" * 99999]
)
def test_a_public_part_without_a_batch_is_refused(public: bytes) -> None:
    with pytest.raises(ProofError):
        verify_item_in_public(bytes(32), 0, [], public)


def test_a_batch_has_items_of_32_bytes() -> None:
    for items in ((), (b"short",)):
        with pytest.raises(LeafError):
            Batch(items)
