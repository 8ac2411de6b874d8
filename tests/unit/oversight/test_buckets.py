"""Buckets hold every legal clock exactly, and quantiles fall where nearest rank says."""

from datetime import timedelta

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from consentry.oversight.buckets import BUCKETS, EDGE_NAMES, EDGES, bucket_of, quantile_bucket, within
from consentry.oversight.errors import EventError
from tests.shared_data import shared


@given(st.floats(min_value=0, max_value=1e9))
def test_a_duration_lies_in_its_bucket(seconds: float) -> None:
    place = BUCKETS.index(bucket_of(seconds))
    assert seconds > EDGES[place] or place == 0
    assert place == len(EDGES) - 1 or seconds <= EDGES[place + 1]


@pytest.mark.parametrize("name", EDGE_NAMES[1:])
def test_exactly_the_limit_is_within_it_and_one_second_more_is_not(name: str) -> None:
    limit = EDGES[EDGE_NAMES.index(name)]
    assert within(bucket_of(limit), name)
    assert not within(bucket_of(limit + 1), name)


@pytest.mark.parametrize("seconds", [-1, float("nan"), float("inf"), timedelta(seconds=-1)])
def test_a_duration_that_cannot_be_is_refused(seconds: float) -> None:
    with pytest.raises(EventError):
        bucket_of(seconds)


@given(st.lists(st.floats(min_value=0, max_value=5e6), min_size=1, max_size=60), st.sampled_from([0.5, 0.95, 1.0]))
def test_a_quantile_bucket_holds_the_nearest_rank_value(durations: list[float], share: float) -> None:
    histogram: dict[str, int] = {}
    for seconds in durations:
        histogram[bucket_of(seconds)] = histogram.get(bucket_of(seconds), 0) + 1
    rank = next(k for k in range(1, len(durations) + 1) if k >= share * len(durations) - 1e-9)
    assert quantile_bucket(histogram, share) == bucket_of(sorted(durations)[rank - 1])


def test_no_durations_have_no_median() -> None:
    assert quantile_bucket({}, 0.5) is None


def test_every_clock_of_the_jurisdiction_data_is_an_edge() -> None:
    hours = set()
    for path in shared("jurisdictions").glob("*.yaml"):
        for rule in yaml.safe_load(path.read_text(encoding="utf-8")).get("rules", []):
            if (
                isinstance(rule["clock"], dict)
                and rule["clock"]["kind"] not in (None, "preserve")
                and rule["clock"]["hours"]
            ):
                hours.add(rule["clock"]["hours"] * 3600)
    assert hours - set(EDGES) == set()
