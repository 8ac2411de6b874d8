"""Appeals: who may, who rules, and that everything that must follow is listed."""

from datetime import UTC, datetime, timedelta

import pytest

from consentry.cases.appeal import AppealEffect, AppealOutcome, AppealSide, Ruling, open_appeal, rule_on
from consentry.cases.decision import Person
from consentry.cases.errors import AppealError, LifecycleError
from consentry.cases.lifecycle import ActorKind, CaseState
from consentry.cases.register import Register

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
SECOND = Person("8", ActorKind.REVIEWER)


def ruling(
    state: CaseState,
    outcome: AppealOutcome,
    *,
    by: Person = SECOND,
    register: Register = Register.ADULT,
    uploader_knows: bool = True,
    lane_involved: bool = False,
) -> Ruling:
    """A ruling on the appeal against a decision of person 7."""
    return rule_on(
        state,
        outcome,
        by=by,
        decided_before={"7"},
        register=register,
        uploader_knows=uploader_knows,
        lane_involved=lane_involved,
    )


def opened(state: CaseState, side: AppealSide, *, heard: set[AppealSide] | None = None, days: int = 1) -> CaseState:
    """The state after an appeal with ``days`` of its window left."""
    return open_appeal(state, side, heard_before=heard or set(), window_ends=NOW + timedelta(days=days), now=NOW).state


def test_each_side_appeals_what_went_against_it() -> None:
    assert opened(CaseState.DECIDED_REMOVED, AppealSide.UPLOADER) is CaseState.REMOVAL_APPEALED
    assert opened(CaseState.DECIDED_KEPT, AppealSide.REPORTER) is CaseState.KEEP_APPEALED
    assert opened(CaseState.RESTORED, AppealSide.LANE) is CaseState.KEEP_APPEALED
    with pytest.raises(LifecycleError):
        opened(CaseState.DECIDED_KEPT, AppealSide.UPLOADER)
    with pytest.raises(LifecycleError):
        opened(CaseState.HIDDEN, AppealSide.UPLOADER)


def test_a_side_appeals_once_and_in_time() -> None:
    with pytest.raises(AppealError, match="decided already"):
        opened(CaseState.DECIDED_REMOVED, AppealSide.UPLOADER, heard={AppealSide.UPLOADER})
    assert opened(CaseState.RESTORED, AppealSide.REPORTER, heard={AppealSide.UPLOADER}) is CaseState.KEEP_APPEALED
    with pytest.raises(AppealError, match="over"):
        opened(CaseState.DECIDED_REMOVED, AppealSide.UPLOADER, days=-1)


@pytest.mark.parametrize("outcome", list(AppealOutcome))
def test_the_first_person_never_rules_nor_does_a_machine(outcome: AppealOutcome) -> None:
    for kind in (ActorKind.REVIEWER, ActorKind.SENIOR_REVIEWER):
        with pytest.raises(AppealError, match="decided in this case before"):
            ruling(CaseState.REMOVAL_APPEALED, outcome, by=Person("7", kind))
    for kind in (ActorKind.SYSTEM, ActorKind.LANE, ActorKind.UPLOADER):
        with pytest.raises(LifecycleError):
            ruling(CaseState.REMOVAL_APPEALED, outcome, by=Person("9", kind))


def test_an_overturned_removal_undoes_everything_and_tells_both() -> None:
    found = ruling(CaseState.REMOVAL_APPEALED, AppealOutcome.OVERTURNED)
    assert found.step.state is CaseState.RESTORED
    assert found.effects == (
        AppealEffect.RESTORE_CONTENT,
        AppealEffect.UNBANK,
        AppealEffect.WITHDRAW_STRIKE,
        AppealEffect.CORRECT_NUMBERS,
        AppealEffect.TELL_REPORTER,
        AppealEffect.TELL_UPLOADER,
    )


def test_an_overturned_keep_removes_everywhere_and_tells_both() -> None:
    found = ruling(CaseState.KEEP_APPEALED, AppealOutcome.OVERTURNED, uploader_knows=False, lane_involved=True)
    assert found.step.state is CaseState.DECIDED_REMOVED
    assert found.effects == (
        AppealEffect.HIDE_CONTENT,
        AppealEffect.BANK,
        AppealEffect.GIVE_STRIKE,
        AppealEffect.CORRECT_NUMBERS,
        AppealEffect.TELL_REPORTER,
        AppealEffect.TELL_UPLOADER,
        AppealEffect.TELL_LANE,
    )


def test_a_denied_appeal_is_told_and_changes_nothing() -> None:
    found = ruling(CaseState.REMOVAL_APPEALED, AppealOutcome.UPHELD)
    assert found.effects == (AppealEffect.TELL_REPORTER, AppealEffect.TELL_UPLOADER)


def test_dr_09_an_uploader_who_knew_of_nothing_is_not_told_of_an_appeal_that_changes_nothing() -> None:
    found = ruling(CaseState.KEEP_APPEALED, AppealOutcome.UPHELD, uploader_knows=False)
    assert found.effects == (AppealEffect.TELL_REPORTER,)


def test_dr_03_the_child_register_is_not_banked_on_appeal_either() -> None:
    found = ruling(CaseState.KEEP_APPEALED, AppealOutcome.OVERTURNED, register=Register.CHILD)
    assert AppealEffect.BANK not in found.effects
    assert AppealEffect.HIDE_CONTENT in found.effects


def test_b5_an_appeal_can_be_rejected_and_no_decision_is_no_decision() -> None:
    assert ruling(CaseState.REMOVAL_APPEALED, AppealOutcome.UPHELD).step.state is CaseState.DECIDED_REMOVED
    assert {outcome.value for outcome in AppealOutcome} == {"upheld", "overturned"}
