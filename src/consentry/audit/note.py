"""Signed notes and their keys (C2SP signed-note), Ed25519 only.

Invariants: a note is accepted only whole: canonical text, well-formed signature lines, every signature by a known key
valid and at least one of them there. Unknown keys are ignored, as the specification asks. Signatures are checked by
OpenSSL under RFC 8032. Not done here: cosignatures (type 0x04) and other algorithms; they count as unknown keys.
"""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from consentry.audit.errors import NoteError, UnsignedError

ED25519 = 0x01
MAX_NOTE = 1_000_000
MAX_SIGNATURES = 100
_DASH = "— "


def decode_base64(text: str) -> bytes:
    """The bytes of canonical base64 (RFC 4648 with padding); ``NoteError`` for any other spelling."""
    try:
        value = base64.b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error, ValueError) as error:
        raise NoteError("Base64 does not decode.") from error
    if encode_base64(value) != text:
        raise NoteError("Base64 is not canonical.")
    return value


def encode_base64(value: bytes) -> str:
    """Canonical base64 with padding."""
    return base64.b64encode(value).decode("ascii")


def key_id(name: str, key: bytes) -> bytes:
    """The 4-byte key ID of ``key`` (type byte and public key) under ``name``."""
    return sha256(name.encode() + b"\n" + key).digest()[:4]


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public Ed25519 key with its name."""

    name: str
    public: bytes

    def __post_init__(self) -> None:
        if not _is_name(self.name) or len(self.public) != 32:
            raise NoteError("A key's name is empty or holds a space or a plus, or the key is not 32 bytes.")

    @property
    def id(self) -> bytes:
        """The 4-byte key ID."""
        return key_id(self.name, bytes([ED25519]) + self.public)

    @property
    def vkey(self) -> str:
        """``<name>+<8 hex key ID>+<base64(type || public key)>``."""
        return f"{self.name}+{self.id.hex()}+{encode_base64(bytes([ED25519]) + self.public)}"

    def verify(self, message: bytes, signature: bytes) -> bool:
        """Whether the 64-byte signature is this key's over ``message``."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Signer:
    """A private Ed25519 key with its name."""

    name: str
    key: Ed25519PrivateKey

    @property
    def verifier(self) -> Verifier:
        """The public half."""
        return Verifier(self.name, self.key.public_key().public_bytes_raw())

    def sign(self, message: bytes) -> bytes:
        """The 64-byte signature over ``message``; the same each time (RFC 8032)."""
        return self.key.sign(message)


@dataclass(frozen=True, slots=True)
class OpenedNote:
    """A note whose signatures were checked: its text and the key names that verified, and that are unknown."""

    text: str
    verified: tuple[str, ...]
    unverified: tuple[str, ...]


def parse_vkey(text: str) -> Verifier:
    """Read a vkey; ``NoteError`` when name, ID, type or key do not fit each other."""
    name, _, rest = text.partition("+")
    id_hex, _, encoded = rest.partition("+")
    key = decode_base64(encoded)
    if key[:1] != bytes([ED25519]):
        raise NoteError("The key is not Ed25519.")
    verifier = Verifier(name, key[1:])
    if verifier.id.hex() != id_hex:
        raise NoteError("The key ID does not belong to this key.", next_step="Copy the whole key again.")
    return verifier


def sign_note(text: str, *signers: Signer) -> str:
    """The note: text, an empty line, one signature line for each signer."""
    _check_text(text)
    lines = [
        f"{_DASH}{signer.name} {encode_base64(signer.verifier.id + signer.sign(text.encode()))}\n" for signer in signers
    ]
    return text + "\n" + "".join(lines)


def open_note(note: bytes | str, verifiers: Sequence[Verifier]) -> OpenedNote:
    """Check a note against known keys; ``UnsignedError`` with none of theirs, ``NoteError`` when broken or forged."""
    text, lines = _split_note(_decode(note))
    verified: dict[tuple[str, bytes], str] = {}
    unverified: list[str] = []
    for line in lines:
        name, encoded = _signature_line(line)
        known = [verifier for verifier in verifiers if verifier.name == name and verifier.id == encoded[:4]]
        if len(known) > 1:
            raise NoteError("Two of the given keys have one name and ID.", next_step="Give each key once.")
        if not known:
            unverified.append(name)
        elif (name, encoded[:4]) not in verified:
            if not known[0].verify(text.encode(), encoded[4:]):
                raise NoteError("A known key's signature is not over this text.")
            verified[name, encoded[:4]] = name
    if not verified:
        raise UnsignedError("The note has no signature of a known key.", next_step="Check which key the log uses.")
    return OpenedNote(text, tuple(verified.values()), tuple(unverified))


def note_text(note: bytes | str) -> str:
    """The text of a well-formed note **without checking any signature**; for messages, never for trust."""
    text, lines = _split_note(_decode(note))
    for line in lines:
        _signature_line(line)
    return text


def _decode(note: bytes | str) -> str:
    if len(note) > MAX_NOTE:
        raise NoteError("The note is too long.")
    try:
        return note.decode("utf-8") if isinstance(note, bytes) else note.encode("utf-8").decode("utf-8")
    except UnicodeError as error:
        raise NoteError("The note is not UTF-8.") from error


def _split_note(note: str) -> tuple[str, list[str]]:
    text, gap, signatures = note.rpartition("\n\n")
    if not gap or not signatures.endswith("\n"):
        raise NoteError("The note has no block of signatures.")
    _check_text(text + "\n")
    _check_text(signatures)
    lines = signatures[:-1].split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise NoteError(f"The note has more than {MAX_SIGNATURES} signatures.")
    return text + "\n", lines


def _signature_line(line: str) -> tuple[str, bytes]:
    name, _, encoded = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not _is_name(name):
        raise NoteError("A signature line does not parse.")
    value = decode_base64(encoded)
    if len(value) < 5:
        raise NoteError("A signature is too short.")
    return name, value


def _check_text(text: str) -> None:
    if not text.endswith("\n") or any(ord(character) < 0x20 and character != "\n" for character in text):
        raise NoteError("A note's text must end with a newline and hold no other control character.")


def _is_name(name: str) -> bool:
    return bool(name) and "+" not in name and not any(character.isspace() for character in name)
