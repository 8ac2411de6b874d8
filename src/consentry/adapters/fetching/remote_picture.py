"""Fetches one remote picture once, under rules that hold for every hop (A21 of the known attacks).

Invariants: the host is resolved here, once a hop, every address must be public, and the connection goes to exactly
the address that was checked (a name that changes its answer gains nothing); redirects are taken one by one and
checked like the first address; no credentials, cookies, environment proxies or encodings; bytes and time are bounded.
Origins of the operator's own (the upstream's, a media store) may be private. Not done here: looking at the bytes.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Collection
from urllib.parse import SplitResult, urljoin, urlsplit

import httpx

from consentry.adapters.fetching import errors
from consentry.adapters.fetching.addresses import is_public
from consentry.adapters.fetching.errors import FetchRefused

Resolve = Callable[[str, int], Awaitable[list[str]]]
MAX_TURNS = 3
_PORTS = {"http": 80, "https": 443}


async def resolve_by_system(host: str, port: int) -> list[str]:
    """Every IP address of ``host``, by the system's resolver."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(one[4][0]) for one in found]


class RemotePictures:
    """Fetches pictures from public addresses, and from ``own_origins`` (``scheme://host[:port]``) wherever they lie."""

    def __init__(
        self,
        *,
        own_origins: Collection[str] = (),
        resolve: Resolve = resolve_by_system,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._own = frozenset(_origin(urlsplit(one)) for one in own_origins)
        self._resolve = resolve
        self._client = httpx.AsyncClient(
            headers={"Accept": "image/*", "Accept-Encoding": "identity", "User-Agent": "consentry-guard"},
            timeout=httpx.Timeout(10.0),
            limits=httpx.Limits(max_keepalive_connections=0),
            trust_env=False,
            follow_redirects=False,
            transport=transport,
        )

    async def fetch(
        self, url: str, *, seconds: float, limit: int, take: Callable[[int], None], origin: str | None = None
    ) -> bytes:
        """The bytes at ``url``; ``FetchRefused`` when any rule is broken. ``origin`` is one more own origin."""
        own = self._own | ({_origin(urlsplit(origin))} if origin else set())
        try:
            async with asyncio.timeout(seconds):
                for _ in range(MAX_TURNS + 1):
                    answer = await self._one_hop(url, own, limit, take)
                    if isinstance(answer, bytes):
                        return answer
                    url = answer
        except TimeoutError:
            raise FetchRefused(errors.NO_ANSWER) from None
        except (httpx.HTTPError, httpx.InvalidURL):
            raise FetchRefused(errors.NO_ANSWER) from None
        raise FetchRefused(errors.TOO_MANY_TURNS)

    async def close(self) -> None:
        """Close all connections."""
        await self._client.aclose()

    async def _one_hop(self, url: str, own: Collection[str], limit: int, take: Callable[[int], None]) -> bytes | str:
        """The bytes, or the next address of a redirect."""
        parts = _plain_parts(url)
        host, port = str(parts.hostname), parts.port or _PORTS[parts.scheme]
        if _origin(parts) not in own and port not in _PORTS.values():
            raise FetchRefused(errors.NOT_AN_ADDRESS)
        address = await self._checked_address(host, port, anywhere=_origin(parts) in own)
        request = self._client.build_request(
            "GET",
            httpx.URL(url).copy_with(host=address, fragment=None),
            headers={"Host": parts.netloc},
            extensions={"sni_hostname": host},
        )
        answer = await self._client.send(request, stream=True)
        try:
            if answer.is_redirect:
                return urljoin(url, answer.headers["location"])
            return await _read(answer, limit, take)
        finally:
            await answer.aclose()

    async def _checked_address(self, host: str, port: int, *, anywhere: bool) -> str:
        try:
            addresses = await self._resolve(host, port)
        except (OSError, UnicodeError):
            raise FetchRefused(errors.NO_SUCH_HOST) from None
        if not addresses:
            raise FetchRefused(errors.NO_SUCH_HOST)
        if not anywhere and not all(is_public(one) for one in addresses):
            raise FetchRefused(errors.NOT_PUBLIC)
        return addresses[0]


def _plain_parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise FetchRefused(errors.NOT_AN_ADDRESS) from None
    odd = any(letter <= " " or letter in "\\\x7f" for letter in url) or len(url) > 8192
    if odd or parts.scheme not in _PORTS or not parts.hostname or "@" in parts.netloc or port == 0:
        raise FetchRefused(errors.NOT_AN_ADDRESS)
    return parts


def _origin(parts: SplitResult) -> str:
    return f"{parts.scheme}://{parts.hostname}:{parts.port or _PORTS.get(parts.scheme, 0)}"


async def _read(answer: httpx.Response, limit: int, take: Callable[[int], None]) -> bytes:
    encoded = answer.headers.get("content-encoding", "identity").lower() != "identity"
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    fitting = kind.startswith("image/") or kind in ("application/octet-stream", "binary/octet-stream")
    if answer.status_code != 200 or encoded or not fitting:
        raise FetchRefused(errors.NOT_SERVED)
    if answer.headers.get("content-length", "0").isdigit() and int(answer.headers.get("content-length", "0")) > limit:
        raise FetchRefused(errors.TOO_LARGE)
    kept = bytearray()
    async for chunk in answer.aiter_raw():
        if len(kept) + len(chunk) > limit:
            raise FetchRefused(errors.TOO_LARGE)
        take(len(chunk))
        kept += chunk
    return bytes(kept)
