"""Promises and proofs: what the holder of a receipt can check alone."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from consentry.audit.batch import Batch, batch_item
from consentry.audit.checkpoint import Checkpoint, open_checkpoint, parse_checkpoint, read_unsigned
from consentry.audit.errors import AuditError, NoteError, PromiseError, ProofError, UnsignedError
from consentry.audit.leaf import new_leaf
from consentry.audit.log import Log
from consentry.audit.note import Signer, sign_note
from consentry.audit.promise import make_batch_promises, make_promise, parse_promise, promise_key_name
from consentry.audit.proof import LogProof, make_proof, parse_proof
from consentry.audit.tiles import TileTree
from tests.fakes.tile_memory import TileMemory
from tests.unit.audit.conftest import ORIGIN, entries

DEADLINE = datetime(2026, 1, 1, 0, 1, 0, 5, tzinfo=UTC)


@pytest.fixture
def promiser() -> Signer:
    return Signer(promise_key_name(ORIGIN), Ed25519PrivateKey.from_private_bytes(b"p" * 32))


def batch_promise(promiser: Signer) -> Any:
    """The second of three promises of one batch leaf, as JSON data."""
    batch = Batch(tuple(batch_item(b"%d" % number, bytes(32)) for number in range(3)))
    public = json.dumps({"batch_root": batch.root.hex(), "count": 3}).encode()
    return make_batch_promises(ORIGIN, new_leaf(public, domain="batch"), batch, DEADLINE, promiser)[1].to_data()


def test_a_promise_survives_json_and_verifies(promiser: Signer) -> None:
    leaf = new_leaf(b"{}")
    data = json.loads(json.dumps(make_promise(ORIGIN, leaf, DEADLINE, promiser).to_data()))
    promise = parse_promise(data)
    promise.verify(promiser.verifier)
    assert (promise.entry_hash, data["deadline"]) == (leaf.entry_hash, "2026-01-01T00:01:00Z")
    assert not promise.is_overdue(promise.deadline)
    assert promise.is_overdue(promise.deadline + timedelta(seconds=1))


def test_the_signed_bytes_are_those_of_the_page(promiser: Signer) -> None:
    leaf = new_leaf(b"{}")
    promise = make_promise(ORIGIN, leaf, DEADLINE, promiser)
    message = b"consentry/promise/v1\n" + len(ORIGIN).to_bytes(8) + ORIGIN.encode() + leaf.entry_hash
    message += int(DEADLINE.timestamp()).to_bytes(8) + b"\0"
    assert promiser.verifier.verify(message, promise.signature)


def test_a_batch_promise_ties_its_item_to_the_leaf(promiser: Signer) -> None:
    parse_promise(batch_promise(promiser)).verify(promiser.verifier)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("origin", "log.example/other"),
        ("entry_hash", "00" * 32),
        ("deadline", "2027-01-01T00:00:00Z"),
        ("key", "00000000"),
        ("signature", "AAAA"),
        ("batch", None),
        ("batch.item", "00" * 32),
        ("batch.index", 0),
        ("batch.path", []),
        ("batch.entry", "AAAA"),
        ("batch.public", "e30="),
        ("batch.public_salt", "A" * 43 + "="),
    ],
)
def test_no_part_of_a_promise_can_be_changed(promiser: Signer, name: str, value: object) -> None:
    data = batch_promise(promiser)
    target, _, member = name.rpartition(".")
    if value is None:
        del data[member]
    else:
        (data[target] if target else data)[member] = value
    with pytest.raises(PromiseError):
        parse_promise(data).verify(promiser.verifier)


@pytest.mark.parametrize(
    "change",
    [{"v": 2}, {"v": True}, {"deadline": "soon"}, {"deadline": "1969-01-01T00:00:00Z"}, {"more": 1}, {"key": "zz"},
     {"signature": "!"}, {"entry_hash": 5}, {"batch": []}, {"batch": {"item": ""}}],
)  # fmt: skip
def test_what_is_not_a_promise_does_not_parse(promiser: Signer, change: dict[str, Any]) -> None:
    data = make_promise(ORIGIN, new_leaf(b"{}"), DEADLINE, promiser).to_data()
    with pytest.raises(PromiseError):
        parse_promise({**data, **change})
    with pytest.raises(PromiseError):
        parse_promise([data])


def test_the_checkpoint_key_cannot_promise(signer: Signer, promiser: Signer) -> None:
    with pytest.raises(PromiseError):
        make_promise(ORIGIN, new_leaf(b"{}"), DEADLINE, signer)
    promise = make_promise(ORIGIN, new_leaf(b"{}"), DEADLINE, promiser)
    with pytest.raises(PromiseError):
        promise.verify(signer.verifier)


def test_a_proof_stands_alone_with_the_logs_key(log: Log, storage: TileMemory, signer: Signer) -> None:
    log.append(entries(300))
    leaf_hash = TileTree(storage, 300).leaf_hash(257)
    made = make_proof(257, TileTree(storage, 300).inclusion(257), log.checkpoint, leaf_hash, extra=b"{}")
    read = parse_proof(made.text)
    assert read == made
    assert read.verify(leaf_hash, [signer.verifier], ORIGIN).size == 300
    other = Signer(ORIGIN, Ed25519PrivateKey.generate())
    with pytest.raises(UnsignedError):
        read.verify(leaf_hash, [other.verifier])
    with pytest.raises(NoteError):
        read.verify(leaf_hash, [signer.verifier], "log.example/other")
    for wrong in (LogProof(256, made.path, made.checkpoint), LogProof(257, made.path[1:], made.checkpoint)):
        with pytest.raises(ProofError):
            wrong.verify(leaf_hash, [signer.verifier])
    with pytest.raises(ProofError):
        make_proof(256, made.path, log.checkpoint, leaf_hash)


def test_a_checkpoint_has_one_spelling(signer: Signer) -> None:
    text = Checkpoint(ORIGIN, 5, b"r" * 32, ("extension",)).text
    assert parse_checkpoint(text).text == text
    for bad in ("", "a\n5\n", text[:-1], text.replace("5", "05", 1), text.replace("5", "-5", 1), text + "\n",
                text.replace("5", "٥", 1), text.replace("=", ""), "\n" + text):  # fmt: skip
        with pytest.raises(NoteError):
            parse_checkpoint(bad)


def test_a_checkpoint_of_another_origin_is_refused_by_default(signer: Signer) -> None:
    note = Checkpoint("log.example/other", 0, b"r" * 32).sign(signer)
    with pytest.raises(NoteError, match="another log"):
        open_checkpoint(note, [signer.verifier])
    assert open_checkpoint(note, [signer.verifier], "log.example/other").size == 0
    assert read_unsigned(note).origin == "log.example/other"


def test_a_note_of_control_characters_is_never_signed(signer: Signer) -> None:
    for text in ("no end", "a\tb\n", "a\r\n"):
        with pytest.raises(AuditError):
            sign_note(text, signer)
