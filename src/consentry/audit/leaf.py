"""One leaf: two salted commitments, of which one can be forgotten (docs/spec/leaf-and-promise.md).

Invariants: a leaf reveals nothing of its parts but that there are two; each part opens only with its own salt; an
absent private part looks like an erased one. Not done here: what the payloads mean; the caller brings the bytes.
"""

import re
import secrets
from dataclasses import dataclass
from hashlib import sha256

from consentry.audit.errors import LeafError
from consentry.audit.tree import HASH_SIZE, hash_leaf

SALT_SIZE = 32
MAX_ENTRY = 65535
_PREFIX = b"consentry/leaf/v1\n"
_COMMIT = b"consentry/commit/v1\n"
_DOMAIN = re.compile(r"[a-z0-9._/:-]{1,64}")


def new_salt() -> bytes:
    """32 fresh random bytes."""
    return secrets.token_bytes(SALT_SIZE)


def framed(value: bytes) -> bytes:
    """The value behind its length (u64), so that no two lists of values share an encoding."""
    return len(value).to_bytes(8) + value


def commit(part: str, salt: bytes, payload: bytes) -> bytes:
    """The 32-byte commitment to ``payload`` as the ``part`` of a leaf; ``LeafError`` when the salt is not 32 bytes."""
    if len(salt) != SALT_SIZE:
        raise LeafError("A salt is not 32 bytes.")
    return sha256(_COMMIT + framed(part.encode("ascii")) + framed(salt) + framed(payload)).digest()


@dataclass(frozen=True, slots=True)
class Leaf:
    """What stands in the log: a domain and two commitments of 32 bytes."""

    domain: str
    public_commitment: bytes
    private_commitment: bytes

    def __post_init__(self) -> None:
        if not _DOMAIN.fullmatch(self.domain):
            raise LeafError("A leaf's domain is not 1 to 64 characters of a-z 0-9 . - _ / :.")
        if len(self.public_commitment) != HASH_SIZE or len(self.private_commitment) != HASH_SIZE:
            raise LeafError("A commitment is not 32 bytes.")

    @property
    def entry(self) -> bytes:
        """The entry's bytes, as they stand in the entry bundles."""
        domain = self.domain.encode("ascii")
        return _PREFIX + bytes([len(domain)]) + domain + self.public_commitment + self.private_commitment

    @property
    def entry_hash(self) -> bytes:
        """The RFC 6962 leaf hash of the entry: what promises and proofs speak of."""
        return hash_leaf(self.entry)

    def open_public(self, payload: bytes, salt: bytes) -> None:
        """Return if the public part is ``payload`` under ``salt``; ``LeafError`` otherwise."""
        if commit("public", salt, payload) != self.public_commitment:
            raise LeafError("The payload is not what the leaf's public part commits to.")

    def open_private(self, payload: bytes, salt: bytes) -> None:
        """Return if the private part is ``payload`` under ``salt``; ``LeafError`` otherwise."""
        if commit("private", salt, payload) != self.private_commitment:
            raise LeafError("The payload is not what the leaf's private part commits to.")


@dataclass(frozen=True, slots=True)
class OpenLeaf:
    """A leaf with everything that opens it. Keep both salts beside their payloads; erase a part with its salt."""

    leaf: Leaf
    public: bytes
    public_salt: bytes
    private: bytes
    private_salt: bytes

    @property
    def entry(self) -> bytes:
        """The leaf's entry bytes."""
        return self.leaf.entry

    @property
    def entry_hash(self) -> bytes:
        """The leaf's entry hash."""
        return self.leaf.entry_hash


def new_leaf(
    public: bytes,
    private: bytes | None = None,
    *,
    domain: str = "event",
    public_salt: bytes | None = None,
    private_salt: bytes | None = None,
) -> OpenLeaf:
    """A new leaf over canonical payload bytes, with fresh salts unless some are given (tests, re-reading)."""
    public_salt = new_salt() if public_salt is None else public_salt
    private_salt = new_salt() if private_salt is None else private_salt
    private = b"" if private is None else private
    leaf = Leaf(domain, commit("public", public_salt, public), commit("private", private_salt, private))
    return OpenLeaf(leaf, public, public_salt, private, private_salt)


def parse_leaf(entry: bytes) -> Leaf:
    """Read a leaf from entry bytes; ``LeafError`` when a single byte is not as ``Leaf.entry`` writes it."""
    start = len(_PREFIX)
    size = entry[start] if len(entry) > start else 0
    end = start + 1 + size
    if not entry.startswith(_PREFIX) or len(entry) != end + 2 * HASH_SIZE:
        raise LeafError("An entry is not a leaf of version 1.")
    try:
        domain = entry[start + 1 : end].decode("ascii")
    except UnicodeDecodeError as error:
        raise LeafError("A leaf's domain is not ASCII.") from error
    return Leaf(domain, entry[end : end + HASH_SIZE], entry[end + HASH_SIZE :])
