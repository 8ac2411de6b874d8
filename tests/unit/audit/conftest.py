"""A signer and a grown log in memory."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from consentry.audit.leaf import new_leaf
from consentry.audit.log import Log
from consentry.audit.note import Signer
from tests.fakes.tile_memory import TileMemory

ORIGIN = "log.example/test"


def entries(count: int, start: int = 0) -> list[bytes]:
    """Leaves with repeatable salts."""
    made = []
    for number in range(start, start + count):
        salts = {"public_salt": number.to_bytes(32), "private_salt": (2**200 + number).to_bytes(32)}
        made.append(new_leaf(b'{"n":%d}' % number, **salts).entry)
    return made


@pytest.fixture
def signer() -> Signer:
    return Signer(ORIGIN, Ed25519PrivateKey.from_private_bytes(b"k" * 32))


@pytest.fixture
def storage() -> TileMemory:
    return TileMemory()


@pytest.fixture
def log(storage: TileMemory, signer: Signer) -> Log:
    return Log.start(storage, signer)
