"""Keys as files of one folder: made once, readable by their owner alone, and marked when they are for the demo.

Invariants: a key file is created with mode 0600 in a folder of mode 0700, written whole and synced before its name
appears, and never overwritten; a file that others may read is refused; a demo key says DEMO in its file's first line,
and a demo certificate in its subject. Nothing here ever prints a key. docs/spec/keys.md says which key does what.
"""

import os
import secrets
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

from consentry.adapters.keystores.certificates import SigningIdentity, demo_chain
from consentry.adapters.keystores.errors import KeyStoreError
from consentry.basics.clock import Clock

DEMO_MARK = b"# DEMO KEY: everybody may know it. Never use it for anything real.\n"
LOG_KEY = "log-ed25519"
SIGNING_KEY = "c2pa-es256"
SECRET_BYTES = 32


class FileKeys:
    """The keys of one installation in ``folder``. ``demo``: keys that do not exist yet are made, and marked as demo.

    Without ``demo`` a log key or a secret that does not exist is made too, but never a certificate: that comes from
    the operator (``SIGNING_KEY.pem`` and ``SIGNING_KEY.chain.pem``).
    """

    def __init__(self, folder: Path, *, demo: bool, clock: Clock) -> None:
        self._folder = folder
        self._demo = demo
        self._clock = clock

    def log_key(self, name: str = LOG_KEY) -> ed25519.Ed25519PrivateKey:
        """The Ed25519 key that signs checkpoints and promises."""
        key = self._key(name, ed25519.Ed25519PrivateKey.generate)
        if not isinstance(key, ed25519.Ed25519PrivateKey):
            raise self._unusable(f"{name}.pem", "it is no Ed25519 key")
        return key

    def secret(self, name: str) -> bytes:
        """32 random bytes for HMAC and pseudonyms, the same at every call with this name."""
        text = self._read(f"{name}.secret", lambda: secrets.token_hex(SECRET_BYTES).encode() + b"\n")
        try:
            value = bytes.fromhex(_unmarked(text).decode("ascii").strip())
        except ValueError:
            value = b""
        if len(value) != SECRET_BYTES:
            raise self._unusable(f"{name}.secret", "it does not hold 64 hexadecimal digits")
        return value

    def signing_identity(self, name: str = SIGNING_KEY) -> SigningIdentity:
        """The ES256 key and certificate chain that sign content credentials."""
        chain_file = self._folder / f"{name}.chain.pem"
        if self._demo and not chain_file.exists():
            key = self._key(name, lambda: ec.generate_private_key(ec.SECP256R1()))
            if not isinstance(key, ec.EllipticCurvePrivateKey):
                raise self._unusable(f"{name}.pem", "it is no P-256 key")
            chain = demo_chain(key, self._clock.now() - timedelta(hours=1))
            self._create(chain_file.name, DEMO_MARK + chain)
        for file in (self._folder / f"{name}.pem", chain_file):
            if not file.exists():
                raise KeyStoreError(
                    f"There is no {file.name} among the keys.",
                    not_done="No credential can be signed, so no picture may be released.",
                    next_step="Put your C2PA signing key and its chain there (docs/spec/keys.md), or start the demo.",
                )
        key_pem = self._read(f"{name}.pem", None)
        chain_pem = self._read(chain_file.name, None)
        return SigningIdentity(_unmarked(chain_pem), _unmarked(key_pem), chain_pem.startswith(DEMO_MARK))

    def demo_keys(self) -> list[str]:
        """Names of key files that are marked as demo: production refuses to start while there is one."""
        if not self._folder.is_dir():
            return []
        return sorted(file.name for file in self._folder.iterdir() if file.is_file() and _is_demo(file))

    def _key(self, name: str, make: Callable[[], PrivateKeyTypes]) -> PrivateKeyTypes:
        pem = self._read(f"{name}.pem", lambda: _pem(make()))
        try:
            return serialization.load_pem_private_key(_unmarked(pem), password=None)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            raise self._unusable(f"{name}.pem", "it is no unencrypted private key in PEM") from None

    def _read(self, file_name: str, make: Callable[[], bytes] | None) -> bytes:
        """The content of a key file, which is made first when it does not exist and ``make`` says how."""
        file = self._folder / file_name
        if make is not None and not file.exists():
            self._create(file_name, (DEMO_MARK if self._demo else b"") + make())
        try:
            if file.stat().st_mode & 0o077:
                raise self._unusable(file_name, "others than its owner may read it; run chmod 600 on it")
            return file.read_bytes()
        except OSError as error:
            raise self._unusable(file_name, f"it cannot be read ({error.strerror})") from None

    def _create(self, file_name: str, content: bytes) -> None:
        """Write a new file whole, or leave the one that another process made first."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        passing = self._folder / f".{file_name}.{secrets.token_hex(8)}"
        handle = os.open(passing, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            try:
                os.link(passing, self._folder / file_name)  # fails when the name exists: never overwrites a key
            except FileExistsError:
                return
        finally:
            passing.unlink()
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    @staticmethod
    def _unusable(file_name: str, why: str) -> KeyStoreError:
        return KeyStoreError(
            f"The key file {file_name} cannot be used: {why}.",
            not_done="Nothing was signed.",
            next_step="Put the right file there; a lost log key means a new log (docs/spec/keys.md).",
        )


def _pem(key: PrivateKeyTypes) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _unmarked(content: bytes) -> bytes:
    return content.removeprefix(DEMO_MARK)


def _is_demo(file: Path) -> bool:
    with file.open("rb") as stream:
        return stream.read(len(DEMO_MARK)) == DEMO_MARK
