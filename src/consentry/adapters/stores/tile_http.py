"""A published log read over HTTP (fulfils ``consentry.audit.storage.TileReader``): for auditors and receipt holders.

Invariants: bounded size and time a file; no redirects, so that the address asked is the address read.
"""

from types import TracebackType
from typing import Self

import httpx

from consentry.audit.errors import StorageError

_MAX_FILE = 256 * (2 + 65535)


class TileAddress:
    """The log under ``base`` (http or https). Use it as a context manager."""

    def __init__(self, base: str, *, timeout: float = 20.0) -> None:
        if not base.startswith(("https://", "http://")):
            raise StorageError(f"{base[:80]!r} is not an http address.")
        self._base = base.rstrip("/")
        self._client = httpx.Client(timeout=timeout, follow_redirects=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._client.close()

    def read(self, path: str) -> bytes | None:
        """The whole file, or None when the server says 404 or 410."""
        data = bytearray()
        try:
            with self._client.stream("GET", f"{self._base}/{path}") as reply:
                if reply.status_code in (404, 410):
                    return None
                if reply.status_code != 200:
                    raise StorageError(
                        f"{path}: the server answered {reply.status_code}.", next_step="Try again later."
                    )
                for part in reply.iter_bytes():
                    data += part
                    if len(data) > _MAX_FILE:
                        raise StorageError(f"{path} is larger than any file of a log.")
        except httpx.HTTPError as error:
            raise StorageError(
                f"{path} could not be fetched: {type(error).__name__}.", next_step="Check the address and try again."
            ) from error
        return bytes(data)
