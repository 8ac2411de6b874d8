"""An ASGI application really served on loopback, by the server that production uses, until the block ends."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from granian.constants import Interfaces
from granian.server.embed import Server


def free_port() -> int:
    """A port of loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def served(app: Any, *, ready_path: str = "/healthz") -> Iterator[str]:
    """The base address while ``app`` is served on another thread."""
    port = free_port()
    server = Server(
        app, address="127.0.0.1", port=port, interface=Interfaces.ASGI, log_enabled=False, backpressure=1024
    )
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_until_complete, args=(server.serve(),), daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(f"{address}{ready_path}")
        yield address
    finally:
        loop.call_soon_threadsafe(server.stop)
        thread.join(timeout=10)


def _wait(url: str) -> None:
    for _ in range(200):
        try:
            httpx.get(url, trust_env=False)
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("the application did not begin to answer")
