"""A transparency report as data: a period, a checkpoint, numbers (docs/spec/report.md).

Invariants: every number comes from ``metrics`` over the public events of whole UTC days; nothing else is in it.
Not done here: narrative, layout, suppression of small counts.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any

from consentry.oversight.errors import ReportError
from consentry.oversight.events import PublicEvent
from consentry.oversight.metrics import Number, compute_numbers
from consentry.oversight.tally import tally

_MEMBERS = {"v", "kind", "origin", "platform", "period", "checkpoint", "numbers"}
_NUMBER = {"metric", "by", "value", "n", "low", "high"}
KIND = "consentry.report"


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days in UTC from ``start`` to ``end``, which is excluded."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise ReportError("A period ends before it begins.", next_step="Write FROM..TO, TO not included.")

    def holds(self, at: datetime) -> bool:
        """Whether the moment lies in the period."""
        return self.start <= at.astimezone(UTC).date() < self.end


@dataclass(frozen=True, slots=True)
class Report:
    """One report. ``checkpoint`` is the signed note, verbatim, under which the events were read."""

    origin: str
    period: Period
    checkpoint: str
    numbers: tuple[Number, ...]
    platform: str | None = None

    def number(self, metric: str, by: str = "") -> Number | None:
        """The number of this metric and part, or None."""
        return next((number for number in self.numbers if (number.metric, number.by) == (metric, by)), None)

    def to_data(self) -> dict[str, Any]:
        """The report as plain JSON data."""
        return {
            "v": 1,
            "kind": KIND,
            "origin": self.origin,
            "platform": self.platform,
            "period": {"from": self.period.start.isoformat(), "to": self.period.end.isoformat()},
            "checkpoint": self.checkpoint,
            "numbers": [asdict(number) for number in self.numbers],
        }


def parse_period(text: str) -> Period:
    """``2026``, ``2026-01``, ``2026-01-31`` or ``FROM..TO`` (TO not included); ``ReportError`` otherwise."""
    try:
        first, dots, last = text.partition("..")
        if dots:
            return Period(date.fromisoformat(first), date.fromisoformat(last))
        parts = [int(part) for part in text.split("-")]
        if len(parts) == 1:
            return Period(date(parts[0], 1, 1), date(parts[0] + 1, 1, 1))
        if len(parts) == 2:
            year, month = parts
            return Period(date(year, month, 1), date(year + month // 12, month % 12 + 1, 1))
        day = date.fromisoformat(text)
        return Period(day, date.fromordinal(day.toordinal() + 1))
    except (ValueError, OverflowError) as error:
        raise ReportError(
            f"{text[:40]!r} is not a period.", next_step="Write 2026, 2026-01, 2026-01-31 or 2026-01-01..2026-02-01."
        ) from error


def make_report(
    events: Iterable[PublicEvent], *, origin: str, period: Period, checkpoint: str, platform: str | None = None
) -> Report:
    """Compute every number over the events of the period (and of the platform, when one is given)."""
    numbers = compute_numbers(tally(event for event in events if _counts(event, period, platform)))
    return Report(origin, period, checkpoint, numbers, platform)


def parse_report(text: str | bytes) -> Report:
    """Read a report's JSON; ``ReportError`` when it does not parse. Its numbers are claims until recomputed."""
    try:
        data = json.loads(text)
        if not isinstance(data, dict) or set(data) != _MEMBERS or data["v"] != 1 or data["kind"] != KIND:
            raise ReportError("This is not a report of version 1.", next_step="See docs/spec/report.md.")
        period = Period(date.fromisoformat(data["period"]["from"]), date.fromisoformat(data["period"]["to"]))
        numbers = tuple(_number(item) for item in data["numbers"])
        platform = data["platform"]
        texts = [data["origin"], data["checkpoint"], *([] if platform is None else [platform])]
        if not all(isinstance(each, str) for each in texts):
            raise ReportError("A member of the report is not a text.")
        return Report(data["origin"], period, data["checkpoint"], numbers, platform)
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise ReportError("The report does not parse.", next_step="See docs/spec/report.md.") from error


def _counts(event: PublicEvent, period: Period, platform: str | None) -> bool:
    return period.holds(event.at) and (platform is None or event.platform == platform)


def _number(item: Mapping[str, Any]) -> Number:
    if set(item) != _NUMBER or not isinstance(item["metric"], str) or not isinstance(item["by"], str):
        raise ReportError("A number of the report has missing or unknown members.")
    for value in (item["value"], item["n"], item["low"], item["high"]):
        if isinstance(value, bool) or not isinstance(value, int | float | str | None):
            raise ReportError("A number of the report has a value that is none.")
    if not isinstance(item["n"], int):
        raise ReportError("A number of the report has an n that is not a whole number.")
    return Number(item["metric"], item["by"], item["value"], item["n"], item["low"], item["high"])
