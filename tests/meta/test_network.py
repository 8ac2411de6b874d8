"""Tests cannot reach anything outside this machine: shown by trying."""

import asyncio
import socket

import httpx
import pytest

from tests import network

ELSEWHERE = "192.0.2.1"  # RFC 5737: documentation only, so that nothing is reached even if the guard should fail


def took_note() -> bool:
    """Whether the attempt was noted, which alone would fail a test whose code swallowed the error; forgets it."""
    noted = bool(network.ATTEMPTS)
    network.ATTEMPTS.clear()
    return noted


@pytest.mark.parametrize("address", [(ELSEWHERE, 80), ("10.0.0.1", 443), ("169.254.169.254", 80)])
def test_connecting_elsewhere_is_refused(address: tuple[str, int]) -> None:
    with socket.socket() as client, pytest.raises(network.NetworkReached):
        client.connect(address)
    assert took_note()


def test_a_datagram_elsewhere_is_refused() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client, pytest.raises(network.NetworkReached):
        client.sendto(b"x", (ELSEWHERE, 53))
    assert took_note()


def test_a_name_is_not_looked_up() -> None:
    with pytest.raises(network.NetworkReached):
        socket.getaddrinfo("consentry.example", 443)
    assert took_note()


def test_a_client_library_is_stopped_too() -> None:
    with pytest.raises(network.NetworkReached):
        httpx.get(f"http://{ELSEWHERE}/")
    assert took_note()


def test_asyncio_is_stopped_too() -> None:
    async def connect() -> None:
        await asyncio.open_connection(ELSEWHERE, 80)

    with pytest.raises(network.NetworkReached):
        asyncio.run(connect())
    assert took_note()


def test_loopback_works() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        accepted, _ = server.accept()
        with accepted:
            client.sendall(b"hello")
            assert accepted.recv(5) == b"hello"


def test_a_name_that_exists_nowhere_fails_as_it_would_outside() -> None:
    with pytest.raises(socket.gaierror):
        socket.getaddrinfo("platform.invalid", 443)
    assert not took_note()
