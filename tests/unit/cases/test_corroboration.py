"""Hide at once or let a person look: which grounds suffice and what holds back."""

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from consentry.cases.breaker import ACCOUNT, PLATFORM, BreakerState, InstantHide, breaker, strictest
from consentry.cases.corroboration import BankMatch, Evidence, Ground, HeldBack, HideAction, Trace, corroborate

HARMLESS = Evidence(exposure=0.02)


@pytest.mark.parametrize(
    ("evidence", "ground"),
    [
        (Evidence(exposure=0.8), Ground.EXPOSURE),
        (Evidence(exposure=0.4, trace=Trace.EDIT), Ground.TRACE),
        (Evidence(exposure=0.4, trace=Trace.REFUSED), Ground.TRACE),
        (Evidence(exposure=0.0, bank=BankMatch(10)), Ground.IDENTICAL_COPY),
        (Evidence(exposure=None, bank=BankMatch(0)), Ground.IDENTICAL_COPY),
        (Evidence(exposure=0.4, bank=BankMatch(31)), Ground.NEAR_COPY),
        (Evidence(exposure=None, lane_in_scope=True), Ground.LANE),
    ],
)
def test_dr_01_any_one_ground_hides_at_once(evidence: Evidence, ground: Ground) -> None:
    decision = corroborate(evidence)
    assert decision.hide
    assert ground in decision.grounds
    assert decision.held_back == ()


@pytest.mark.parametrize(
    "evidence",
    [
        HARMLESS,
        Evidence(exposure=0.79),
        Evidence(exposure=0.39, trace=Trace.EDIT),
        Evidence(exposure=0.02, trace=Trace.REFUSED),
        Evidence(exposure=0.02, bank=BankMatch(11)),
        Evidence(exposure=0.9, bank=BankMatch(0), breaker=BreakerState.OPEN),
        Evidence(exposure=0.39, bank=BankMatch(31)),
        Evidence(exposure=0.02, bank=BankMatch(0, acts_alone=False)),
    ],
)
def test_dr_01_otherwise_a_person_looks_within_fifteen_minutes(evidence: Evidence) -> None:
    decision = corroborate(evidence)
    assert decision.action is HideAction.PERSON_LOOKS
    assert decision.look_within == timedelta(minutes=15)
    assert decision.held_back


def test_rule_5_a_hash_that_agrees_is_never_a_ground() -> None:
    assert corroborate(replace(HARMLESS, claimed_distance=0)).held_back == (HeldBack.NO_GROUND,)


def test_rule_5_a_hash_of_another_picture_holds_back_whatever_else_speaks() -> None:
    strong = Evidence(exposure=0.99, trace=Trace.EDIT, bank=BankMatch(0), lane_in_scope=True)
    assert corroborate(strong).hide
    assert corroborate(replace(strong, claimed_distance=31)).hide
    decision = corroborate(replace(strong, claimed_distance=32))
    assert not decision.hide
    assert decision.held_back == (HeldBack.OTHER_PICTURE,)


@pytest.mark.parametrize("score", [None, math.nan, math.inf, -math.inf, -0.1, 1.1])
def test_rule_14_what_was_not_read_is_not_clean_and_not_a_ground(score: float | None) -> None:
    decision = corroborate(Evidence(exposure=score))
    assert decision.held_back == (HeldBack.NOT_READ,)
    assert not corroborate(Evidence(exposure=score, trace=Trace.EDIT, bank=BankMatch(20))).hide


def test_dr_06_a_perceptual_match_alone_goes_to_a_person() -> None:
    for distance in range(11, 32):
        assert not corroborate(Evidence(exposure=0.1, bank=BankMatch(distance))).hide
    assert not corroborate(Evidence(exposure=0.1, bank=BankMatch(-1))).hide
    assert {action.value for action in HideAction} == {"hide_now", "person_looks"}, "no outcome removes or restores"


NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


def test_rule_6_a_thousand_reports_on_a_harmless_feed_hide_at_most_one_in_a_hundred() -> None:
    """Even with a detector that is wrong about every single picture, and with reviewers that undo every hide."""
    for reviewed in (False, True):
        hides: list[InstantHide] = []
        for minute in range(1000):
            now = NOW + timedelta(minutes=minute)
            if reviewed:
                hides = [replace(hide, confirmed=False) for hide in hides]
            if corroborate(Evidence(exposure=0.99, breaker=breaker(hides, now, PLATFORM))).hide:
                hides.append(InstantHide(now))
        assert 0 < len(hides) <= 10


def test_rule_6_reports_have_no_number() -> None:
    assert not {name for name in Evidence.__dataclass_fields__ if "report" in name or "count" in name}


def test_one_account_is_spared_sooner_than_a_platform() -> None:
    hides = [InstantHide(NOW)] * 3
    assert breaker(hides, NOW, ACCOUNT) is BreakerState.OPEN
    assert breaker(hides, NOW, PLATFORM) is BreakerState.CLOSED
    assert strictest(BreakerState.CLOSED, BreakerState.OPEN) is BreakerState.OPEN
    assert strictest(BreakerState.CLOSED) is BreakerState.CLOSED


def test_confirmed_hides_earn_more_and_unconfirmed_ones_never_grow_old() -> None:
    spent = [InstantHide(NOW)] * 10
    assert breaker(spent, NOW, PLATFORM) is BreakerState.OPEN
    assert breaker([*spent, InstantHide(NOW, confirmed=True)], NOW, PLATFORM) is BreakerState.CLOSED
    assert breaker(spent, NOW + timedelta(days=9), PLATFORM) is BreakerState.OPEN
    reversed_ones = [InstantHide(NOW, confirmed=False)] * 10
    assert breaker(reversed_ones, NOW + timedelta(hours=23), PLATFORM) is BreakerState.OPEN
    assert breaker(reversed_ones, NOW + timedelta(hours=25), PLATFORM) is BreakerState.CLOSED
