"""PDQ against the published vectors: by distance, never by equality (../shared/vectors/pdq/README.md)."""

import json
from functools import cache
from typing import Any

import numpy as np
import pytest
from PIL import Image

from consentry.basics.ids import PdqHex
from consentry.guard.decoding import decode_picture
from consentry.guard.limits import Limits
from consentry.guard.picture import Picture
from consentry.matching import index as index_module
from consentry.matching.bank import MATCH_DISTANCE, MIN_QUALITY, check_bankable
from consentry.matching.errors import NotBankable
from consentry.matching.index import PdqIndex
from consentry.matching.pdq import distance, fingerprint
from tests.shared_data import SHARED, shared

FOLDER = SHARED / "vectors" / "pdq"
COLUMNS = ("pdq_cpp", "pdq_python", "pdq_wasm", "threatexchange")
TOLERANCE, CLOSE = 16, 10

DECODED_OTHERWISE = "tx_resources/I16.png"
"""16 bits of grey: the reference clips them to white, we scale them (docs/spec/pictures.md)."""


def entries() -> dict[str, dict[str, Any]]:
    if not (FOLDER / "expected_hashes.json").exists():
        return {}
    files = json.loads((FOLDER / "expected_hashes.json").read_text("utf-8"))["files"]
    return {name: one for name, one in files.items() if "file" in one}


@cache
def picture(name: str) -> Picture:
    return decode_picture((FOLDER / entries()[name]["file"]).read_bytes(), Limits(), fingerprint)


def references(entry: dict[str, Any]) -> dict[str, PdqHex]:
    return {column: PdqHex(entry[column]) for column in COLUMNS if isinstance(entry.get(column), str)}


@pytest.mark.parametrize("name", sorted(entries().keys() - {DECODED_OTHERWISE}) or ["absent"])
def test_a_picture_as_the_guard_decodes_it_is_near_every_reference(name: str) -> None:
    shared("vectors/pdq")
    ours = picture(name)
    for column, expected in references(entries()[name]).items():
        apart = distance(ours.pdq, expected)
        assert apart <= TOLERANCE, column
        if column == "pdq_cpp" and ours.pdq_quality >= 80:
            assert apart <= CLOSE


def test_sixteen_bits_differ_from_the_reference_only_by_their_decoding() -> None:
    entry = json.loads((shared("vectors/pdq") / "expected_hashes.json").read_text("utf-8"))["files"][DECODED_OTHERWISE]
    file = Image.open(FOLDER / entry["file"])
    hashes, quality = fingerprint(np.asarray(file.convert("RGB")))
    assert distance(hashes[0], PdqHex(entry["threatexchange"])) <= TOLERANCE
    assert quality < MIN_QUALITY
    scaled = Image.fromarray((np.asarray(file) / 257 + 0.5).astype(np.uint8)).convert("RGB")
    assert picture(DECODED_OTHERWISE).pdq == fingerprint(np.asarray(scaled))[0][0]


def test_a_turned_or_mirrored_picture_is_found_among_the_eight_and_not_otherwise() -> None:
    shared("vectors/pdq")
    turned = [picture(name) for name in entries() if "/dih/" in name]
    assert len(turned) == 8
    for one in turned:
        for other in turned:
            assert min(distance(other.pdq, each) for each in one.pdq_all) <= MATCH_DISTANCE
            assert one is other or distance(one.pdq, other.pdq) > 100


def test_an_edited_picture_is_still_recognised() -> None:
    shared("vectors/pdq")
    edited = {name: picture(name) for name in entries() if "bridge-mods/" in name}
    original = next(one for name, one in edited.items() if "aaa-orig" in name)
    assert len(edited) == 12
    assert {name: distance(one.pdq, original.pdq) <= MATCH_DISTANCE for name, one in edited.items()} == dict.fromkeys(
        edited, True
    )


@pytest.mark.parametrize("plain", ["small.jpg", "q0003.jpg", "q0004.jpg"])
def test_a_plain_picture_is_never_a_strong_match(plain: str) -> None:
    shared("vectors/pdq")
    ours = next(picture(name) for name in entries() if name.endswith(plain))
    assert ours.pdq_quality < MIN_QUALITY
    assert ours.pdq_all == ()
    with pytest.raises(NotBankable):
        check_bankable(ours.pdq, ours.pdq_quality)


@pytest.mark.parametrize("tables_from", [1, 10**9], ids=["tables", "every hash compared"])
def test_the_index_finds_what_comparing_every_hash_finds(tables_from: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_module, "TABLES_FROM", tables_from)
    folder = shared("vectors/pdq")
    haystack = [PdqHex(line) for line in (folder / "haystack.txt").read_text().split()]
    needles = [PdqHex(line) for line in (folder / "needles.txt").read_text().split()]
    index = PdqIndex()
    index.build(haystack, range(len(haystack)))
    pairs = 0
    for needle in needles:
        slow = {(place, distance(needle, one)) for place, one in enumerate(haystack)}
        expected = {pair for pair in slow if pair[1] <= MATCH_DISTANCE}
        assert set(index.query(needle)) == expected
        pairs += len(expected)
    assert pairs == 250
