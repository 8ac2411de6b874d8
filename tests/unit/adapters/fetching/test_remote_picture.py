"""Addresses that callers and upstreams name: refused before a socket is opened, or fetched exactly once."""

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consentry.adapters.fetching.addresses import is_public
from consentry.adapters.fetching.errors import FetchRefused
from consentry.adapters.fetching.remote_picture import RemotePictures
from tests.fakes.image_upstream import picture

PNG = picture()
Answer = Callable[[httpx.Request], httpx.Response]


def served_picture(_: httpx.Request) -> httpx.Response:
    """The picture."""
    return httpx.Response(200, stream=httpx.ByteStream(PNG), headers={"Content-Type": "image/png"})


class Names:
    """A resolver with fixed answers, which may change from one look-up to the next."""

    def __init__(self, **answers: list[str]) -> None:
        self.answers = answers
        self.asked: list[str] = []

    async def __call__(self, host: str, port: int) -> list[str]:
        """The addresses of ``host``."""
        self.asked.append(host)
        if host.replace(".", "").isdigit() or ":" in host:
            return [host]
        answers = self.answers.get(host.partition(".")[0])
        if answers is None:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return [answers.pop(0)] if len(answers) > 1 else answers


def fetch(url: str, names: Names, answer: Answer, *, limit: int = 10_000, **more: Any) -> tuple[bytes, list[str]]:
    """The bytes, and the network addresses that were spoken to."""
    spoken: list[str] = []

    def handle(request: httpx.Request) -> httpx.Response:
        spoken.append(str(request.url.host))
        return answer(request)

    async def run() -> bytes:
        own = more.pop("own_origins", ())
        fetcher = RemotePictures(resolve=names, transport=httpx.MockTransport(handle), own_origins=own)
        try:
            return await fetcher.fetch(url, seconds=5, limit=limit, take=lambda _: None, **more)
        finally:
            await fetcher.close()

    try:
        return asyncio.run(run()), spoken
    except FetchRefused as refused:
        refused.spoken = spoken  # type: ignore[attr-defined]
        raise


def test_a_public_picture_is_fetched_once_from_the_address_that_was_checked() -> None:
    requests: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return served_picture(request)

    names = Names(pictures=["93.184.216.34"])
    data, spoken = fetch("https://pictures.example/a.png?size=1#top", names, answer)
    assert (data, spoken, names.asked) == (PNG, ["93.184.216.34"], ["pictures.example"])
    (request,) = requests
    assert request.headers["host"] == "pictures.example"
    assert request.extensions["sni_hostname"] == "pictures.example"
    assert request.url.raw_path == b"/a.png?size=1"
    assert not {"authorization", "cookie"} & set(request.headers)


PRIVATE = [
    "127.0.0.1",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "192.0.2.1",
    "198.18.0.1",
    "::1",
    "::",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fec0::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::a00:1",
    "2002:7f00:1::",
    "2001:0:7f00:1::",
    "2001:db8::1",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_no_socket_is_opened_to_an_address_that_is_not_public(address: str) -> None:
    assert not is_public(address)
    with pytest.raises(FetchRefused, match="not a public one") as caught:
        fetch("https://pictures.example/a.png", Names(pictures=[address]), served_picture)
    assert caught.value.spoken == []  # type: ignore[attr-defined]


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:93.184.216.34"])
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses(v=4))
def test_wrapping_an_address_changes_nothing(address: Any) -> None:
    assert is_public(f"::ffff:{address}") == is_public(str(address))


def test_one_private_address_among_several_is_enough() -> None:
    async def both(host: str, port: int) -> list[str]:
        return ["93.184.216.34", "10.0.0.1"]

    with pytest.raises(FetchRefused):
        fetch("https://pictures.example/a.png", both, served_picture)  # type: ignore[arg-type]


def test_a_name_that_changes_its_answer_gains_nothing() -> None:
    names = Names(pictures=["93.184.216.34", "127.0.0.1"])
    data, spoken = fetch("https://pictures.example/a.png", names, served_picture)
    assert (data, spoken) == (PNG, ["93.184.216.34"])


@pytest.mark.parametrize(
    "url",
    [
        "ftp://pictures.example/a.png",
        "file:///etc/passwd",
        "//pictures.example/a.png",
        "pictures.example/a.png",
        "https://",
        "https://user:secret@pictures.example/a.png",
        "https://pictures.example:22/a.png",
        "https://pictures.example:8443/a.png",
        "https://pictures.example:0/a.png",
        "https://pictures.example:99999/a.png",
        "https://pictures.example\\@127.0.0.1/a.png",
        "https://pictures.example/a b.png",
        "https://pictures.example/a\r\nHost: x",
        "https://[::1/a.png",
        "gopher://127.0.0.1:6379/_x",
        "HTTPS://pictures.example/" + "a" * 9000,
    ],
)
def test_what_is_no_plain_address_is_refused_unasked(url: str) -> None:
    names = Names(pictures=["93.184.216.34"])
    with pytest.raises(FetchRefused) as caught:
        fetch(url, names, served_picture)
    assert caught.value.spoken == []  # type: ignore[attr-defined]
    assert names.asked == []


def test_an_unknown_host_is_said_to_be_unknown() -> None:
    with pytest.raises(FetchRefused, match="not known"):
        fetch("https://nowhere.example/a.png", Names(), served_picture)


def redirects(to: str) -> Answer:
    """Answers a redirect at first, then the picture."""

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/a.png":
            return httpx.Response(302, headers={"Location": to})
        return served_picture(request)

    return answer


def test_a_redirect_to_a_public_address_is_followed() -> None:
    names = Names(pictures=["93.184.216.34"], other=["93.184.216.35"])
    data, spoken = fetch("https://pictures.example/a.png", names, redirects("https://other.example/b.png"))
    assert (data, spoken) == (PNG, ["93.184.216.34", "93.184.216.35"])
    assert fetch("https://pictures.example/a.png", names, redirects("/b.png"))[0] == PNG


@pytest.mark.parametrize(
    "to", ["http://127.0.0.1/b.png", "http://inside.example/", "file:///etc/passwd", "http://[::ffff:10.0.0.1]/"]
)
def test_a_redirect_is_checked_like_the_first_address(to: str) -> None:
    names = Names(pictures=["93.184.216.34"], inside=["10.1.1.1"])
    with pytest.raises(FetchRefused) as caught:
        fetch("https://pictures.example/a.png", names, redirects(to))
    assert caught.value.spoken == ["93.184.216.34"]  # type: ignore[attr-defined]


def test_a_circle_of_redirects_ends() -> None:
    with pytest.raises(FetchRefused, match="too many redirects") as caught:
        fetch("https://pictures.example/a.png", Names(pictures=["93.184.216.34"]), redirects("/a.png"))
    assert len(caught.value.spoken) == 4  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("response", "why"),
    [
        (httpx.Response(404), "not the picture"),
        (httpx.Response(200, content=b"<html>", headers={"Content-Type": "text/html"}), "not the picture"),
        (httpx.Response(200, content=PNG), "not the picture"),
        (httpx.Response(200, content=bytes(20_000), headers={"Content-Type": "image/png"}), "too large"),
        (
            httpx.Response(
                200, stream=httpx.ByteStream(PNG), headers={"Content-Type": "image/png", "Content-Encoding": "gzip"}
            ),
            "not the picture",
        ),
        (
            httpx.Response(200, stream=httpx.ByteStream(bytes(20_000)), headers={"Content-Type": "image/png"}),
            "too large",
        ),
    ],
    ids=["missing", "page", "no type", "declared large", "encoded", "large"],
)
def test_an_answer_that_is_not_the_picture_is_refused(response: httpx.Response, why: str) -> None:
    with pytest.raises(FetchRefused, match=why):
        fetch("https://pictures.example/a.png", Names(pictures=["93.184.216.34"]), lambda _: response)


def test_our_own_store_may_be_private() -> None:
    names = Names(store=["10.0.0.5"])
    origin = "http://store.example:9000"
    assert fetch(f"{origin}/a.png", names, served_picture, own_origins=[origin])[0] == PNG
    assert fetch(f"{origin}/a.png", names, served_picture, origin=origin)[0] == PNG
    for other in ("http://store.example:9001/a.png", "https://store.example:9000/a.png", "http://other.example:9000/"):
        with pytest.raises(FetchRefused):
            fetch(other, names, served_picture, own_origins=[origin])


@contextmanager
def dripping() -> Iterator[int]:
    """A server on loopback that sends headers and then nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        held: list[socket.socket] = []

        def accept() -> None:
            connection, _ = listener.accept()
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: 99\r\n\r\nx")
            held.append(connection)

        threading.Thread(target=accept, daemon=True).start()
        yield listener.getsockname()[1]
        for one in held:
            one.close()


def test_a_slow_drip_ends_at_the_deadline() -> None:
    async def run(port: int) -> None:
        origin = f"http://127.0.0.1:{port}"
        fetcher = RemotePictures(own_origins=[origin])
        try:
            await fetcher.fetch(f"{origin}/a.png", seconds=0.2, limit=1000, take=lambda _: None)
        finally:
            await fetcher.close()

    with dripping() as port, pytest.raises(FetchRefused, match="in time"):
        asyncio.run(run(port))


def test_every_byte_is_counted_before_it_is_kept() -> None:
    def full(_: int) -> None:
        raise MemoryError("no room")

    async def run() -> None:
        fetcher = RemotePictures(
            resolve=Names(pictures=["93.184.216.34"]), transport=httpx.MockTransport(served_picture)
        )
        await fetcher.fetch("https://pictures.example/a.png", seconds=5, limit=10_000, take=full)

    with pytest.raises(MemoryError):
        asyncio.run(run())
