"""``consentry serve``: the web process and the guard process, each on its own port, until this one is stopped."""

import os
import signal
import subprocess
import sys
from typing import Literal


def serve(
    only: Literal["web", "guard"] | None = None,
    *,
    host: str = "127.0.0.1",
    web_port: int = 8000,
    guard_port: int = 8010,
    web_workers: int = 1,
) -> int:
    """Serve the portal and the API, the guard, or both.

    Migrates the database first. Ends both when one of them ends; its exit status is that process's.
    """
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "consentry.wiring.settings", "OMP_NUM_THREADS": "1"}
    migrate = [sys.executable, "-m", "django", "migrate", "--verbosity", "0"]
    subprocess.run(migrate, env=environment, check=True)  # noqa: S603 - a fixed command of our own
    granian = [sys.executable, "-m", "granian", "--host", host, "--no-ws"]
    web = [*granian, "--interface", "wsgi", "--port", str(web_port), "--workers", str(web_workers)]
    guard = [*granian, "--interface", "asgi", "--factory", "--port", str(guard_port)]
    commands = []
    if only in (None, "web"):
        commands.append([*web, "--blocking-threads", "16", "consentry.web.wsgi:application"])
    if only in (None, "guard"):
        commands.append([*guard, "consentry.proxy.process:app"])
    return _run_until_one_ends(commands, environment)


def _run_until_one_ends(commands: list[list[str]], environment: dict[str, str]) -> int:
    children = [subprocess.Popen(command, env=environment) for command in commands]  # noqa: S603 - our own commands
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: _stop(children))
    try:
        while all(child.poll() is None for child in children):
            try:
                children[0].wait(timeout=0.5)
            except subprocess.TimeoutExpired:
                continue
        return max(abs(child.poll() or 0) for child in children)
    finally:
        _stop(children)
        for child in children:
            child.wait(timeout=30)


def _stop(children: list["subprocess.Popen[bytes]"]) -> None:
    for child in children:
        if child.poll() is None:
            child.terminate()
