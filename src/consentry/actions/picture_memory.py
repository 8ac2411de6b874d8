"""What the guard remembers of pictures, kept in this process and brought up to date from the tables at each question.

One index holds active bank entries, refused pictures and released outputs. A question first asks the database what is
new (two tiny queries), so that a picture banked by a reviewer is blocked on the very next request in every process.
Raises when the database cannot answer: silence would mean *allow*.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from consentry.basics.clock import Clock
from consentry.basics.ids import PdqHex
from consentry.guard.memory import Recollection
from consentry.matching.index import PdqIndex
from consentry.records.bank import BankEntry, BankRevision
from consentry.records.remembered_picture import MemoryKind, RememberedPicture

MATCH_DISTANCE = 31
OVERLAP = timedelta(seconds=60)
"""How far back a refresh looks: rows become visible in another order than their times say."""


@dataclass(frozen=True, slots=True)
class BankHit:
    """One bank entry near a question: ``distance`` in bits of 256."""

    bank: str
    entry: int
    distance: int


class DatabaseMemory:
    """Implements ``guard.memory.PictureMemory`` over the tables; safe to ask from many threads."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._banked = PdqIndex()
        self._bank_rows: dict[int, str] = {}
        self._bank_number = -1
        self._seen = PdqIndex()
        self._seen_rows: dict[int, RememberedPicture] = {}

    def recall(self, hashes: Sequence[PdqHex]) -> Recollection:
        """The strictest recollection over all ``hashes`` of one picture."""
        with self._lock:
            self._refresh()
            blocked = any(self._banked.query(value, MATCH_DISTANCE) for value in hashes)
            rows = [self._seen_rows[key] for value in hashes for key, _ in self._seen.query(value, MATCH_DISTANCE)]
        now = self._clock.now()
        live = [row for row in rows if row.expires_at > now]
        roots = [row for row in live if row.kind == MemoryKind.RELEASED and row.root_exposure is not None]
        root = min(roots, key=lambda row: row.root_exposure or 0.0, default=None)
        return Recollection(
            blocked=float(blocked),
            refused=float(any(row.kind == MemoryKind.REFUSED for row in live)),
            root_exposure=root.root_exposure if root else None,
            root_pdq=PdqHex(root.root_pdq) if root and root.root_pdq else None,
        )

    def bank_hits(self, value: PdqHex, banks: frozenset[str] | None = None) -> list[BankHit]:
        """Active bank entries within the match distance of ``value``, nearest first."""
        with self._lock:
            self._refresh()
            found = [
                BankHit(self._bank_rows[key], key, distance)
                for key, distance in self._banked.query(value, MATCH_DISTANCE)
            ]
        return sorted(
            (hit for hit in found if banks is None or hit.bank in banks), key=lambda hit: (hit.distance, hit.entry)
        )

    def _refresh(self) -> None:
        revision = BankRevision.objects.filter(pk=1).values_list("number", flat=True).first() or 0
        if revision != self._bank_number:
            self._refresh_banks()
            self._bank_number = revision
        since = self._clock.now() - OVERLAP
        recent = RememberedPicture.objects.filter(expires_at__gt=self._clock.now())
        if self._seen_rows:
            recent = recent.filter(created_at__gt=since)
        for row in recent.iterator():
            if row.pk not in self._seen_rows:
                self._seen_rows[row.pk] = row
                self._seen.add(PdqHex(row.pdq), row.pk)

    def _refresh_banks(self) -> None:
        active = dict(
            BankEntry.objects.filter(removed_at__isnull=True, bank__enabled=True).values_list("pk", "bank__name")
        )
        for gone in self._bank_rows.keys() - active.keys():
            self._banked.remove(gone)
        for pk, pdq in BankEntry.objects.filter(removed_at__isnull=True).values_list("pk", "pdq").iterator():
            if pk in active and pk not in self._bank_rows:
                self._banked.add(PdqHex(pdq), pk)
        self._bank_rows = active
