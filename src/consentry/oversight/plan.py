"""A remediation plan as data, and where each measure stands, by rule (docs/spec/plan.md).

Invariants: nothing is met by hand; a number that was not proved, or is old, counts as not met. Not done here: pages,
comments, the escalation ladder.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from importlib.resources import files
from typing import Any

import yaml

from consentry.oversight.buckets import EDGE_NAMES, position_of
from consentry.oversight.errors import OversightError, PlanError
from consentry.oversight.metrics import Number, Unit, metric_named
from consentry.oversight.report import Report

KIND = "consentry.plan"
_PLAN = {"v", "kind", "name", "version", "title", "answers", "measures"}
_REQUIRED = {"id", "title", "metric", "direction", "baseline", "target", "start", "due"}
_OPTIONAL = {"by", "fresh_days"}


class Status(StrEnum):
    """Where a measure stands."""

    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    LATE = "late"
    MET = "met"
    UNVERIFIABLE = "unverifiable"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence in each language that we speak."""

    en: str
    ja: str

    def text(self, language: str) -> str:
        """Japanese for ``ja`` (and ``ja-*``), otherwise English."""
        return self.ja if language.lower().split("-")[0] == "ja" else self.en


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure: a metric that must reach ``target`` by ``due``. Times are bucket edges such as ``2h``."""

    id: str
    title: Sentence
    metric: str
    by: str
    at_most: bool
    baseline: float | str | None
    target: float | str
    start: date
    due: date
    fresh_days: int = 45


@dataclass(frozen=True, slots=True)
class Plan:
    """One version of one plan."""

    name: str
    version: int
    title: Sentence
    answers: Sentence
    measures: tuple[Measure, ...]


@dataclass(frozen=True, slots=True)
class MeasureStatus:
    """A measure's status, the number that it was read from, and why, in one sentence."""

    measure: Measure
    status: Status
    number: Number | None
    why: Sentence


def load_plan(text: str | bytes) -> Plan:
    """Read a plan's YAML; ``PlanError`` names the measure and what is wrong with it."""
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise PlanError("The plan is not YAML.", next_step="See docs/spec/plan.md.") from error
    _check(isinstance(data, dict) and set(data) == _PLAN, "has missing or unknown members")
    _check(data["v"] == 1 and data["kind"] == KIND, "is not a plan of version 1")
    _check(isinstance(data["name"], str) and type(data["version"]) is int, "needs a name and a version")
    _check(isinstance(data["measures"], list) and bool(data["measures"]), "has no measures")
    measures = tuple(_measure(item) for item in data["measures"])
    _check(len({measure.id for measure in measures}) == len(measures), "has two measures of one id")
    return Plan(data["name"], data["version"], _sentence(data["title"]), _sentence(data["answers"]), measures)


def example_plan() -> str:
    """The text of the example plan that comes with Consentry."""
    return files("consentry.oversight").joinpath("plans/example.yaml").read_text(encoding="utf-8")


def plan_status(plan: Plan, report: Report | None, *, proved: bool, today: date) -> tuple[MeasureStatus, ...]:
    """Where every measure stands, from one report; ``proved`` is the verdict of ``verify_report``."""
    return tuple(_status(measure, report, proved, today) for measure in plan.measures)


def _status(measure: Measure, report: Report | None, proved: bool, today: date) -> MeasureStatus:
    number = report.number(measure.metric, measure.by) if report is not None else None
    if why := _unverifiable(measure, report, number, proved, today):
        return MeasureStatus(measure, Status.UNVERIFIABLE, number, why)
    assert report is not None
    assert number is not None
    value, target = _place(number.value), _place(measure.target)
    sign = 1 if measure.at_most else -1
    if sign * value <= sign * target:
        return MeasureStatus(measure, Status.MET, number, _WHY["met"])
    if today > measure.due:
        return MeasureStatus(measure, Status.LATE, number, _WHY["late"])
    if measure.baseline is None:
        return MeasureStatus(measure, Status.AT_RISK, number, _WHY["no_baseline"])
    baseline = _place(measure.baseline)
    passed = (min(report.period.end, measure.due) - measure.start) / (measure.due - measure.start)
    expected = baseline + (target - baseline) * passed
    if sign * value <= sign * expected:
        return MeasureStatus(measure, Status.ON_TRACK, number, _WHY["on_track"])
    return MeasureStatus(measure, Status.AT_RISK, number, _WHY["at_risk"])


def _unverifiable(
    measure: Measure, report: Report | None, number: Number | None, proved: bool, today: date
) -> Sentence | None:
    if report is None or not proved:
        return _WHY["unproved"]
    if number is None or number.value is None:
        return _WHY["no_number"]
    if report.period.end <= measure.start or report.period.end < today - timedelta(days=measure.fresh_days):
        return _WHY["old"]
    if number.n == 0 and metric_named(measure.metric).unit is not Unit.COUNT:
        return _WHY["no_number"]
    return None


def _place(value: float | str | None) -> float:
    """A value on a line: a number itself; an edge or a bucket as the place of its (upper) edge."""
    if isinstance(value, str):
        return EDGE_NAMES.index(value) if value in EDGE_NAMES else position_of(value) + 1
    assert value is not None
    return value


def _measure(item: Any) -> Measure:
    _check(isinstance(item, dict) and isinstance(item.get("id"), str), "has a measure without an id")
    name = f"has a measure {item['id'][:40]!r} that"
    _check(set(item) >= _REQUIRED and set(item) <= _REQUIRED | _OPTIONAL, f"{name} has missing or unknown members")
    try:
        unit = metric_named(item["metric"]).unit if isinstance(item["metric"], str) else None
    except OversightError as error:
        raise PlanError(f"The plan {name} names no known metric.", next_step="See docs/metrics.md.") from error
    _check(unit is not None, f"{name} names no known metric")
    _check(item["direction"] in ("at_most", "at_least"), f"{name} has no direction")
    _check(_fits(item["target"], unit), f"{name} has a target that is not of the metric's unit")
    _check(item["baseline"] is None or _fits(item["baseline"], unit), f"{name} has a baseline of another unit")
    _check(type(item["start"]) is date and type(item["due"]) is date, f"{name} has no dates")
    _check(item["start"] < item["due"], f"{name} is due before it starts")
    fresh, by = item.get("fresh_days", 45), item.get("by", "")
    _check(type(fresh) is int and fresh > 0 and isinstance(by, str), f"{name} has a wrong fresh_days or by")
    return Measure(
        id=item["id"],
        title=_sentence(item["title"]),
        metric=item["metric"],
        by=by,
        at_most=item["direction"] == "at_most",
        baseline=item["baseline"],
        target=item["target"],
        start=item["start"],
        due=item["due"],
        fresh_days=fresh,
    )


def _fits(value: object, unit: Unit | None) -> bool:
    if unit is Unit.BUCKET:
        return isinstance(value, str) and value in EDGE_NAMES
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return 0 <= value <= 1 if unit is Unit.SHARE else value >= 0


def _sentence(item: object) -> Sentence:
    _check(isinstance(item, Mapping) and set(item) == {"en", "ja"}, "has a text without both en and ja")
    assert isinstance(item, Mapping)
    _check(all(isinstance(text, str) and text for text in item.values()), "has an empty text")
    return Sentence(item["en"], item["ja"])


def _check(holds: bool, what: str) -> None:
    if not holds:
        raise PlanError(f"The plan {what}.", not_done="No status was computed.", next_step="See docs/spec/plan.md.")


_WHY = {
    "met": Sentence("The proved value reaches the target.", "検証済みの値が目標に達しています。"),
    "late": Sentence("The due date has passed without the target.", "期日を過ぎても目標に達していません。"),
    "on_track": Sentence(
        "The value is at least on the line from baseline to target.", "値は基準値から目標への線上か、それより良好です。"
    ),
    "at_risk": Sentence(
        "The value lags behind the line from baseline to target.", "値は基準値から目標への線より遅れています。"
    ),
    "no_baseline": Sentence(
        "The target is not reached, and without a baseline there is no line to compare with.",
        "目標に達しておらず、基準値がないため比較する線がありません。",
    ),
    "unproved": Sentence(
        "The report was not proved from the log; that counts as not met.",
        "報告書がログから検証されていません。未達成として扱います。",
    ),
    "no_number": Sentence(
        "The report has nothing to measure this by; that counts as not met.",
        "報告書にこれを測る数値がありません。未達成として扱います。",
    ),
    "old": Sentence(
        "The report does not cover a recent enough time; that counts as not met.",
        "報告書の対象期間が古いか、措置の開始前です。未達成として扱います。",
    ),
}
