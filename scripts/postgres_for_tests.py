"""A PostgreSQL server for tests: fresh, on a free loopback port, in a throw-away folder, gone when its user ends.

Usage: ``python scripts/postgres_for_tests.py COMMAND...`` runs COMMAND with ``CONSENTRY_TEST_DATABASE`` set.

Started by root it runs as the user ``postgres`` (PostgreSQL refuses root). On Linux the kernel ends the server even
when this process is killed. Not for data that anybody wants to keep: whoever reaches the port on this machine is in.
"""

import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

VARIABLE = "CONSENTRY_TEST_DATABASE"
HOW_TO_GET_IT = "PostgreSQL is not on this machine: apt-get install postgresql"
START_SECONDS = 60
_PR_SET_PDEATHSIG = 1


def programs() -> Path | None:
    """The folder with ``initdb`` and ``postgres`` (the newest of Debian's, or the one on the path), or None."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    if debian:
        return debian[-1].parent
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found and shutil.which("postgres") else None


@contextmanager
def server() -> Iterator[str]:
    """Start one and yield its address ``postgresql://...``; stop it and delete its files afterwards."""
    folder = programs()
    if folder is None:
        raise SystemExit(HOW_TO_GET_IT)
    account: dict[str, Any] = {}
    if os.geteuid() == 0:
        account = {"user": "postgres", "group": "postgres", "extra_groups": []}
    top = Path(tempfile.mkdtemp(prefix="consentry-postgres-"))
    try:
        if account:
            shutil.chown(top, "postgres", "postgres")
        _make_cluster(folder, top, account)
        port = _free_port()
        with (top / "server.log").open("w", encoding="utf-8") as log:
            process = subprocess.Popen(
                [str(folder / "postgres"), "-D", str(top / "data"), "-k", str(top), "-p", str(port), "-h", "127.0.0.1"],
                cwd=top,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                preexec_fn=_end_with_parent(),
                **account,
            )
        try:
            _wait_until_ready(folder, port, process, top / "server.log")
            yield f"postgresql://consentry@127.0.0.1:{port}/postgres"
        finally:
            process.send_signal(signal.SIGINT)  # fast shutdown: sessions are ended, data are written
            process.wait(timeout=START_SECONDS)
    finally:
        shutil.rmtree(top, ignore_errors=True)


def _make_cluster(folder: Path, top: Path, account: dict[str, Any]) -> None:
    subprocess.run(
        [
            *(str(folder / "initdb"), "-D", str(top / "data"), "-U", "consentry", "--auth=trust"),
            *("--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"),
        ],
        cwd=top,
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        **account,
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _end_with_parent() -> Callable[[], None] | None:
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)
    return lambda: libc.prctl(_PR_SET_PDEATHSIG, signal.SIGINT)


def _wait_until_ready(folder: Path, port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    question = [str(folder / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port), "-U", "consentry"]
    end = time.monotonic() + START_SECONDS
    while subprocess.run(question, stdin=subprocess.DEVNULL).returncode != 0:
        if process.poll() is not None or time.monotonic() > end:
            raise SystemExit(f"PostgreSQL did not start:\n{log.read_text(encoding='utf-8')}")
        time.sleep(0.1)


def main() -> int:
    """Run the command of the command line beside a server; returns the command's exit status."""
    if len(sys.argv) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    with server() as address:
        return subprocess.run(sys.argv[1:], env={**os.environ, VARIABLE: address}).returncode


if __name__ == "__main__":
    sys.exit(main())
