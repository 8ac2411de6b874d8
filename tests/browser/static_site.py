"""A loopback server for the project's static files that writes down every request it gets."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files

STATIC = files("consentry.web") / "static" / "consentry"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; worker-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'"
)
TYPES = {"js": "text/javascript", "css": "text/css", "html": "text/html; charset=utf-8"}


@dataclass
class Site:
    """Pages by path, files that replace static ones, and what was asked for: (method, path, headers, body)."""

    address: str = ""
    pages: dict[str, str] = field(default_factory=dict)
    replaced: dict[str, str] = field(default_factory=dict)
    requests: list[tuple[str, str, str, bytes]] = field(default_factory=list)

    def answer(self, path: str) -> tuple[int, str, bytes]:
        """Status, media type and body for ``path``."""
        if path in self.pages:
            return 200, TYPES["html"], self.pages[path].encode()
        name = path.removeprefix("/static/consentry/")
        if name in self.replaced:
            return 200, TYPES[name.rpartition(".")[2]], self.replaced[name].encode()
        entry = STATIC / name
        if path.startswith("/static/consentry/") and "/" not in name and entry.is_file():
            return 200, TYPES[name.rpartition(".")[2]], entry.read_bytes()
        return 404, TYPES["html"], b"not here"


def static_text(name: str) -> str:
    """A static file's text, to be altered and put into ``Site.replaced``."""
    return (STATIC / name).read_text(encoding="utf-8")


@contextmanager
def served() -> Iterator[Site]:
    """A site on a free loopback port, stopped at the end."""
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            site.requests.append((self.command, self.path, str(self.headers), body))
            status, media_type, content = site.answer(self.path.partition("?")[0])
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Content-Security-Policy", POLICY)
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(content)

        do_POST = do_GET

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
