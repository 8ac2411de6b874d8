"""``consentry demo``: web, guard and worker on loopback with demo keys and one connected platform, until Ctrl-C."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from consentry.basics.errors import ConsentryError

PLATFORM_KEY = "demo-platform-key"


def demo(*, data: Path = Path("var/demo"), web_port: int = 8000, guard_port: int = 8010) -> int:
    """Start everything that exists so far on ports that are free, and print how to try it. Nothing in it is secret."""
    web_port, guard_port = _free(web_port), _free(guard_port)
    web, guard = f"http://127.0.0.1:{web_port}", f"http://127.0.0.1:{guard_port}"
    os.environ |= {
        "CONSENTRY_DEMO": "1",
        "CONSENTRY_PRIVATE_TARGETS": "1",
        "CONSENTRY_DATA_DIR": str(data.resolve()),
        "CONSENTRY_PUBLIC_URL": web,
        "CONSENTRY_GUARD_URL": guard,
        "DJANGO_SETTINGS_MODULE": "consentry.wiring.settings",
    }
    data.mkdir(parents=True, exist_ok=True)
    ports = ["--web-port", str(web_port), "--guard-port", str(guard_port)]
    command = [sys.executable, "-m", "consentry.cli"]
    sys.stdout.write("Starting the web process, the guard and the worker ...\n")
    children = [subprocess.Popen([*command, "serve", *ports])]  # noqa: S603 - our own command
    try:
        _wait_for(f"{web}/healthz", children)
        children.append(subprocess.Popen([*command, "worker"]))  # noqa: S603 - our own command
        key = _seed(web)
        _wait_for(f"{guard}/readyz", children)
        sys.stdout.write(_how_to_try(web, guard, key))
        sys.stdout.flush()
        children[0].wait()
    except KeyboardInterrupt:
        pass
    finally:
        for child in reversed(children):
            child.terminate()
        for child in children:
            child.wait(timeout=30)
    return 0


def _seed(web: str) -> str:
    """Connect one platform and make a fresh key for it; the key."""
    import django

    django.setup()
    from consentry.access import Actor, Role
    from consentry.actions.set_up import create_machine_key, register_platform
    from consentry.records.machine_key import MachineScope
    from consentry.records.platform import Platform
    from consentry.wiring.server import server

    admin = Actor(Role.ADMINISTRATOR, "demo")
    parts = server()
    platform = Platform.objects.filter(slug="demo").first() or parts.act(
        register_platform,
        by=admin,
        name="Demo platform",
        slug="demo",
        base_url="http://127.0.0.1:9/demo",
        connector_token=PLATFORM_KEY,
        webhook_url="http://127.0.0.1:9/demo/webhook",
        webhook_secret="whsec_ZGVtbyBrZXksIGtub3duIHRvIGV2ZXJ5Ym9keSE=",  # noqa: S106 - a demo secret, known to all
    )
    made = parts.act(create_machine_key, by=admin, platform=platform, label="demo", scopes=list(MachineScope))
    parts.close()
    return made.secret


def _how_to_try(web: str, guard: str, key: str) -> str:
    return f"""
DEMO: every key here is known to everybody. Do not enter anything real.

  portal   {web}/report      (Japanese: choose it at the top)
  log      {web}/log/checkpoint
  guard    {guard}/v1        for any OpenAI image client, with this key:
           {key}

Try:  curl {guard}/v1/images/generations -H 'Authorization: Bearer {key}' \\
        -H 'Content-Type: application/json' -d '{{"prompt": "a lighthouse at sunset"}}' -o answer.json

Ctrl-C ends everything.
"""


def _free(port: int) -> int:
    """``port``, or one that the system chooses when it is taken."""
    for wanted in (port, 0):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", wanted))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise ConsentryError("No port is free on 127.0.0.1.", not_done="Nothing was started.")


def _wait_for(url: str, children: list["subprocess.Popen[bytes]"], seconds: float = 60.0) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if any(child.poll() is not None for child in children):
            break
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - our own loopback address
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    raise ConsentryError(
        f"{url} did not answer in time.",
        not_done="The demo is not running.",
        next_step="Look at the lines above for the process that ended.",
    )
