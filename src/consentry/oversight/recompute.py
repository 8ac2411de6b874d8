"""Checks a report as an outsider: the log's files, the auditor's package, a public key, and nothing else.

Invariants: a report is proved only if the checkpoint is signed, its entries give its root, each of them was opened
and every number comes out the same. Whatever fails is named. What was never entered cannot be seen here.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from consentry.audit.checkpoint import Checkpoint, open_checkpoint
from consentry.audit.errors import AuditError
from consentry.audit.note import Verifier
from consentry.audit.storage import TileReader
from consentry.audit.tiles import TILE_WIDTH, read_bundle
from consentry.audit.tree import hash_leaf, tree_root
from consentry.oversight.disclosure import Package
from consentry.oversight.metrics import Number
from consentry.oversight.report import Report, make_report


@dataclass(frozen=True, slots=True)
class Difference:
    """A number as the report states it and as it was computed; None where one side has none."""

    metric: str
    by: str
    stated: Number | None
    found: Number | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check found. ``fault`` is what is wrong with checkpoint or files, empty when nothing is."""

    opened: int
    size: int
    numbers: int
    fault: str = ""
    missing: tuple[int, ...] = ()
    unopened: tuple[int, ...] = ()
    differences: tuple[Difference, ...] = ()

    @property
    def proved(self) -> bool:
        """True only if nothing at all is in the way."""
        return not (self.fault or self.missing or self.unopened or self.differences)


def verify_report(
    report: Report,
    package: Package,
    reader: TileReader,
    verifiers: Sequence[Verifier],
    progress: Callable[[int, int], None] | None = None,
) -> Verdict:
    """Recompute every number of ``report``; foreseen trouble is a verdict, not an exception."""
    try:
        checkpoint = open_checkpoint(report.checkpoint, verifiers, report.origin)
        if package.origin != report.origin or package.size < checkpoint.size:
            return Verdict(0, checkpoint.size, 0, "The disclosures are of another or an older log.")
        missing, unopened = open_disclosures(reader, checkpoint, package, progress)
    except AuditError as error:
        return Verdict(0, 0, 0, str(error))
    events = (package.disclosures[index].event for index in range(checkpoint.size) if index in package.disclosures)
    found = make_report(
        events, origin=report.origin, period=report.period, checkpoint=report.checkpoint, platform=report.platform
    )
    return Verdict(
        opened=checkpoint.size - len(missing) - len(unopened),
        size=checkpoint.size,
        numbers=len(found.numbers),
        missing=missing,
        unopened=unopened,
        differences=compare(report.numbers, found.numbers),
    )


def compare(stated: Sequence[Number], found: Sequence[Number]) -> tuple[Difference, ...]:
    """Every metric and part whose two numbers are not equal; one stated twice differs too."""
    theirs = {(number.metric, number.by): number for number in stated}
    ours = {(number.metric, number.by): number for number in found}
    keys = [*ours, *(key for key in theirs if key not in ours)]
    times = Counter((number.metric, number.by) for number in stated)
    return tuple(
        Difference(*key, theirs.get(key), ours.get(key))
        for key in keys
        if times[key] > 1 or not _same(theirs.get(key), ours.get(key))
    )


def _same(stated: Number | None, found: Number | None) -> bool:
    # Equal as JSON writes them: 1 and 1.0 are told apart, so that a share cannot pass for a count.
    return repr(stated) == repr(found)


def open_disclosures(
    reader: TileReader, checkpoint: Checkpoint, package: Package, progress: Callable[[int, int], None] | None = None
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Open every leaf under a checkpoint: the indices that were not disclosed, and those whose disclosure is false.

    Every entry is read once, and these very entries must give the checkpoint's root; ``AuditError`` otherwise. The
    checkpoint's signature is the caller's to check.
    """
    hashes: list[bytes] = []
    missing, unopened = [], []
    while len(hashes) < checkpoint.size:
        number = len(hashes) // TILE_WIDTH
        for entry in read_bundle(reader, number, min(TILE_WIDTH, checkpoint.size - len(hashes))):
            disclosure = package.disclosures.get(len(hashes))
            if disclosure is None:
                missing.append(len(hashes))
            elif not disclosure.opens(entry):
                unopened.append(len(hashes))
            hashes.append(hash_leaf(entry))
        if progress is not None:
            progress(len(hashes), checkpoint.size)
    if tree_root(hashes) != checkpoint.root:
        raise AuditError(
            "The log's entries do not give the checkpoint's root.",
            not_done="No number was compared.",
            next_step="Run 'consentry audit verify' to find the damaged file.",
        )
    return tuple(missing), tuple(unopened)
