"""Lanes: bounded, patient only until the deadline, and back at work when hanging work returns."""

import threading

import pytest

from consentry.guard.lanes import Lane, LaneState, WorkLost


def test_work_is_done_and_errors_are_told() -> None:
    lane: Lane[int, int] = Lane("divide", lambda number: 10 // number, threads=2, abandoned_limit=2)
    assert [lane.wait(lane.submit(number), 5) for number in (1, 2, 5)] == [10, 5, 2]
    with pytest.raises(WorkLost) as caught:
        lane.wait(lane.submit(0), 5)
    assert isinstance(caught.value.__cause__, ZeroDivisionError)
    assert lane.state is LaneState.DOWN
    assert lane.wait(lane.submit(1), 5) == 10
    assert lane.state is LaneState.OK


def test_no_more_than_the_given_threads_work_at_once() -> None:
    lock, now, most = threading.Lock(), 0, 0
    go = threading.Event()

    def work(number: int) -> int:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        go.wait(5)
        with lock:
            now -= 1
        return number

    lane: Lane[int, int] = Lane("slow", work, threads=3, abandoned_limit=1)
    tickets = [lane.submit(number) for number in range(12)]
    go.set()
    assert [lane.wait(ticket, 5) for ticket in tickets] == list(range(12))
    assert 1 <= most <= 3


def test_hanging_work_is_left_behind_bounded_and_taken_back() -> None:
    release = threading.Event()

    def work(number: int) -> int:
        if number < 0:
            release.wait(30)
        return number

    lane: Lane[int, int] = Lane("sometimes", work, threads=1, abandoned_limit=2)
    before = threading.active_count()
    with pytest.raises(WorkLost, match="in time"):
        lane.wait(lane.submit(-1), 0.05)
    assert lane.state is LaneState.STUCK
    assert lane.wait(lane.submit(7), 5) == 7, "another thread takes over"
    assert lane.state is LaneState.OK
    with pytest.raises(WorkLost, match="in time"):
        lane.wait(lane.submit(-2), 0.05)
    for _ in range(5):
        with pytest.raises(WorkLost, match="hang"):
            lane.submit(7)
    assert lane.state is LaneState.STUCK
    assert threading.active_count() <= before + 2
    release.set()
    for _ in range(200):
        if lane.state is LaneState.OK:
            break
        threading.Event().wait(0.01)
    assert lane.wait(lane.submit(9), 5) == 9


def test_work_that_waits_behind_hanging_work_is_done_by_a_new_thread() -> None:
    release = threading.Event()
    lane: Lane[int, int] = Lane(
        "queue", lambda number: number if number >= 0 else release.wait(30) or number, threads=1, abandoned_limit=3
    )
    stuck, behind = lane.submit(-1), lane.submit(5)
    with pytest.raises(WorkLost):
        lane.wait(stuck, 0.05)
    assert lane.wait(behind, 5) == 5
    release.set()


def test_work_that_was_given_up_before_its_turn_is_never_begun() -> None:
    release, begun = threading.Event(), []

    def work(number: int) -> int:
        begun.append(number)
        release.wait(30)
        return number

    lane: Lane[int, int] = Lane("queue", work, threads=1, abandoned_limit=3)
    first, second, third = (lane.submit(number) for number in range(3))
    lane.give_up(second)
    release.set()
    assert lane.wait(first, 5) == 0
    assert lane.wait(third, 5) == 2
    assert begun == [0, 2]
