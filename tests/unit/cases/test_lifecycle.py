"""The table of moves: what it allows, what it refuses, and that nothing on it loses a hidden picture."""

from datetime import UTC, datetime

import pytest

from consentry.cases.clocks import Clock, Depiction, Installation, started_by
from consentry.cases.errors import LifecycleError
from consentry.cases.events import CaseEvent, EventKind
from consentry.cases.jurisdictions import load_rules
from consentry.cases.lifecycle import (
    DUE_KINDS,
    HIDES,
    TABLE,
    TERMINAL,
    ActorKind,
    CaseState,
    Effect,
    Move,
    Step,
    holding,
    move,
    moves_from,
    queue_due,
)

AT = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


def test_a_report_is_hidden_decided_appealed_and_restored() -> None:
    filed = move(None, Move.FILE, by=ActorKind.REPORTER)
    hidden = move(filed.state, Move.HIDE, by=ActorKind.SYSTEM)
    removed = move(hidden.state, Move.DECIDE_REMOVE, by=ActorKind.REVIEWER)
    appealed = move(removed.state, Move.APPEAL, by=ActorKind.UPLOADER)
    restored = move(appealed.state, Move.OVERTURN, by=ActorKind.SENIOR_REVIEWER)
    assert [step.state for step in (filed, hidden, removed, appealed, restored)] == [
        CaseState.RECEIVED,
        CaseState.HIDDEN,
        CaseState.DECIDED_REMOVED,
        CaseState.REMOVAL_APPEALED,
        CaseState.RESTORED,
    ]
    assert [step.effect for step in (filed, hidden, removed, appealed, restored)] == [
        Effect.NONE,
        Effect.HIDE_CONTENT,
        Effect.NONE,
        Effect.NONE,
        Effect.LIFT_HIDING,
    ]
    assert hidden.events == (EventKind.RESTRICTION_IMPOSED, EventKind.INTERIM_HIDDEN)


def test_a_removal_without_an_interim_hide_tells_the_platform_to_hide() -> None:
    step = move(CaseState.RECEIVED, Move.DECIDE_REMOVE, by=ActorKind.REVIEWER)
    assert step.effect is Effect.HIDE_CONTENT
    assert step.events == (EventKind.DECISION_MADE, EventKind.RESTRICTION_IMPOSED)


def test_keeping_a_hidden_picture_brings_it_back() -> None:
    step = move(CaseState.HIDDEN, Move.DECIDE_KEEP, by=ActorKind.REVIEWER)
    assert step.effect is Effect.LIFT_HIDING
    assert EventKind.RESTRICTION_LIFTED in step.events


def test_a_refused_move_says_what_was_not_done_and_what_is_possible() -> None:
    with pytest.raises(LifecycleError) as caught:
        move(CaseState.MOOT, Move.DECIDE_REMOVE, by=ActorKind.REVIEWER)
    assert caught.value.not_done == "The case was not changed."
    assert "nothing" in caught.value.next_step
    with pytest.raises(LifecycleError, match="not for a lane"):
        move(CaseState.HIDDEN, Move.DECIDE_REMOVE, by=ActorKind.LANE)


def test_only_people_of_the_platform_decide() -> None:
    deciding = {Move.DECIDE_REMOVE, Move.DECIDE_KEEP, Move.UPHOLD, Move.OVERTURN}
    hands = {hand for (_, what), (_, allowed) in TABLE.items() if what in deciding for hand in allowed}
    assert hands == {ActorKind.REVIEWER, ActorKind.SENIOR_REVIEWER}


def test_dr_01_every_hidden_state_has_a_restore_path_and_a_due_time() -> None:
    for state in HIDES:
        lifts = [what for what in moves_from(state) if move_by_anyone(state, what).effect is Effect.LIFT_HIDING]
        assert lifts, f"nothing brings a picture back from {state}"
    for state in CaseState:
        is_settled = state in TERMINAL or state in {
            CaseState.DECIDED_REMOVED,
            CaseState.DECIDED_KEPT,
            CaseState.RESTORED,
        }
        assert (state in DUE_KINDS) is not is_settled, state


def test_dr_06_a_machine_or_a_lane_never_removes_and_never_restores_what_a_person_decided() -> None:
    for hand in (ActorKind.SYSTEM, ActorKind.LANE):
        for state in (CaseState.DECIDED_REMOVED, CaseState.REMOVAL_APPEALED):
            for what in moves_from(state, by=hand):
                assert move(state, what, by=hand).state is state
        for state in CaseState:
            for what in moves_from(state, by=hand):
                after = move(state, what, by=hand).state
                assert after is state or after is not CaseState.DECIDED_REMOVED


def test_terminal_states_hide_nothing_and_go_nowhere() -> None:
    assert not TERMINAL & HIDES
    for state in TERMINAL:
        assert moves_from(state) == ()


def test_every_state_can_be_reached() -> None:
    reached: set[CaseState | None] = {None}
    for _ in CaseState:
        reached |= {target for (source, _), (target, _) in TABLE.items() if source in reached}
    assert reached - {None} == set(CaseState)


def test_asking_or_withdrawing_never_brings_a_hidden_picture_back() -> None:
    for what, by in ((Move.ASK, ActorKind.REVIEWER), (Move.WITHDRAW, ActorKind.REPORTER)):
        assert move(CaseState.HIDDEN, what, by=by).state is CaseState.HIDDEN


def test_b2_a_post_deleted_by_its_author_keeps_the_record_at_every_stage() -> None:
    before_decision = (CaseState.RECEIVED, CaseState.NEEDS_INFORMATION, CaseState.HIDDEN, CaseState.KEEP_APPEALED)
    for state in before_decision:
        assert move(state, Move.MOOT, by=ActorKind.SYSTEM).state is CaseState.MOOT
    for state in (CaseState.DECIDED_REMOVED, CaseState.REMOVAL_APPEALED, CaseState.DECIDED_KEPT, CaseState.RESTORED):
        assert move(state, Move.MOOT, by=ActorKind.SYSTEM).state is state


def test_the_queue_asks_for_the_first_thing_owed_and_mixes_no_kinds() -> None:
    clocks = _clocks(EventKind.REPORT_RECEIVED)
    assert queue_due(CaseState.RECEIVED, clocks) == datetime(2026, 11, 25, 9, 15, tzinfo=UTC)
    assert queue_due(CaseState.HIDDEN, clocks) is None
    assert queue_due(CaseState.HIDDEN, _clocks(EventKind.INTERIM_HIDDEN)) == datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
    assert queue_due(CaseState.KEEP_APPEALED, _clocks(EventKind.APPEAL_FILED)) == datetime(2026, 11, 28, 9, tzinfo=UTC)
    assert queue_due(CaseState.MOOT, clocks) is None


def test_what_holds_for_a_report_that_joins_late() -> None:
    assert holding(CaseState.RECEIVED, confirmed=True) == ()
    assert EventKind.CONTENT_HIDDEN in holding(CaseState.HIDDEN, confirmed=True)
    assert EventKind.CONTENT_HIDDEN not in holding(CaseState.HIDDEN, confirmed=False)
    assert EventKind.CONTENT_REMOVED in holding(CaseState.DECIDED_REMOVED, confirmed=True)
    assert holding(CaseState.DECIDED_KEPT, confirmed=False) == (EventKind.DECISION_MADE,)


def move_by_anyone(state: CaseState, what: Move) -> Step:
    """The step of whoever may do it."""
    _, hands = TABLE[state, what]
    return move(state, what, by=min(hands))


def _clocks(kind: EventKind) -> tuple[Clock, ...]:
    started = started_by(
        CaseEvent(kind, AT, ref="rep_1"),
        book=load_rules(),
        installation=Installation(),
        depiction=Depiction.SYNTHETIC,
        created_at=AT,
    )
    return tuple(Clock(start) for start in started)
