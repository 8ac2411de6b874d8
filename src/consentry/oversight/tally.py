"""Events counted once into a small table, from which every metric is read; so ten million cost what ten thousand do.

Invariants: order does not matter; two tallies of two halves add up to that of the whole.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from consentry.oversight.events import EventType, PublicEvent


class Cell(NamedTuple):
    """The members that metrics tell apart; empty text where an event has none."""

    type: str
    lane: str
    rule: str
    outcome: str
    side: str
    duration: str


@dataclass(frozen=True, slots=True)
class Select:
    """Which cells: one or more types, and optionally outcomes, rules and sides."""

    types: frozenset[str]
    outcomes: frozenset[str] = frozenset()
    rules: frozenset[str] = frozenset()
    sides: frozenset[str] = frozenset()

    def takes(self, cell: Cell) -> bool:
        """Whether the cell is meant."""
        return (
            cell.type in self.types
            and (not self.outcomes or cell.outcome in self.outcomes)
            and (not self.rules or cell.rule in self.rules)
            and (not self.sides or cell.side in self.sides)
        )


def select(*types: EventType, outcomes: str = "", rules: str = "", sides: str = "") -> Select:
    """A ``Select``; outcomes, rules and sides are words with spaces between."""
    return Select(
        frozenset(kind.value for kind in types),
        frozenset(outcomes.split()),
        frozenset(rules.split()),
        frozenset(sides.split()),
    )


@dataclass(slots=True)
class Tally:
    """How many of each cell, and how often each reason code was given with a stop of the guard."""

    cells: Counter[Cell] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)

    def add(self, event: PublicEvent) -> None:
        """Count one event, by its weight."""
        cell = Cell(
            event.type.value,
            event.lane or "",
            event.rule or "",
            event.outcome or "",
            event.side or "",
            event.duration or "",
        )
        self.cells[cell] += event.weight
        if event.type is EventType.GUARD_DECISION:
            for reason in event.reasons:
                self.reasons[reason] += event.weight

    def total(self, wanted: Select, by: str = "", value: str = "") -> int:
        """How many are selected; with ``by`` (a member's name) only those with this value of it."""
        return sum(count for cell, count in self._taken(wanted, by, value))

    def histogram(self, wanted: Select, by: str = "", value: str = "") -> Counter[str]:
        """Duration bucket to how many, of those that have a duration."""
        found: Counter[str] = Counter()
        for cell, count in self._taken(wanted, by, value):
            if cell.duration:
                found[cell.duration] += count
        return found

    def values(self, wanted: Select, by: str) -> list[str]:
        """The values of one member that occur among the selected, sorted."""
        return sorted({getattr(cell, by) for cell in self.cells if wanted.takes(cell) and getattr(cell, by)})

    def _taken(self, wanted: Select, by: str, value: str) -> Iterable[tuple[Cell, int]]:
        return (
            (cell, count)
            for cell, count in self.cells.items()
            if wanted.takes(cell) and (not by or getattr(cell, by) == value)
        )


def tally(events: Iterable[PublicEvent]) -> Tally:
    """Count all of ``events``."""
    counted = Tally()
    for event in events:
        counted.add(event)
    return counted
