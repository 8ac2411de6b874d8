"""Lanes: scope, and the rule that takes instant hiding away."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from consentry.cases.clocks import Filer
from consentry.cases.lanes import (
    Lane,
    LaneHide,
    LaneKind,
    LaneRecord,
    LaneStatus,
    OutOfScope,
    instant_hiding_lost,
    out_of_scope,
    record,
)

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
LANE = Lane(
    kind=LaneKind.HOTLINE,
    status=LaneStatus.ACCREDITED,
    countries=frozenset({"JP", "GB"}),
    categories=frozenset({"sexualised_synthetic"}),
    expires_at=NOW + timedelta(days=30),
)
CLEAN = LaneRecord(hidden=0, upheld=0, reversed=0, in_last_hour=0)


def why_not(
    lane: Lane = LANE,
    numbers: LaneRecord = CLEAN,
    category: str = "sexualised_synthetic",
    country: str = "JP",
) -> tuple[OutOfScope, ...]:
    """Why a filing does not hide at once."""
    return out_of_scope(lane, numbers, category=category, country=country, now=NOW)


def test_a_lane_in_scope_is_enough() -> None:
    assert why_not() == ()


@pytest.mark.parametrize("status", [status for status in LaneStatus if status is not LaneStatus.ACCREDITED])
def test_only_an_accredited_lane_counts(status: LaneStatus) -> None:
    assert why_not(replace(LANE, status=status)) == (OutOfScope.NOT_ACCREDITED,)


def test_each_limit_of_a_lane_is_named() -> None:
    assert why_not(category="other") == (OutOfScope.CATEGORY,)
    assert why_not(country="US") == (OutOfScope.COUNTRY,)
    assert why_not(replace(LANE, expires_at=NOW)) == (OutOfScope.EXPIRED,)
    assert why_not(numbers=replace(CLEAN, hidden=60, in_last_hour=60)) == (OutOfScope.TOO_FAST,)


@pytest.mark.parametrize(
    ("upheld", "reversals", "lost"),
    [(0, 0, False), (0, 1, False), (0, 2, False), (0, 3, True), (9, 1, False), (8, 2, True), (90, 10, False)],
)
def test_a_reversal_rate_above_the_line_takes_instant_hiding_away(upheld: int, reversals: int, lost: bool) -> None:
    numbers = LaneRecord(hidden=upheld + reversals, upheld=upheld, reversed=reversals, in_last_hour=0)
    assert instant_hiding_lost(numbers) is lost
    assert (OutOfScope.REVERSED_TOO_OFTEN in why_not(numbers=numbers)) is lost


def test_numbers_are_those_of_the_window() -> None:
    hides = [
        LaneHide(NOW - timedelta(days=91), upheld=False),
        LaneHide(NOW - timedelta(days=2), upheld=True),
        LaneHide(NOW - timedelta(days=2), upheld=False),
        LaneHide(NOW - timedelta(minutes=5)),
        LaneHide(NOW + timedelta(minutes=5)),
    ]
    numbers = record(hides, NOW)
    assert numbers == LaneRecord(hidden=3, upheld=1, reversed=1, in_last_hour=1)
    assert numbers.reversal_rate == 0.5
    assert CLEAN.reversal_rate is None


def test_whose_word_a_lane_s_filing_is() -> None:
    assert LaneKind.HOTLINE.filer is Filer.TRUSTED_FLAGGER
    assert LaneKind.AUTHORITY.filer is Filer.AUTHORITY
