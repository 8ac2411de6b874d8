"""The example for users of the OpenAI client does what its page says, against a running guard."""

import subprocess
import sys
from pathlib import Path

from consentry.adapters.credentials.c2pa_reader import C2paReader
from consentry.provenance.states import State
from tests.fakes.guard_app import GuardApp
from tests.fakes.image_upstream import picture
from tests.fakes.ledger import KEY
from tests.fakes.loopback import served

EXAMPLE = Path(__file__).parents[2] / "examples/openai_client/edit.py"


def run(address: str, folder: Path, wish: str, *more: str) -> subprocess.CompletedProcess[str]:
    """One run of the example."""
    source = folder / "photo.png"
    source.write_bytes(picture())
    command = [sys.executable, str(EXAMPLE), str(source), wish, str(folder / "out.png"), "--url", f"{address}/v1"]
    return subprocess.run([*command, "--key", KEY, *more], capture_output=True, text=True, timeout=120, check=False)


def test_an_edit_is_written_with_its_credential(tmp_path: Path) -> None:
    with served(GuardApp().build()) as address:
        done = run(address, tmp_path, "空を夕焼けにして", "--subject", "acct_1")
    assert done.returncode == 0, done.stderr
    assert C2paReader().read((tmp_path / "out.png").read_bytes()).verdict.state is State.WELL_FORMED_UNTRUSTED


def test_a_refusal_is_told_in_the_person_s_language(tmp_path: Path) -> None:
    with served(GuardApp().build()) as address:
        done = run(address, tmp_path, "this bikini", "--language", "ja")
    assert done.returncode == 1
    assert "consent_required" in done.stderr
    assert "https://portal.example/consent/needed" in done.stderr
    assert any("\u3040" <= letter <= "\u30ff" for letter in done.stderr)
    assert not (tmp_path / "out.png").exists()
