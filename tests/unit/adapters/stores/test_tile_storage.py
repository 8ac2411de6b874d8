"""One contract for every place that keeps tiles, and what is the folder's own: fsync, paths, locks, dead writers."""

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from consentry.adapters.stores.tile_files import TileFolder
from consentry.audit.errors import ConflictError, StorageError
from consentry.audit.storage import TileStorage
from tests.fakes.tile_memory import TileMemory


@pytest.fixture(params=["folder", "memory"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> TileStorage:
    return TileFolder(tmp_path / "log") if request.param == "folder" else TileMemory()


def test_what_was_created_is_read_and_nothing_else(storage: TileStorage) -> None:
    with storage.exclusive():
        storage.create([("tile/0/000.p/1", b"one"), ("tile/0/x001/000", b"two"), ("checkpoint", b"")])
    assert storage.read("tile/0/000.p/1") == b"one"
    assert storage.read("tile/0/x001/000") == b"two"
    assert storage.read("checkpoint") == b""
    assert storage.read("tile/0/001") is None
    assert storage.read("checkpoint/below") is None


def test_the_same_bytes_again_are_fine_and_others_are_refused(storage: TileStorage) -> None:
    storage.create([("a", b"1")])
    storage.create([("a", b"1"), ("b", b"2")])
    with pytest.raises(ConflictError):
        storage.create([("c", b"3"), ("a", b"other")])
    assert (storage.read("a"), storage.read("b")) == (b"1", b"2")


def test_replace_writes_and_rewrites(storage: TileStorage) -> None:
    storage.replace("checkpoint", b"1")
    storage.replace("checkpoint", b"22")
    assert storage.read("checkpoint") == b"22"


@pytest.mark.parametrize(
    "path", ["", "/etc/passwd", "../x", "a/../b", "a//b", "./a", ".lock", "a/.new", "a\0b", "A", "a\n"]
)
def test_a_path_that_leaves_the_log_is_refused(storage: TileStorage, path: str) -> None:
    for use in (storage.read, lambda p: storage.create([(p, b"")]), lambda p: storage.replace(p, b"")):
        with pytest.raises(StorageError):
            use(path)


def test_one_writer_at_a_time(storage: TileStorage, tmp_path: Path) -> None:
    same = storage if isinstance(storage, TileMemory) else TileFolder(tmp_path / "log")
    order: list[str] = []
    inside = threading.Event()

    def second() -> None:
        inside.wait()
        with same.exclusive():
            order.append("second")

    thread = threading.Thread(target=second)
    thread.start()
    with storage.exclusive():
        inside.set()
        thread.join(timeout=0.2)
        order.append("first")
    thread.join()
    assert order == ["first", "second"]


def run_code(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a few lines in a new interpreter with this one's import path."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.run(
        [*arguments, sys.executable, "-c", code],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_dead_writer_holds_no_lock_and_its_half_files_go(tmp_path: Path) -> None:
    code = f"""
import os
from pathlib import Path
from consentry.adapters.stores.tile_files import TileFolder
folder = TileFolder(Path({str(tmp_path)!r}))
with folder.exclusive():
    folder._write_new(b"half")
    os.kill(os.getpid(), 9)
"""
    assert run_code(code).returncode == -9
    assert len(list((tmp_path / ".new").iterdir())) == 1
    with TileFolder(tmp_path).exclusive():
        assert list((tmp_path / ".new").iterdir()) == []


def test_a_folder_that_cannot_be_written_is_said_plainly(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_bytes(b"")
    with pytest.raises(StorageError, match="cannot be written"):
        TileFolder(blocked).create([("a", b"1")])


@pytest.fixture
def trace(tmp_path: Path) -> Callable[[str], list[str]]:
    """Runs lines on ``folder`` under strace and gives the system calls on files, in order."""
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("strace is not installed (Debian package: strace)")

    def run(body: str) -> list[str]:
        code = f"""
from pathlib import Path
from consentry.adapters.stores.tile_files import TileFolder
folder = TileFolder(Path({str(tmp_path / "log")!r}))
print("begin", flush=True)
{body}
print("done", flush=True)
"""
        out = tmp_path / "trace"
        done = run_code(code, strace, "-f", "-y", "-e", "trace=fsync,link,linkat,rename,renameat,write", "-o", str(out))
        if "ptrace" in done.stderr:
            pytest.skip("strace may not trace here (ptrace is not permitted)")
        assert done.returncode == 0, done.stderr
        lines = out.read_text(encoding="utf-8").splitlines()
        begin = next(k for k, line in enumerate(lines) if '"begin' in line)
        return lines[begin + 1 : next(k for k, line in enumerate(lines) if '"done' in line)]

    return run


def _places(lines: list[str], call: str, part: str) -> list[int]:
    return [k for k, line in enumerate(lines) if f" {call}" in line and part in line]


def test_a_created_file_and_its_folder_are_synced_before_the_call_returns(
    trace: Callable[[str], list[str]], tmp_path: Path
) -> None:
    lines = trace("folder.create([('tile/0/000', b'data')])")
    file_synced = _places(lines, "fsync(", "/.new/")
    linked = _places(lines, "link", "tile/0/000")
    folder_synced = {name: _places(lines, "fsync(", f"{tmp_path / 'log'}{name}>") for name in ("", "/tile", "/tile/0")}
    assert file_synced
    assert linked
    assert file_synced[0] < linked[0]
    assert all(places and places[-1] > linked[0] for places in folder_synced.values())


def test_a_replaced_file_and_its_folder_are_synced(trace: Callable[[str], list[str]], tmp_path: Path) -> None:
    lines = trace("folder.replace('checkpoint', b'data')")
    moved = _places(lines, "rename", "checkpoint")
    assert _places(lines, "fsync(", "/.new/")[0] < moved[0] < _places(lines, "fsync(", f"{tmp_path / 'log'}>")[-1]


def test_the_same_bytes_again_are_synced_too(trace: Callable[[str], list[str]], tmp_path: Path) -> None:
    TileFolder(tmp_path / "log").create([("tile/0/000", b"data")])
    lines = trace("folder.create([('tile/0/000', b'data')])")
    assert _places(lines, "fsync(", "tile/0/000>")
