"""Whatever happens to a case, its clocks never run backwards, disappear or mix kinds; nothing hidden is lost."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from consentry.cases.clocks import (
    Clock,
    ClockState,
    Depiction,
    Filer,
    Installation,
    after,
    earliest_of_kind,
    stopped,
)
from consentry.cases.events import CaseEvent, EventKind
from consentry.cases.jurisdictions import load_rules
from consentry.cases.kinds import Kind, KindClass
from consentry.cases.lifecycle import (
    DUE_KINDS,
    HIDES,
    TABLE,
    CaseState,
    Effect,
    Move,
    move,
    moves_from,
    queue_due,
)

CREATED = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
BOOK = load_rules()
EVERYWHERE = Installation(jurisdictions=BOOK.jurisdictions, facts={})
AT_WORK = Installation()

happenings = st.builds(
    CaseEvent,
    kind=st.sampled_from(EventKind),
    at=st.integers(0, 3_000_000).map(lambda seconds: CREATED + timedelta(seconds=seconds)),
    ref=st.sampled_from(["", "rep_a", "rep_b", "dec_a"]),
    kept=st.sampled_from([None, True, False]),
    hidden=st.sampled_from([None, True, False]),
)


def grow(clocks: tuple[Clock, ...], event: CaseEvent, depiction: Depiction, filer: Filer) -> tuple[Clock, ...]:
    """All clocks after one event, with every jurisdiction at work."""
    return after(
        clocks,
        event,
        book=BOOK,
        installation=EVERYWHERE,
        depiction=depiction,
        created_at=CREATED,
        filer=filer,
    )


@settings(max_examples=150, deadline=None)
@given(
    events=st.lists(happenings, max_size=25),
    depictions=st.lists(st.sampled_from(Depiction), min_size=25, max_size=25),
    filer=st.sampled_from(Filer),
)
def test_no_sequence_of_events_makes_a_clock_run_backwards_disappear_or_change(
    events: list[CaseEvent], depictions: list[Depiction], filer: Filer
) -> None:
    clocks: tuple[Clock, ...] = ()
    for event, depiction in zip(events, depictions, strict=False):
        before, clocks = clocks, grow(clocks, event, depiction, filer)
        assert [clock.start for clock in clocks[: len(before)]] == [clock.start for clock in before]
        for old, new in zip(before, clocks, strict=False):
            assert old.stop is None or new.stop == old.stop, "a stop is for ever"
    for clock in clocks:
        start = clock.start
        assert start.started_at >= CREATED
        assert start.due_at is None or start.due_at > start.started_at
        assert clock.stop is None or clock.stop.at >= start.started_at
        assert start.kind_class is not KindClass.STANDING
        assert start.kind_class is KindClass.ACTION or clock.stop is None
        assert start.kind_class is not KindClass.ACTION or start.due_at is not None
    keys = [clock.start.key for clock in clocks]
    assert len(keys) == len(set(keys)), "one clock a rule and start"


@settings(max_examples=100, deadline=None)
@given(events=st.lists(happenings, max_size=12))
def test_an_event_seen_twice_changes_nothing(events: list[CaseEvent]) -> None:
    clocks: tuple[Clock, ...] = ()
    for event in events:
        clocks = grow(clocks, event, Depiction.UNKNOWN, Filer.PERSON)
        again = grow(clocks, event, Depiction.UNKNOWN, Filer.PERSON)
        assert [clock.start for clock in again] == [clock.start for clock in clocks]


@settings(max_examples=100, deadline=None)
@given(
    events=st.lists(happenings, max_size=15),
    looks=st.lists(st.integers(0, 40_000_000), min_size=2, max_size=12).map(sorted),
)
def test_time_only_moves_a_clock_forwards_and_a_breach_is_for_ever(events: list[CaseEvent], looks: list[int]) -> None:
    clocks: tuple[Clock, ...] = ()
    for event in events:
        clocks = grow(clocks, event, Depiction.UNKNOWN, Filer.PERSON)
    order = [ClockState.RUNNING, ClockState.HALF, ClockState.EIGHTY, ClockState.BREACHED]
    for clock in clocks:
        seen = [clock.state(CREATED + timedelta(seconds=second)) for second in looks]
        if clock.stop is not None or not clock.start.is_deadline:
            assert ClockState.BREACHED not in seen or len(set(seen)) == 1
        else:
            places = [order.index(state) for state in seen]
            assert places == sorted(places)
        if clock.start.kind_class in {KindClass.PERMISSION, KindClass.RETENTION, KindClass.WINDOW}:
            assert not {ClockState.HALF, ClockState.EIGHTY, ClockState.BREACHED} & set(seen)


@settings(max_examples=100, deadline=None)
@given(events=st.lists(happenings, max_size=20), kind=st.sampled_from(Kind))
def test_the_earliest_of_a_kind_agrees_with_a_slow_search_and_never_mixes(events: list[CaseEvent], kind: Kind) -> None:
    clocks: tuple[Clock, ...] = ()
    for event in events:
        clocks = grow(clocks, event, Depiction.PHOTOGRAPHED, Filer.PERSON)
    slow = None
    for clock in clocks:
        due = clock.start.due_at
        if clock.start.kind != kind or clock.stop is not None or due is None:
            continue
        if slow is None or slow.start.due_at is None or due < slow.start.due_at:
            slow = clock
    found = earliest_of_kind(clocks, kind)
    assert (found and found.start.due_at) == (slow and slow.start.due_at)
    assert found is None or found.start.kind is kind


@settings(max_examples=60, deadline=None)
@given(at=st.datetimes(datetime(2026, 6, 1), datetime(2099, 1, 1), timezones=st.timezones()))  # noqa: DTZ001 - zones are drawn
def test_hours_are_hours_in_every_time_zone(at: datetime) -> None:
    event = CaseEvent(EventKind.REPORT_RECEIVED, at, ref="rep_a")
    clocks = after((), event, book=BOOK, installation=AT_WORK, depiction=Depiction.SYNTHETIC, created_at=event.at)
    us = next(clock.start for clock in clocks if clock.start.rule_id == "us-tida-remove")
    assert us.due_at == at.astimezone(UTC) + timedelta(hours=48)


@dataclass
class Walk:
    """A case on its way: what a careful application keeps."""

    state: CaseState | None = None
    clocks: tuple[Clock, ...] = ()
    now: datetime = CREATED
    reports: list[str] = field(default_factory=list)
    hidden: bool = False

    def take(self, what: Move) -> None:
        """Make one move by whoever may, record its events, and do what the platform is told."""
        _, hands = TABLE[self.state, what]
        step = move(self.state, what, by=min(hands))
        joins = what in {Move.FILE, Move.JOIN}
        if joins:
            self.reports.append(f"rep_{len(self.reports)}")
        ref = self.reports[-1] if joins or what is Move.WITHDRAW else ""
        kept = what is Move.DECIDE_KEEP if what in {Move.DECIDE_KEEP, Move.DECIDE_REMOVE} else None
        self.record(step.events, ref=ref, kept=kept)
        self.state = step.state
        if step.effect is not Effect.NONE:
            self.hidden = step.effect is Effect.HIDE_CONTENT
        if kept is not None:
            for report in self.reports:
                self.record((EventKind.DECISION_NOTIFIED,), ref=report)

    def record(self, kinds: tuple[EventKind, ...], *, ref: str, kept: bool | None = None) -> None:
        """Apply events to the clocks."""
        for kind in kinds:
            self.clocks = after(
                self.clocks,
                CaseEvent(kind, self.now, ref=ref, kept=kept, hidden=self.hidden),
                book=BOOK,
                installation=AT_WORK,
                depiction=Depiction.SYNTHETIC,
                created_at=CREATED,
            )


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_no_sequence_of_moves_loses_a_hidden_picture_or_leaves_it_without_a_due_time(data: st.DataObject) -> None:
    walk = Walk()
    walk.take(Move.FILE)
    for _ in range(data.draw(st.integers(0, 20))):
        possible = moves_from(walk.state)
        if not possible:
            break
        walk.now += timedelta(minutes=data.draw(st.integers(1, 600)))
        walk.take(data.draw(st.sampled_from(possible)))
        assert walk.state is not None
        assert walk.hidden is (walk.state in HIDES), "the state tells what the platform was told"
        if walk.state in HIDES:
            assert lifting_path(walk.state), "a hidden picture can be brought back"
        if walk.state in DUE_KINDS:
            assert queue_due(walk.state, walk.clocks) is not None, f"{walk.state} owes nothing by any time"


@settings(max_examples=60, deadline=None)
@given(events=st.lists(happenings, max_size=10), event=happenings)
def test_stopping_alone_starts_nothing(events: list[CaseEvent], event: CaseEvent) -> None:
    clocks: tuple[Clock, ...] = ()
    for earlier in events:
        clocks = grow(clocks, earlier, Depiction.UNKNOWN, Filer.PERSON)
    assert [clock.start for clock in stopped(clocks, event)] == [clock.start for clock in clocks]


def lifting_path(state: CaseState) -> bool:
    """Whether some sequence of moves from ``state`` tells the platform to lift the hiding."""
    seen, waiting = {state}, [state]
    while waiting:
        here = waiting.pop()
        for what in moves_from(here):
            step = move(here, what, by=min(TABLE[here, what][1]))
            if step.effect is Effect.LIFT_HIDING:
                return True
            if step.state not in seen:
                seen.add(step.state)
                waiting.append(step.state)
    return False
