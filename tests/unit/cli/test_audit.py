"""The auditor's commands on a real folder and over loopback HTTP: what holds, what is named, what is refused."""

import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from consentry.adapters.stores.tile_files import TileFolder
from consentry.audit.leaf import OpenLeaf, new_leaf
from consentry.audit.log import Log
from consentry.audit.note import Signer
from consentry.audit.promise import make_promise, promise_key_name
from consentry.cli import build_app
from consentry.cli.bench_audit import measure_log
from consentry.oversight.disclosure import Disclosure, format_package
from consentry.oversight.events import EventType, PublicEvent, parse_event
from consentry.oversight.plan import example_plan

ORIGIN = "log.example/test"
AT = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)


Run = Callable[..., tuple[int, str, str]]


class QuietFiles(SimpleHTTPRequestHandler):
    """Serves a folder and writes nothing to the terminal."""

    def log_message(self, *_: object) -> None:
        pass


class Place:
    """A log of 300 hides in a folder, its keys as files, and the auditor's package."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "log"
        self.signer = Signer(ORIGIN, Ed25519PrivateKey.generate())
        self.promiser = Signer(promise_key_name(ORIGIN), Ed25519PrivateKey.generate())
        self.log = Log.start(TileFolder(self.folder), self.signer)
        hide = PublicEvent(EventType.CASE_HIDDEN, AT, lane="portal", rule="exposure", duration="1m..5m")
        self.leaves: list[OpenLeaf] = [new_leaf(hide.to_bytes()) for _ in range(300)]
        self.log.append([leaf.entry for leaf in self.leaves])
        self.vkey = self.signer.verifier.vkey
        self.package = folder / "package.jsonl"
        rows = (Disclosure(k, parse_event(leaf.public), leaf.public_salt) for k, leaf in enumerate(self.leaves))
        self.package.write_text("".join(format_package(self.log.checkpoint, rows)), encoding="utf-8")

    def promise(self, leaf: OpenLeaf, deadline: datetime = AT) -> Path:
        file = self.folder.parent / "receipt.json"
        made = make_promise(ORIGIN, leaf, deadline, self.promiser)
        file.write_text(json.dumps({"case": "x", "promise": made.to_data()}), encoding="utf-8")
        return file

    def flip(self, path: str, offset: int) -> None:
        data = bytearray((self.folder / path).read_bytes())
        data[offset] ^= 1
        (self.folder / path).write_bytes(bytes(data))


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


@pytest.fixture
def address(place: Place) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietFiles, directory=str(place.folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def command(*words: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            build_app()([str(word) for word in words])
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out, " ".join(err.split())

    return command


def test_a_whole_log_verifies_from_a_folder_and_an_address(place: Place, address: str, run: Run) -> None:
    for where in (place.folder, address):
        code, out, err = run("audit", "verify", where, "--vkey", place.vkey)
        assert (code, err) == (0, "")
        assert "300 entries" in out
    assert "NOT checked" in run("audit", "verify", place.folder)[2]


def test_one_flipped_byte_is_named_with_its_tile_and_offset(place: Place, run: Run) -> None:
    place.flip("tile/0/000", 4000)
    code, _, err = run("audit", "verify", place.folder, "--vkey", place.vkey)
    assert code == 1
    assert "DAMAGED: tile/0/000 offset 4000" in err


def test_another_key_a_missing_log_and_a_dead_server_are_refused(place: Place, run: Run) -> None:
    other = Signer(ORIGIN, Ed25519PrivateKey.generate()).verifier.vkey
    for where, key in ((place.folder, other), (place.folder / "no", place.vkey), ("http://127.0.0.1:1", place.vkey)):
        code, out, err = run("audit", "verify", where, "--vkey", key)
        assert (code, out) == (1, "")
        assert err


def test_a_key_may_be_a_file(place: Place, run: Run, tmp_path: Path) -> None:
    (tmp_path / "key").write_text(place.vkey + "\n", encoding="utf-8")
    assert run("audit", "verify", place.folder, "--vkey", tmp_path / "key")[0] == 0
    assert run("audit", "verify", place.folder, "--vkey", tmp_path / "none")[0] == 1


def test_a_receipt_is_proved_and_its_proof_kept(place: Place, address: str, run: Run, tmp_path: Path) -> None:
    receipt, kept = place.promise(place.leaves[123]), tmp_path / "mine.tlog-proof"
    keys = ("--vkey", place.vkey, "--promise-vkey", place.promiser.verifier.vkey)
    code, out, err = run("audit", "proof", "--receipt", receipt, "--log", address, *keys, "--out", kept)
    assert (code, err) == (0, "")
    assert "is number 123 of 300" in out
    place.log.append([new_leaf(b"later").entry])
    again = run("audit", "proof", "--receipt", receipt, "--proof", kept, "--log", place.folder, *keys)
    assert (again[0], "is number 123 of 300" in again[1]) == (0, True)


def test_a_promise_that_was_altered_or_is_of_another_entry_is_refused(place: Place, run: Run) -> None:
    receipt = place.promise(place.leaves[5])
    data = json.loads(receipt.read_text(encoding="utf-8"))
    data["promise"]["entry_hash"] = place.leaves[6].entry_hash.hex()
    receipt.write_text(json.dumps(data), encoding="utf-8")
    keys = ("--vkey", place.vkey, "--promise-vkey", place.promiser.verifier.vkey)
    code, _, err = run("audit", "proof", "--receipt", receipt, "--log", place.folder, *keys)
    assert (code, "signature does not hold" in err) == (1, True)


def test_an_entry_that_is_not_there_is_late_or_broken(place: Place, run: Run) -> None:
    missing = new_leaf(b"never entered")
    for deadline, word in ((AT, "BROKEN"), (datetime.now(UTC) + timedelta(days=1), "not in the log yet")):
        receipt = place.promise(missing, deadline)
        code, _, err = run("audit", "proof", "--receipt", receipt, "--log", place.folder, "--vkey", place.vkey)
        assert (code, word in err) == (1, True)


def test_a_second_history_is_told_by_the_proof_one_holds(place: Place, run: Run, tmp_path: Path) -> None:
    receipt, kept = place.promise(place.leaves[9]), tmp_path / "mine.tlog-proof"
    run("audit", "proof", "--receipt", receipt, "--log", place.folder, "--vkey", place.vkey, "--out", kept)
    second = Log.start(TileFolder(tmp_path / "second"), place.signer)
    second.append([place.leaves[9].entry, *[new_leaf(b"other").entry for _ in range(400)]])
    shown = run(
        "audit", "proof", "--receipt", receipt, "--proof", kept, "--log", tmp_path / "second", "--vkey", place.vkey
    )
    assert (shown[0], "two histories" in shown[2]) == (1, True)


def test_a_report_is_made_proved_and_a_changed_number_named(place: Place, run: Run, tmp_path: Path) -> None:
    made = tmp_path / "report.json"
    source = ("--log", place.folder, "--disclosures", place.package)
    assert run("report", "make", "--period", "2026-03", *source, "--out", made)[0] == 0
    code, out, _ = run("report", "verify", made, *source, "--vkey", place.vkey)
    assert (code, "PROVED: every" in out, "300 of 300" in out) == (0, True, True)
    data = json.loads(made.read_text(encoding="utf-8"))
    number = next(each for each in data["numbers"] if each["metric"] == "hides")
    assert number["value"] == 300
    number["value"] = 299
    made.write_text(json.dumps(data), encoding="utf-8")
    code, out, _ = run("report", "verify", made, *source, "--vkey", place.vkey)
    assert (code, "hides total: stated 299" in out, "NOT PROVED." in out) == (1, True, True)


def test_a_report_is_not_made_while_a_leaf_is_kept_back(place: Place, run: Run) -> None:
    lines = place.package.read_text(encoding="utf-8").splitlines(keepends=True)
    place.package.write_text("".join(lines[:5] + lines[6:]), encoding="utf-8")
    code, out, err = run("report", "make", "--period", "2026", "--log", place.folder, "--disclosures", place.package)
    assert (code, out, "Begin with index 4" in err) == (1, "", True)


def test_a_plan_counts_nothing_that_is_not_proved(place: Place, run: Run, tmp_path: Path) -> None:
    plan, made = tmp_path / "plan.yaml", tmp_path / "report.json"
    plan.write_text(example_plan(), encoding="utf-8")
    source = ("--log", place.folder, "--disclosures", place.package)
    run("report", "make", "--period", "2026-03", *source, "--out", made)
    words = ("plan", "status", plan, "--report", made, "--today", "2026-04-02", "--json")
    unproved, proved = run(*words), run(*words, *source, "--vkey", place.vkey)
    assert (unproved[0], proved[0]) == (0, 0)
    assert {each["status"] for each in json.loads(unproved[1])["measures"]} == {"unverifiable"}
    assert [(each["id"], each["status"]) for each in json.loads(proved[1])["measures"]] == [
        ("hide-fast", "met"),
        ("decide-in-time", "unverifiable"),
        ("few-wrong-hides", "met"),
    ]
    assert "Half of all" in run("plan", "example")[1]
    assert "裏付け" in run(*words[:-1], "--language", "ja")[1]


def test_the_bench_prints_the_keys_that_were_promised(tmp_path: Path) -> None:
    numbers = measure_log(tmp_path, entries=700, batch=100)
    assert {"appends_per_s", "proof_ms", "proof_hashes"} <= set(numbers)
    assert (numbers["entries"], numbers["proof_hashes"]) == (700, 10)
