"""Outside files with credentials: our states, our signature over them, and their hostile texts."""

import hashlib
import io
import json
from pathlib import Path
from typing import Any

import c2pa
import pytest

from consentry.adapters.credentials.c2pa_reader import C2paReader
from consentry.cli.inspect import inspect
from consentry.provenance.claim import GENERATED
from consentry.provenance.signing import SourcePicture
from consentry.provenance.states import State
from tests.fakes.guard_app import demo_identity, demo_signer
from tests.fakes.image_upstream import picture
from tests.shared_data import SHARED, shared

READER = C2paReader()
STATES = {"no_manifest": State.NONE}
_TABLE = SHARED / "vectors/c2pa/expected_states.json"
FILES: dict[str, dict[str, Any]] = json.loads(_TABLE.read_text("utf-8"))["files"] if _TABLE.exists() else {}
PRESENT = {name: one for name, one in FILES.items() if one["present"]}
UNDISPUTED = [name for name, one in PRESENT.items() if not one["disputed"]]


def data_of(name: str) -> bytes:
    """A file of the set, which is the one that the table means."""
    data = (shared("vectors/c2pa") / str(PRESENT[name]["file"])).read_bytes()
    assert hashlib.sha256(data).hexdigest() == PRESENT[name]["sha256"]
    return data


def test_the_set_is_whole() -> None:
    shared("vectors/c2pa")
    assert len(UNDISPUTED) == 23


@pytest.mark.parametrize("name", UNDISPUTED)
def test_our_word_is_the_recorded_one(name: str) -> None:
    expected = PRESENT[name]["expected"]
    assert READER.read(data_of(name)).verdict.state == STATES.get(expected, expected)


@pytest.mark.parametrize(
    ("name", "state", "altered"),
    [
        ("cards.webp", State.NONE, False),
        ("cards_invalid.jpg", State.INVALID, True),
        ("cards_expired_without_timestamp.jpg", State.INVALID, False),
        ("cards_trusted.jpg", State.INVALID, False),
        ("cards_trusted.webp", State.INVALID, False),
        ("cards_trusted.avif", State.INVALID, False),
        ("cards_trusted.svg", State.INVALID, False),
    ],
)
def test_a_certificate_that_is_no_longer_good_is_not_called_tampering(name: str, state: State, altered: bool) -> None:
    verdict = READER.read(shared(f"vectors/c2pa/trust/{name}").read_bytes()).verdict
    assert (verdict.state, verdict.altered) == (state, altered)


@pytest.mark.parametrize("name", PRESENT)
def test_whatever_a_source_carries_our_own_credential_holds_and_shows_no_second_picture(name: str) -> None:
    source = data_of(name)
    signed = demo_signer().sign(picture("JPEG"), "image/jpeg", sources=[SourcePicture(source, "image/jpeg")])
    read = READER.read(signed.data)
    assert read.verdict.state is State.WELL_FORMED_UNTRUSTED
    assert read.active == signed.manifest_id
    (ingredient,) = read.manifests[signed.manifest_id]["ingredients"]
    assert ingredient["relationship"] == "parentOf"
    assert "thumbnail" not in json.dumps(ingredient.get("thumbnail", {}))
    assert signed.data.count(b"\xff\xd8\xff") == 1, "a thumbnail of somebody's picture went along"
    kept = READER.read(source)
    if kept.verdict.state is State.WELL_FORMED_UNTRUSTED:
        assert ingredient["active_manifest"] == kept.active
        assert kept.active in read.manifests


def attack_lines() -> list[tuple[str, str]]:
    """Every line of the lists, read as bytes because one of them is no text."""
    folder = SHARED / "vectors/c2pa/attacks"
    return [
        (f"{file.stem}:{number}", line.decode("utf-8", "replace").replace("\x00", ""))
        for file in sorted(folder.glob("*.attack"))
        for number, line in enumerate(file.read_bytes().split(b"\n"))
        if line.strip(b"\x00\r ")
    ]


def hostile_file(text: str) -> bytes:
    """A picture whose credential says ``text`` wherever a text can be said."""
    created = {"action": "c2pa.created", "digitalSourceType": GENERATED, "softwareAgent": {"name": text}}
    definition = {
        "title": text,
        "claim_generator_info": [{"name": text, "version": text}],
        "assertions": [
            {"label": "c2pa.actions.v2", "data": {"actions": [created]}},
            {"label": "stds.schema-org.CreativeWork", "data": {"@type": "CreativeWork", "author": [{"name": text}]}},
        ],
        "ingredients": [{"title": text, "relationship": "componentOf", "instance_id": "x"}],
    }
    identity = demo_identity()
    signer = c2pa.Signer.from_info(c2pa.C2paSignerInfo(b"es256", identity.chain_pem, identity.key_pem, None))
    out = io.BytesIO()
    c2pa.Builder(json.dumps(definition)).sign(signer, "image/png", io.BytesIO(picture()), out)
    return out.getvalue()


def test_hostile_texts_come_out_harmless(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shared("vectors/c2pa/attacks")
    lines = attack_lines()
    assert len(lines) >= 30
    file = tmp_path / "picture.png"
    for name, text in [*lines, ("escape", "\x1b[2J\x1b]0;owned\x07\u202egnp\u200b.exe\r\n\tnext")]:
        file.write_bytes(hostile_file(text))
        assert inspect(file) in (0, 1), name
        shown = capsys.readouterr().out
        assert all(letter == "\n" or letter.isprintable() for letter in shown), name
        assert max(map(len, shown.splitlines())) < 1000, name
        assert inspect(file, as_json=True) in (0, 1), name
        said = json.loads(capsys.readouterr().out)
        assert all(one.isprintable() for one in texts_in(said)), name


def texts_in(value: Any) -> list[str]:
    """Every text in a JSON value, keys too."""
    if isinstance(value, dict):
        return [one for key, held in value.items() for one in [key, *texts_in(held)]]
    if isinstance(value, list):
        return [one for held in value for one in texts_in(held)]
    return [value] if isinstance(value, str) else []
