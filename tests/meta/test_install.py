"""The installer: nothing is done again without need, nothing half-done is used, two at once take turns."""

import fcntl
import json
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import install


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a space and Japanese in its name that looks like a checkout, with an installed environment."""
    root = tmp_path / "同意 sentry"
    (root / "requirements").mkdir(parents=True)
    for profile in install.CONTAINS:
        (root / "requirements" / f"{profile}.lock").write_text("x==1\n")
    (root / "pyproject.toml").write_text("")
    binaries = root / ".venv" / "bin"
    binaries.mkdir(parents=True)
    (binaries / "python").symlink_to(sys.executable)
    monkeypatch.setattr(install, "ROOT", str(root))
    monkeypatch.setattr(install, "VENV", str(root / ".venv"))
    monkeypatch.setattr(install, "STAMP", str(root / ".venv" / "stamp.json"))
    monkeypatch.setattr(install, "UNFINISHED", str(root / ".venv" / "unfinished"))
    monkeypatch.setattr(install, "WAITING", str(root / "build" / "install.lock"))
    (root / ".venv" / "unfinished").touch()
    install.finish("demo")
    return root


def test_a_finished_installation_serves_its_own_and_narrower_profiles(checkout: Path) -> None:
    assert [profile for profile in install.CONTAINS if install.is_installed(profile)] == ["core", "server", "demo"]
    assert not (checkout / ".venv" / "unfinished").exists()


@pytest.mark.parametrize("changed", ["requirements/demo.lock", "pyproject.toml"])
def test_a_changed_lock_or_project_is_installed_anew(checkout: Path, changed: str) -> None:
    (checkout / changed).write_text("y==2\n")
    assert not install.is_installed("demo")


def test_an_environment_whose_python_is_gone_is_not_installed(checkout: Path) -> None:
    (checkout / ".venv" / "bin" / "python").unlink()
    assert not install.is_installed("demo")


def test_a_torn_stamp_is_no_stamp(checkout: Path) -> None:
    stamp = checkout / ".venv" / "stamp.json"
    stamp.write_text(stamp.read_text()[:-5])
    with pytest.raises(ValueError, match=r"Expecting|Unterminated"):
        json.loads(stamp.read_text())
    assert not install.is_installed("demo")


def test_the_second_installer_says_that_it_waits(checkout: Path) -> None:
    (checkout / "build").mkdir()
    code = (
        "import sys; from scripts import install\n"
        "with open(sys.argv[1], 'w') as lock:\n    install.wait_for_turn(lock)\n    print('my turn', flush=True)"
    )
    with (checkout / "build" / "install.lock").open("w") as mine:
        fcntl.flock(mine, fcntl.LOCK_EX)
        command = [sys.executable, "-c", code, mine.name]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as second:
            assert second.stdout is not None
            assert "waiting" in second.stdout.readline()
            assert second.poll() is None
            fcntl.flock(mine, fcntl.LOCK_UN)
            assert second.stdout.readline() == "my turn\n"


def test_too_little_room_is_said_before_anything_is_done(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(install.MEGABYTES, "dev", 10**12)
    assert install.install("dev") == 1
    assert "Nothing was installed" in capsys.readouterr().err
    assert install.is_installed("demo")


def test_an_unknown_profile_is_refused(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["install.py", "everything"])
    assert install.main() == 1
