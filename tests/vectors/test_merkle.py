"""Outside vectors: RFC 6962 proofs, roots, one real consistency proof, signed notes and malformed proof files."""

import base64
import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from consentry.audit.errors import NoteError, ProofError
from consentry.audit.note import Signer, note_text, open_note, parse_vkey, sign_note
from consentry.audit.proof import parse_proof
from consentry.audit.tree import hash_leaf, hash_node, tree_root, verify_consistency, verify_inclusion
from tests.shared_data import shared


def _bytes(text: str | None) -> bytes:
    return base64.b64decode(text or "")


def _accepts(vector: dict[str, Any]) -> bool:
    path = [_bytes(value) for value in vector["proof"] or []]
    try:
        if vector["kind"] == "inclusion":
            leaf, root = _bytes(vector["leafHash"]), _bytes(vector["root"])
            verify_inclusion(leaf, vector["leafIdx"], vector["treeSize"], path, root)
        else:
            roots = _bytes(vector["root1"]), _bytes(vector["root2"])
            verify_consistency(vector["size1"], vector["size2"], path, *roots)
    except ProofError:
        return False
    return True


def test_all_196_proof_vectors_are_judged_rightly(record_property: Callable[[str, object], None]) -> None:
    lines = shared("vectors/merkle/transparency_dev_vectors.jsonl").read_text(encoding="utf-8").splitlines()
    vectors = [v for v in map(json.loads, lines) if v["kind"] in ("consistency", "inclusion")]
    wrong = [vector["name"] for vector in vectors if _accepts(vector) == vector["wantErr"]]
    counts = Counter((vector["kind"], "rejected" if vector["wantErr"] else "accepted") for vector in vectors)
    record_property("counts", str(dict(counts)))
    assert wrong == []
    assert counts == {
        ("consistency", "accepted"): 6,
        ("consistency", "rejected"): 92,
        ("inclusion", "accepted"): 6,
        ("inclusion", "rejected"): 92,
    }


def test_roots_of_rfc_6962_match_exactly() -> None:
    data = json.loads(shared("vectors/merkle/rfc6962_roots.json").read_text(encoding="utf-8"))
    leaves = [hash_leaf(bytes.fromhex(leaf)) for leaf in data["leaves_hex"]]
    assert [tree_root(leaves[:size]).hex() for size in range(9)] == data["roots_hex_by_size"]
    assert hash_leaf(b"L123456").hex() == data["extra"]["leaf_L123456"]
    assert hash_node(b"N123", b"N456").hex() == data["extra"]["node_N123_N456"]


def test_a_real_consistency_proof_holds_and_a_changed_one_does_not() -> None:
    data = json.loads(shared("vectors/merkle/argon2020_consistency.json").read_text(encoding="utf-8"))
    path = [_bytes(value) for value in data["proof"]]
    sizes = data["first_size"], data["second_size"]
    roots = _bytes(data["first_root"]), _bytes(data["second_root"])
    verify_consistency(*sizes, path, *roots)
    for place in range(len(path)):
        changed = [*path[:place], bytes(32), *path[place + 1 :]]
        with pytest.raises(ProofError):
            verify_consistency(*sizes, changed, *roots)


def _notes() -> dict[str, Any]:
    return json.loads(shared("vectors/merkle/signed_note_vectors.json").read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def test_all_14_notes_open_as_the_vectors_say() -> None:
    cases = _notes()["open"]
    assert len(cases) == 14
    for case in cases:
        note = bytes.fromhex(case.get("prefix_hex", "")) + case["msg"].encode()
        # EnochRoot's key has an algorithm byte of Ed25519 like the other; a case may list one key twice.
        verifiers = [parse_vkey(vkey) for vkey in case["verifiers"]]
        if case["ok"]:
            opened = open_note(note, verifiers)
            assert [list(opened.verified), list(opened.unverified)] == [case["verified"], case["unverified"]]
        else:
            with pytest.raises(NoteError):
                open_note(note, verifiers)


def test_no_part_and_no_neighbour_of_a_key_is_a_key() -> None:
    data = _notes()
    vkey = data["vkeys"][0]
    assert [parse_vkey(each).vkey for each in data["vkeys"]] == data["vkeys"]
    parts = [vkey[a:b] for a in range(len(vkey)) for b in range(a, len(vkey) + 1) if vkey[a:b] != vkey]
    neighbours = [vkey[:k] + chr(ord(vkey[k]) + 1) + vkey[k + 1 :] for k in range(len(vkey))]
    for bad in [*parts, *neighbours, *data["bad_vkeys"]]:
        with pytest.raises(NoteError):
            parse_vkey(bad)


def test_signing_gives_the_published_note() -> None:
    data = _notes()
    case = next(case for case in data["open"] if case["name"] == "unused duplicate verifier")
    secret = _bytes(data["test_skey_public_test_vector"].split("+", 4)[4])
    signer = Signer("PeterNeumann", Ed25519PrivateKey.from_private_bytes(secret[1:]))
    assert sign_note(note_text(case["msg"]), signer) == case["msg"]


def test_malformed_proof_files_are_refused() -> None:
    cases = _notes()["tlog_proof_errors"]["cases"]
    assert len(cases) == 7
    for _, text in cases:
        with pytest.raises(ProofError):
            parse_proof(text)
