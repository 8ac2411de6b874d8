"""Status by rule: each of the five, its edges, and what can never count as met."""

from dataclasses import replace
from datetime import date

import pytest
import yaml

from consentry.oversight.errors import PlanError
from consentry.oversight.metrics import Number
from consentry.oversight.plan import Plan, Status, example_plan, load_plan, plan_status
from consentry.oversight.report import Period, Report

PLAN = load_plan(example_plan())
TODAY = date(2026, 10, 16)
PERIOD = Period(date(2026, 9, 1), date(2026, 10, 16))


def report(*numbers: Number, period: Period = PERIOD) -> Report:
    return Report("log.example/test", period, "", numbers)


def status(plan: Plan, which: str, made: Report | None, *, proved: bool = True, today: date = TODAY) -> Status:
    return next(s.status for s in plan_status(plan, made, proved=proved, today=today) if s.measure.id == which)


def share(value: float, n: int = 100, metric: str = "decision_within_house_share") -> Report:
    return report(Number(metric, "", value, n))


def test_the_example_has_three_measures_in_two_languages() -> None:
    assert [measure.id for measure in PLAN.measures] == ["hide-fast", "decide-in-time", "few-wrong-hides"]
    assert all(measure.title.text("ja-JP") != measure.title.text("en") for measure in PLAN.measures)


@pytest.mark.parametrize(
    ("value", "today", "expected"),
    [
        (0.95, TODAY, Status.MET),
        (0.949999, TODAY, Status.ON_TRACK),
        (0.58, TODAY, Status.ON_TRACK),  # half of the time has passed: the line stands at 0.575
        (0.57, TODAY, Status.AT_RISK),
        (0.9, date(2027, 7, 1), Status.UNVERIFIABLE),  # the report is too old by then
    ],
)
def test_a_share_is_compared_with_the_line(value: float, today: date, expected: Status) -> None:
    assert status(PLAN, "decide-in-time", share(value), today=today) is expected


def test_after_the_due_date_anything_but_the_target_is_late() -> None:
    late = replace(share(0.949), period=Period(date(2027, 6, 1), date(2027, 7, 1)))
    assert status(PLAN, "decide-in-time", late, today=date(2027, 6, 30)) is Status.AT_RISK
    assert status(PLAN, "decide-in-time", late, today=date(2027, 7, 1)) is Status.LATE
    assert (
        status(PLAN, "decide-in-time", replace(late, numbers=share(0.95).numbers), today=date(2027, 7, 1)) is Status.MET
    )


@pytest.mark.parametrize(
    ("bucket", "expected"),
    [("5m..15m", Status.MET), ("0s..10s", Status.MET), ("15m..30m", Status.ON_TRACK), ("36h..48h", Status.AT_RISK)],
)
def test_a_time_is_compared_by_the_upper_edge_of_its_bucket(bucket: str, expected: Status) -> None:
    assert status(PLAN, "hide-fast", report(Number("hide_time_median", "", bucket, 9))) is expected


def test_without_a_baseline_there_is_no_line() -> None:
    assert status(PLAN, "few-wrong-hides", share(0.06, metric="hide_reversed_share")) is Status.AT_RISK
    assert status(PLAN, "few-wrong-hides", share(0.05, metric="hide_reversed_share")) is Status.MET


def test_what_is_not_proved_fresh_and_there_is_never_met() -> None:
    good = share(1.0)
    old = replace(good, period=Period(date(2026, 7, 1), date(2026, 8, 1)))
    before = replace(good, period=Period(date(2026, 1, 1), date(2026, 2, 1)))
    empty = report(Number("decision_within_house_share", "", None, 0))
    assert status(PLAN, "decide-in-time", good) is Status.MET
    assert status(PLAN, "decide-in-time", good, proved=False) is Status.UNVERIFIABLE
    assert status(PLAN, "decide-in-time", None) is Status.UNVERIFIABLE
    assert status(PLAN, "decide-in-time", old) is Status.UNVERIFIABLE
    assert status(PLAN, "decide-in-time", before, today=date(2026, 2, 2)) is Status.UNVERIFIABLE
    assert status(PLAN, "decide-in-time", empty) is Status.UNVERIFIABLE
    assert status(PLAN, "decide-in-time", report()) is Status.UNVERIFIABLE


@pytest.mark.parametrize(
    "change",
    [
        {"metric": "no_such"},
        {"metric": 5},
        {"direction": "down"},
        {"target": "15m"},
        {"target": 1.5},
        {"target": True},
        {"baseline": "24h"},
        {"start": "soon"},
        {"due": date(2026, 1, 1)},
        {"title": {"en": "only"}},
        {"title": {"en": "x", "ja": ""}},
        {"fresh_days": 0},
        {"more": 1},
        {"id": "hide-fast"},
        {"id": 7},
    ],
)
def test_a_measure_that_cannot_be_is_refused(change: dict[str, object]) -> None:
    data = yaml.safe_load(example_plan())
    data["measures"][1].update(change)
    with pytest.raises(PlanError):
        load_plan(yaml.safe_dump(data, allow_unicode=True))


@pytest.mark.parametrize("text", ["", "[]", "a: [", "v: 1", "measures: 5"])
def test_what_is_no_plan_is_refused(text: str) -> None:
    with pytest.raises(PlanError):
        load_plan(text)
    data = yaml.safe_load(example_plan())
    for change in ({"v": 2}, {"measures": []}, {"measures": 5}, {"version": "1"}, {"extra": 1}):
        with pytest.raises(PlanError):
            load_plan(yaml.safe_dump({**data, **change}, allow_unicode=True))
