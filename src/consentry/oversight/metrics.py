"""Every published number: what it counts, in which direction it should move, and how it is computed (docs/metrics.md).

Invariants: pure functions of a tally; a share always comes with its Wilson interval and its denominator; a time is the
bucket that holds the quantile, never a made-up minute. A share whose numerator exceeds its denominator, which can
happen when a period cuts a story in two, is not stated. Not done here: choosing the period (``report``).
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from consentry.oversight.buckets import quantile_bucket, within
from consentry.oversight.errors import MetricError
from consentry.oversight.events import EventType
from consentry.oversight.tally import Select, Tally, select
from consentry.oversight.wilson import wilson

Value = int | float | str | None


class Unit(StrEnum):
    """What a number's value is."""

    COUNT = "count"
    SHARE = "share"
    BUCKET = "bucket"


class Direction(StrEnum):
    """Which way is better; ``NEITHER`` for plain volumes, which must never become a target."""

    DOWN = "down"
    UP = "up"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Number:
    """One published number; the members are those of docs/spec/report.md."""

    metric: str
    by: str
    value: Value
    n: int
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Metric:
    """One row of docs/metrics.md. ``compute`` gives the total first, then the parts that occur."""

    id: str
    unit: Unit
    direction: Direction
    compute: Callable[[Tally], list[Number]]


def compute_numbers(counted: Tally) -> tuple[Number, ...]:
    """Every number of every metric, in the order of ``METRICS``."""
    return tuple(number for metric in METRICS for number in metric.compute(counted))


def metric_named(name: str) -> Metric:
    """The metric with this id; ``MetricError`` when there is none."""
    for metric in METRICS:
        if metric.id == name:
            return metric
    raise MetricError(f"There is no metric {name[:60]!r}.", next_step="See docs/metrics.md for the names.")


def _parts(counted: Tally, wanted: Select, by: str) -> list[tuple[str, str, str]]:
    """(label, member, value) of the total and of each part."""
    return [("", "", ""), *((f"{by}:{value}", by, value) for value in (counted.values(wanted, by) if by else []))]


def _count(name: str, wanted: Select, *, by: str = "", direction: Direction = Direction.NEITHER) -> Metric:
    def compute(counted: Tally) -> list[Number]:
        numbers = []
        for label, member, value in _parts(counted, wanted, by):
            total = counted.total(wanted, member, value)
            numbers.append(Number(name, label, total, total))
        return numbers

    return Metric(name, Unit.COUNT, direction, compute)


def _share(name: str, part: Select, whole: Select, *, direction: Direction, by: str = "") -> Metric:
    def compute(counted: Tally) -> list[Number]:
        return [
            _share_number(name, label, counted.total(part, member, value), counted.total(whole, member, value))
            for label, member, value in _parts(counted, whole, by)
        ]

    return Metric(name, Unit.SHARE, direction, compute)


def _within(name: str, wanted: Select, limit: str, *, by: str = "") -> Metric:
    def compute(counted: Tally) -> list[Number]:
        numbers = []
        for label, member, value in _parts(counted, wanted, by):
            times = counted.histogram(wanted, member, value)
            hits = sum(count for bucket, count in times.items() if within(bucket, limit))
            numbers.append(_share_number(name, label, hits, sum(times.values())))
        return numbers

    return Metric(name, Unit.SHARE, Direction.UP, compute)


def _quantile(name: str, wanted: Select, share: float, *, by: str = "") -> Metric:
    def compute(counted: Tally) -> list[Number]:
        numbers = []
        for label, member, value in _parts(counted, wanted, by):
            times = counted.histogram(wanted, member, value)
            numbers.append(Number(name, label, quantile_bucket(times, share), sum(times.values())))
        return numbers

    return Metric(name, Unit.BUCKET, Direction.DOWN, compute)


def _share_number(name: str, label: str, hits: int, n: int) -> Number:
    if n == 0 or hits > n:
        return Number(name, label, None, n)
    low, high = wilson(hits, n)
    return Number(name, label, round(hits / n, 6), n, round(low, 6), round(high, 6))


def _allowed(counted: Tally) -> int:
    return counted.total(_ALLOWED_ONE) + counted.total(_ALLOWED_BATCH)


def _guard_decisions(counted: Tally) -> list[Number]:
    allowed = _allowed(counted)
    stopped = {outcome: counted.total(_GUARD, "outcome", outcome) for outcome in ("challenge", "deny")}
    numbers = [Number("guard_decisions", "", allowed + sum(stopped.values()), allowed + sum(stopped.values()))]
    for outcome, total in {"allow": allowed, **stopped}.items():
        numbers.append(Number("guard_decisions", f"outcome:{outcome}", total, total))
    return numbers


def _guard_stopped(counted: Tally) -> list[Number]:
    stopped, allowed = counted.total(_STOPPED), _allowed(counted)
    return [_share_number("guard_stopped_share", "", stopped, stopped + allowed)]


def _guard_reasons(counted: Tally) -> list[Number]:
    total = sum(counted.reasons.values())
    parts = [Number("guard_reasons", f"reason:{code}", count, count) for code, count in sorted(counted.reasons.items())]
    return [Number("guard_reasons", "", total, total), *parts]


_GUARD = select(EventType.GUARD_DECISION)
_STOPPED = select(EventType.GUARD_DECISION, outcomes="challenge deny")
_ALLOWED_ONE = select(EventType.GUARD_DECISION, outcomes="allow")
_ALLOWED_BATCH = select(EventType.GUARD_ALLOWED_BATCH)
_OUTPUTS = select(EventType.GUARD_RELEASED, outcomes="released stopped")
_HIDDEN = select(EventType.CASE_HIDDEN)
_REMOVED = select(EventType.PLATFORM_ACTED, outcomes="removed")
_DECIDED = select(EventType.CASE_DECIDED)
_DECIDED_REMOVE = select(EventType.CASE_DECIDED, outcomes="remove")
_APPEALED = select(EventType.APPEAL_DECIDED)
_OVERTURNED = select(EventType.APPEAL_DECIDED, outcomes="overturned")
_ORDERED = select(EventType.PLATFORM_ACTED)

METRICS: tuple[Metric, ...] = (
    Metric("guard_decisions", Unit.COUNT, Direction.NEITHER, _guard_decisions),
    Metric("guard_stopped_share", Unit.SHARE, Direction.NEITHER, _guard_stopped),
    Metric("guard_reasons", Unit.COUNT, Direction.NEITHER, _guard_reasons),
    _share(
        "output_stopped_share",
        select(EventType.GUARD_RELEASED, outcomes="stopped"),
        _OUTPUTS,
        direction=Direction.DOWN,
    ),
    _count("output_faults", select(EventType.GUARD_RELEASED, outcomes="fault"), direction=Direction.DOWN),
    _count("outputs_unscreened", select(EventType.GUARD_OUTPUT_UNSCREENED), direction=Direction.DOWN),
    _count("reports_received", select(EventType.REPORT_RECEIVED), by="lane"),
    _count("cases_opened", select(EventType.REPORT_RECEIVED, outcomes="opened"), by="lane"),
    _count("reports_withdrawn", select(EventType.REPORT_WITHDRAWN), by="lane"),
    _count("hides", _HIDDEN, by="lane"),
    _quantile("hide_time_median", _HIDDEN, 0.5, by="lane"),
    _quantile("hide_time_p95", _HIDDEN, 0.95, by="lane"),
    _within("hide_within_house_share", _HIDDEN, "15m", by="lane"),
    _within("hide_within_48h_share", _HIDDEN, "48h", by="lane"),
    _count("removals", _REMOVED, by="lane"),
    _quantile("removal_time_median", _REMOVED, 0.5, by="lane"),
    _quantile("removal_time_p95", _REMOVED, 0.95, by="lane"),
    _within("removal_within_house_share", _REMOVED, "24h", by="lane"),
    _within("removal_within_48h_share", _REMOVED, "48h", by="lane"),
    _share(
        "platform_failed_share", select(EventType.PLATFORM_ACTED, outcomes="failed"), _ORDERED, direction=Direction.DOWN
    ),
    _count("decisions", _DECIDED, by="outcome"),
    _quantile("decision_time_median", _DECIDED, 0.5, by="lane"),
    _quantile("decision_time_p95", _DECIDED, 0.95, by="lane"),
    _within("decision_within_house_share", _DECIDED, "24h", by="lane"),
    _within("decision_within_48h_share", _DECIDED, "48h", by="lane"),
    _count("cases_closed_undecided", select(EventType.CASE_CLOSED), by="rule"),
    _share("hide_reversed_share", select(EventType.CASE_RESTORED, rules="kept"), _HIDDEN, direction=Direction.DOWN),
    _count("notices_sent", select(EventType.NOTICE_SENT), by="side"),
    _count("appeals_filed", select(EventType.APPEAL_FILED), by="side"),
    _share("appeals_overturned_share", _OVERTURNED, _APPEALED, direction=Direction.DOWN, by="side"),
    _share("decisions_overturned_share", _OVERTURNED, _DECIDED, direction=Direction.DOWN),
    _quantile("appeal_time_median", _APPEALED, 0.5),
    _count("stay_down_blocks", select(EventType.BANK_BLOCKED), by="rule"),
    _count("bank_added", select(EventType.BANK_ADDED)),
    _count("bank_removed", select(EventType.BANK_REMOVED)),
    _count("strikes_issued", select(EventType.STRIKE_ISSUED), by="rule"),
    _count("strikes_withdrawn", select(EventType.STRIKE_WITHDRAWN)),
    _count("breakers_opened", select(EventType.BREAKER_OPENED)),
    _count("clocks_breached", select(EventType.CLOCK_BREACHED), by="rule", direction=Direction.DOWN),
    _count("promises_broken", select(EventType.PROMISE_BROKEN), direction=Direction.DOWN),
    _count("persons_erased", select(EventType.PERSON_ERASED)),
    _count("rules_loosened", select(EventType.POLICY_LOADED, EventType.DETECTOR_LOADED, outcomes="looser")),
)
"""All metrics, in the order of docs/metrics.md and of every report."""
