"""A signed promise that an entry will stand in a published checkpoint by a deadline (docs/spec/leaf-and-promise.md).

Invariants: signed by a key of its own, never the checkpoint key; a batch item's promise carries all that ties the item
to its leaf. Not done here: knowing the time (``is_overdue`` takes it) and counting broken promises.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from consentry.audit.batch import Batch, verify_item_in_public
from consentry.audit.errors import AuditError, PromiseError
from consentry.audit.leaf import OpenLeaf, framed, parse_leaf
from consentry.audit.note import Signer, Verifier, decode_base64, encode_base64
from consentry.audit.tree import HASH_SIZE

_PREFIX = b"consentry/promise/v1\n"
_DEADLINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_HEX_HASH = re.compile(r"[0-9a-f]{64}")
_MAX_PATH = 63


@dataclass(frozen=True, slots=True)
class BatchPlace:
    """Where an item stands in a batch leaf, with the opened public part of that leaf."""

    item: bytes
    index: int
    path: tuple[bytes, ...]
    entry: bytes
    public: bytes
    public_salt: bytes


@dataclass(frozen=True, slots=True)
class Promise:
    """The log ``origin`` will show the entry by ``deadline`` (UTC, whole seconds). ``key`` is the 4-byte key ID."""

    origin: str
    entry_hash: bytes
    deadline: datetime
    key: bytes
    signature: bytes
    batch: BatchPlace | None = None

    def to_data(self) -> dict[str, Any]:
        """The promise as plain JSON data, as replies and receipts carry it."""
        data: dict[str, Any] = {
            "v": 1,
            "origin": self.origin,
            "entry_hash": self.entry_hash.hex(),
            "deadline": self.deadline.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "key": self.key.hex(),
            "signature": encode_base64(self.signature),
        }
        if self.batch is not None:
            data["batch"] = {
                "item": self.batch.item.hex(),
                "index": self.batch.index,
                "path": [value.hex() for value in self.batch.path],
                "entry": encode_base64(self.batch.entry),
                "public": encode_base64(self.batch.public),
                "public_salt": encode_base64(self.batch.public_salt),
            }
        return data

    def verify(self, verifier: Verifier) -> None:
        """Return if the log's promise key signed this and a batch item really is in its leaf; else ``PromiseError``."""
        if verifier.name != promise_key_name(self.origin) or verifier.id != self.key:
            raise PromiseError("The promise is of another log or key.", next_step="Fetch the log's present keys.")
        if not verifier.verify(_signed_bytes(self.origin, self.entry_hash, self.deadline, self.batch), self.signature):
            raise PromiseError("The promise's signature does not hold: it was altered, or never given.")
        if self.batch is not None:
            _check_batch(self.entry_hash, self.batch)

    def is_overdue(self, now: datetime) -> bool:
        """True after the deadline; whether it was kept is for a checkpoint to show."""
        return now > self.deadline


def promise_key_name(origin: str) -> str:
    """The name that the promise key of a log must have."""
    return f"{origin}/promise"


def make_promise(origin: str, leaf: OpenLeaf, deadline: datetime, signer: Signer) -> Promise:
    """Promise one leaf. The deadline is cut down to whole seconds."""
    return _make(origin, leaf.entry_hash, deadline, signer, None)


def make_batch_promises(
    origin: str, leaf: OpenLeaf, batch: Batch, deadline: datetime, signer: Signer
) -> tuple[Promise, ...]:
    """Promise each item of a batch leaf, in the order of its items."""
    promises = []
    for index, item in enumerate(batch.items):
        place = BatchPlace(item, index, tuple(batch.path(index)), leaf.entry, leaf.public, leaf.public_salt)
        promises.append(_make(origin, leaf.entry_hash, deadline, signer, place))
    return tuple(promises)


def parse_promise(data: object) -> Promise:
    """Read a promise from parsed JSON; ``PromiseError`` when it does not parse. Nothing is verified yet."""
    try:
        members = _members(data, {"v", "origin", "entry_hash", "deadline", "key", "signature"}, {"batch"})
        if type(members["v"]) is not int or members["v"] != 1:
            raise PromiseError("The promise is of another version.")
        return Promise(
            origin=_text(members["origin"]),
            entry_hash=_hash(members["entry_hash"]),
            deadline=_time(members["deadline"]),
            key=bytes.fromhex(_text(members["key"])),
            signature=decode_base64(_text(members["signature"])),
            batch=_parse_batch(members["batch"]) if "batch" in members else None,
        )
    except PromiseError:
        raise
    except (AuditError, ValueError, TypeError) as error:
        raise PromiseError("The promise does not parse.", next_step="Use the promise as it was given.") from error


def _make(origin: str, entry_hash: bytes, deadline: datetime, signer: Signer, place: BatchPlace | None) -> Promise:
    if signer.name != promise_key_name(origin):
        raise PromiseError("This key is not the promise key of this log.", not_done="Nothing was promised.")
    if deadline.tzinfo is None:
        raise PromiseError("A deadline has no time zone.", not_done="Nothing was promised.")
    deadline = deadline.astimezone(UTC).replace(microsecond=0)
    signature = signer.sign(_signed_bytes(origin, entry_hash, deadline, place))
    return Promise(origin, entry_hash, deadline, signer.verifier.id, signature, place)


def _signed_bytes(origin: str, entry_hash: bytes, deadline: datetime, place: BatchPlace | None) -> bytes:
    head = _PREFIX + framed(origin.encode()) + entry_hash + int(deadline.timestamp()).to_bytes(8)
    if place is None:
        return head + b"\x00"
    return head + b"\x01" + place.item + place.index.to_bytes(8)


def _check_batch(entry_hash: bytes, place: BatchPlace) -> None:
    try:
        leaf = parse_leaf(place.entry)
        leaf.open_public(place.public, place.public_salt)
        verify_item_in_public(place.item, place.index, place.path, place.public)
    except AuditError as error:
        raise PromiseError("The promise's item is not in its batch leaf.") from error
    if leaf.entry_hash != entry_hash:
        raise PromiseError("The promise's batch leaf is not the promised entry.")


def _parse_batch(data: object) -> BatchPlace:
    members = _members(data, {"item", "index", "path", "entry", "public", "public_salt"}, set())
    index, path = members["index"], members["path"]
    if type(index) is not int or not 0 <= index < 2**62 or not isinstance(path, list) or len(path) > _MAX_PATH:
        raise PromiseError("The promise's place in its batch does not parse.")
    return BatchPlace(
        item=_hash(members["item"]),
        index=index,
        path=tuple(_hash(value) for value in path),
        entry=decode_base64(_text(members["entry"])),
        public=decode_base64(_text(members["public"])),
        public_salt=decode_base64(_text(members["public_salt"])),
    )


def _members(data: object, required: set[str], optional: set[str]) -> Mapping[str, Any]:
    if not isinstance(data, dict) or not required <= set(data) <= required | optional:
        raise PromiseError("The promise has missing or unknown members.")
    return data


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise PromiseError("A member of the promise is not a text.")
    return value


def _hash(value: object) -> bytes:
    if not isinstance(value, str) or not _HEX_HASH.fullmatch(value):
        raise PromiseError(f"A hash in the promise is not {2 * HASH_SIZE} lower-case hex digits.")
    return bytes.fromhex(value)


def _time(value: object) -> datetime:
    if not isinstance(value, str) or not _DEADLINE.fullmatch(value):
        raise PromiseError("The deadline is not YYYY-MM-DDThh:mm:ssZ.")
    moment = datetime.strptime(value, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    if moment.timestamp() < 0:
        raise PromiseError("The deadline lies before 1970.")
    return moment
