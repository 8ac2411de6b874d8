"""The auditor's package: for each leaf its public part and that part's salt (docs/spec/audit-log.md).

Invariants: one line a leaf, in the order of the log, none left out without being noticed; nothing of a private part.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from consentry.audit.checkpoint import read_unsigned
from consentry.audit.errors import AuditError, LeafError
from consentry.audit.leaf import parse_leaf
from consentry.oversight.errors import DisclosureError, EventError
from consentry.oversight.events import PublicEvent, event_from_data

KIND = "consentry.disclosures"
_SALT = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Disclosure:
    """The opened public part of leaf ``index``."""

    index: int
    event: PublicEvent
    salt: bytes

    def opens(self, entry: bytes) -> bool:
        """Whether the entry in the log commits to exactly this event under this salt."""
        try:
            parse_leaf(entry).open_public(self.event.to_bytes(), self.salt)
        except LeafError:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Package:
    """Disclosures of the leaves under ``checkpoint`` (the signed note, **not checked here**), by index."""

    checkpoint: str
    origin: str
    size: int
    disclosures: dict[int, Disclosure]

    def events(self) -> Iterator[PublicEvent]:
        """The disclosed events, in the order of the log."""
        return (self.disclosures[index].event for index in sorted(self.disclosures))


def format_package(checkpoint: str, disclosures: Iterable[Disclosure]) -> Iterator[str]:
    """The lines of the file, each with its newline; ``disclosures`` in the order of the log."""
    yield json.dumps({"v": 1, "kind": KIND, "checkpoint": checkpoint}) + "\n"
    for each in disclosures:
        yield json.dumps({"index": each.index, "event": each.event.to_data(), "salt": each.salt.hex()}) + "\n"


def parse_package(lines: Iterable[str]) -> Package:
    """Read the file; ``DisclosureError`` names the line that does not parse."""
    rows = enumerate(lines, 1)
    package = _parse_head(next(rows, (0, ""))[1])
    for number, line in rows:
        disclosure = _parse_line(number, line)
        if disclosure.index in package.disclosures or not 0 <= disclosure.index < package.size:
            raise DisclosureError(f"Line {number}: index {disclosure.index} comes twice, or is outside the log.")
        package.disclosures[disclosure.index] = disclosure
    return package


def _parse_head(line: str) -> Package:
    try:
        data = json.loads(line)
        if data["v"] != 1 or data["kind"] != KIND or not isinstance(data["checkpoint"], str):
            raise DisclosureError("This is not an auditor's package of version 1.")
        claimed = read_unsigned(data["checkpoint"])
    except (ValueError, TypeError, KeyError, RecursionError, AuditError) as error:
        raise DisclosureError("The first line does not say what this file is.") from error
    return Package(data["checkpoint"], claimed.origin, claimed.size, {})


def _parse_line(number: int, line: str) -> Disclosure:
    try:
        data = json.loads(line)
        index, salt = data["index"], data["salt"]
        if set(data) != {"index", "event", "salt"} or type(index) is not int or not _SALT.fullmatch(salt):
            raise DisclosureError(f"Line {number} does not parse.", next_step="See docs/spec/audit-log.md.")
        return Disclosure(index, event_from_data(data["event"]), bytes.fromhex(salt))
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise DisclosureError(f"Line {number} does not parse.", next_step="See docs/spec/audit-log.md.") from error
    except EventError as error:
        raise DisclosureError(f"Line {number}: {error.happened}", next_step="See docs/spec/audit-log.md.") from error
