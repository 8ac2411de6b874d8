"""Numbers against figures counted by hand, the page against the code, intervals against published values."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consentry.oversight.errors import MetricError
from consentry.oversight.events import EventType, PublicEvent
from consentry.oversight.metrics import METRICS, Number, Unit, compute_numbers, metric_named
from consentry.oversight.tally import tally
from consentry.oversight.wilson import wilson
from tests.unit.oversight.test_events import full_event

PAGE = Path(__file__).resolve().parents[3] / "docs/metrics.md"
AT = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)


def event(kind: str, **members: Any) -> PublicEvent:
    return PublicEvent(type=EventType(kind), at=AT, **members)


def numbers_of(*events: PublicEvent) -> dict[tuple[str, str], Number]:
    return {(number.metric, number.by): number for number in compute_numbers(tally(events))}


def hidden(lane: str, duration: str) -> PublicEvent:
    return event("case.hidden", lane=lane, rule="exposure", duration=duration)


def test_the_page_has_one_row_for_each_metric_in_order_with_its_unit_and_direction() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (\w+), (\w+) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert rows == [(metric.id, metric.unit.value, metric.direction.value) for metric in METRICS]


def test_the_page_names_only_events_that_exist() -> None:
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if line.startswith("| `"):
            assert set(re.findall(r"`([^`]+)`", line.split("|")[7])) <= {kind.value for kind in EventType}


def test_times_to_hide_are_those_counted_by_hand() -> None:
    found = numbers_of(
        *[hidden("portal", "1m..5m")] * 6,
        *[hidden("portal", "1h..2h")] * 2,
        hidden("hotline", "48h..72h"),
        hidden("hotline", "10s..1m"),
    )
    assert found["hides", ""].value == 10
    assert found["hides", "lane:hotline"].value == 2
    assert found["hide_time_median", ""].value == "1m..5m"
    assert found["hide_time_p95", ""].value == "48h..72h"
    assert found["hide_time_median", "lane:hotline"].value == "10s..1m"
    assert (found["hide_within_house_share", ""].value, found["hide_within_house_share", ""].n) == (0.7, 10)
    assert found["hide_within_48h_share", ""].value == 0.9
    assert found["hide_within_48h_share", "lane:portal"].value == 1.0
    assert ("hides", "lane:authority") not in found


def test_guard_decisions_count_batches_by_their_size() -> None:
    batch = event("guard.allowed_batch", count=7, batch_root="ab" * 32, routes={"edit": 7})
    deny = event("guard.decision", outcome="deny", route="edit", reasons=("minor_protection", "text_too_long"))
    challenge = event("guard.decision", outcome="challenge", route="edit", reasons=("consent_required",))
    found = numbers_of(batch, deny, deny, challenge)
    assert [
        found["guard_decisions", by].value for by in ("", "outcome:allow", "outcome:challenge", "outcome:deny")
    ] == [
        10,
        7,
        1,
        2,
    ]
    assert found["guard_stopped_share", ""].value == 0.3
    assert found["guard_reasons", "reason:minor_protection"].value == 2
    assert found["guard_reasons", ""].value == 5


def test_released_pictures_of_one_request_are_one_output() -> None:
    found = numbers_of(
        event("guard.released", outcome="released", count=4),
        event("guard.released", outcome="stopped"),
        event("guard.released", outcome="fault"),
    )
    assert (found["output_stopped_share", ""].value, found["output_stopped_share", ""].n) == (0.5, 2)
    assert found["output_faults", ""].value == 1


def test_reversals_and_appeals() -> None:
    restored = event("case.restored", rule="kept", duration="1h..2h")
    other = event("case.restored", rule="overturned", duration="1h..2h")
    decided = event("case.decided", lane="portal", outcome="remove", rule="ncii", duration="1h..2h")
    fell = event("appeal.decided", side="uploader", outcome="overturned", duration="24h..36h")
    stands = event("appeal.decided", side="reporter", outcome="upheld", duration="24h..36h")
    found = numbers_of(*[hidden("portal", "1m..5m")] * 4, restored, other, *[decided] * 8, fell, stands)
    assert (found["hide_reversed_share", ""].value, found["hide_reversed_share", ""].n) == (0.25, 4)
    assert found["appeals_overturned_share", ""].value == 0.5
    assert found["appeals_overturned_share", "side:reporter"].value == 0.0
    assert found["decisions_overturned_share", ""].value == 0.125


def test_nothing_makes_no_share_and_no_median_but_a_zero_count() -> None:
    found = numbers_of()
    assert {found[metric.id, ""].value for metric in METRICS if metric.unit is Unit.COUNT} == {0}
    assert {found[metric.id, ""].value for metric in METRICS if metric.unit is not Unit.COUNT} == {None}


def test_a_share_above_one_is_not_stated() -> None:
    found = numbers_of(event("case.restored", rule="kept", duration="1h..2h"), event("case.restored", rule="kept", duration="1h..2h"), hidden("portal", "1m..5m"))  # fmt: skip  # noqa: E501
    assert (found["hide_reversed_share", ""].value, found["hide_reversed_share", ""].low) == (None, None)


def test_a_metric_is_found_by_its_name_only() -> None:
    assert metric_named("hides").id == "hides"
    with pytest.raises(MetricError):
        metric_named("hide")


@given(st.lists(st.sampled_from([full_event(kind) for kind in EventType]), max_size=40), st.integers(0, 40))
def test_counts_add_up_over_any_split_and_order_does_not_matter(events: list[PublicEvent], cut: int) -> None:
    whole = numbers_of(*events)
    assert whole == numbers_of(*reversed(events))
    first, second = numbers_of(*events[:cut]), numbers_of(*events[cut:])
    for metric in METRICS:
        if metric.unit is Unit.COUNT:
            assert whole[metric.id, ""].n == first[metric.id, ""].n + second[metric.id, ""].n


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [(0, 10, 0.0, 0.277533), (1, 10, 0.017876, 0.404150), (5, 10, 0.236593, 0.763407), (10, 10, 0.722467, 1.0)],
)
def test_wilson_gives_the_values_of_the_formula_worked_by_hand(hits: int, n: int, low: float, high: float) -> None:
    assert wilson(hits, n) == pytest.approx((low, high), abs=2e-6)


@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_holds_the_share_and_stays_between_nought_and_one(case: tuple[int, int]) -> None:
    low, high = wilson(*case)
    assert 0 <= low <= case[0] / case[1] <= high <= 1
    assert wilson(case[1] - case[0], case[1]) == pytest.approx((1 - high, 1 - low))


def test_wilson_refuses_what_cannot_be() -> None:
    assert wilson(0, 0) == (0.0, 1.0)
    for hits, n in ((2, 1), (-1, 5)):
        with pytest.raises(ValueError, match="between"):
            wilson(hits, n)
