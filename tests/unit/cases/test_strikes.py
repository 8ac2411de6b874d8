"""The ladder of strikes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consentry.cases import law_file
from consentry.cases.strikes import Rung, Strike, load_ladder, standing

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


def strikes(*days_ago: float) -> list[Strike]:
    """Strikes given so many days before now."""
    return [Strike(NOW - timedelta(days=days)) for days in days_ago]


@pytest.mark.parametrize(
    ("days_ago", "rung", "may_generate", "may_post"),
    [
        ((), Rung.CLEAR, True, True),
        ((1,), Rung.WARNING, True, True),
        ((20, 1), Rung.COOLING_OFF, False, True),
        ((20, 8), Rung.COOLING_OFF, True, True),
        ((30, 20, 1), Rung.SUSPENSION, False, False),
        ((80, 70, 40), Rung.SUSPENSION, True, True),
        ((80, 70, 40, 1), Rung.BAN, False, False),
        ((366,), Rung.CLEAR, True, True),
        ((400, 1), Rung.WARNING, True, True),
    ],
)
def test_each_rung(days_ago: tuple[float, ...], rung: Rung, may_generate: bool, may_post: bool) -> None:
    found = standing(strikes(*days_ago), NOW)
    assert (found.rung, found.may_generate, found.may_post) == (rung, may_generate, may_post)


def test_a_measure_says_until_when() -> None:
    assert standing(strikes(20, 1), NOW).until == NOW + timedelta(days=6)
    assert standing(strikes(1), NOW).until == NOW + timedelta(days=364)
    assert standing(strikes(80, 70, 40, 1), NOW).until is None


def test_a_ban_outlasts_the_strikes_that_led_to_it() -> None:
    assert standing(strikes(2000, 1990, 1980, 1970), NOW).rung is Rung.BAN
    assert standing(strikes(2000, 1990, 1980, 1970), NOW).active == 0


def test_a_withdrawn_strike_was_never_given() -> None:
    four = strikes(80, 70, 40, 1)
    three = [replace(strike, withdrawn_at=NOW) if index == 0 else strike for index, strike in enumerate(four)]
    assert standing(three, NOW) == standing(four[1:], NOW)
    assert standing([replace(strike, withdrawn_at=NOW) for strike in four], NOW).rung is Rung.CLEAR


def test_a_strike_of_the_future_does_not_count_yet() -> None:
    assert standing(strikes(-1), NOW).rung is Rung.CLEAR


@given(st.lists(st.integers(0, 800), max_size=8), st.integers(0, 7))
def test_withdrawing_a_strike_never_makes_a_standing_worse(days_ago: list[int], which: int) -> None:
    given = strikes(*days_ago)
    if which >= len(given):
        return
    order = list(Rung)
    before, after = standing(given, NOW), standing(given[:which] + given[which + 1 :], NOW)
    assert order.index(after.rung) <= order.index(before.rung)
    assert after.may_post >= before.may_post
    assert after.may_generate >= before.may_generate


def test_the_ladder_is_published_as_it_stands() -> None:
    ladder = load_ladder()
    published = law_file.parse("ladder.yaml", law_file.read("consentry.cases", "ladder.yaml"))
    assert [step.rung.value for step in ladder.steps] == [step["rung"] for step in published["steps"]]
    assert ladder.expires_after == timedelta(days=365)
