"""One clock a rule: which start, when they are due, what stops them, how they stand."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from consentry.cases.clocks import (
    Clock,
    ClockStart,
    ClockState,
    Depiction,
    DueFrom,
    Filer,
    Installation,
    after,
    earliest_of_kind,
    started_by,
    stop_of,
)
from consentry.cases.errors import ClockError
from consentry.cases.events import CaseEvent, EventKind
from consentry.cases.jurisdictions import Status, load_rules
from consentry.cases.kinds import CLASS_OF, MET_BY, Kind, KindClass

AT = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
EVERYWHERE = Installation(jurisdictions=load_rules().jurisdictions, facts={})


def starts(
    kind: EventKind,
    *,
    at: datetime = AT,
    where: Installation | None = None,
    depiction: Depiction = Depiction.SYNTHETIC,
    filer: Filer = Filer.PERSON,
    kept: bool | None = None,
    hidden: bool | None = None,
) -> dict[str, ClockStart]:
    """The clocks that one event starts, by rule id."""
    found = started_by(
        CaseEvent(kind, at, ref="rep_1", kept=kept, hidden=hidden),
        book=load_rules(),
        installation=where or Installation(),
        depiction=depiction,
        created_at=at,
        filer=filer,
    )
    return {start.rule_id: start for start in found}


def test_a_report_starts_the_house_and_every_law_at_work() -> None:
    found = starts(EventKind.REPORT_RECEIVED)
    assert {rule_id: start.due_at for rule_id, start in found.items()} == {
        "house-look": AT + timedelta(minutes=15),
        "house-acknowledge": AT + timedelta(hours=1),
        "house-decide": AT + timedelta(hours=24),
        "house-decide-ceiling": AT + timedelta(hours=48),
        "us-tida-remove": AT + timedelta(hours=48),
        "us-tida-ftc-expectations": AT + timedelta(hours=24),
        "uk-osa-10-3a-remove": AT + timedelta(hours=48),
    }


def test_japan_168_hours_is_a_notice_of_the_decision_and_never_a_removal() -> None:
    notice = starts(EventKind.DECISION_REQUEST)["jp-joho-plat-notify"]
    assert notice.kind is Kind.DECIDE_AND_NOTIFY
    assert notice.due_at == AT + timedelta(hours=168)
    clock = Clock(notice)
    assert stop_of(clock, CaseEvent(EventKind.CONTENT_REMOVED, AT + timedelta(hours=1))) is None
    told = stop_of(clock, CaseEvent(EventKind.DECISION_NOTIFIED, AT + timedelta(hours=2), ref="rep_1"))
    assert told is not None
    assert told.met


def test_dr_04_a_synthetic_case_in_japan_yields_no_sender_silence_clock() -> None:
    for depiction in (Depiction.SYNTHETIC, Depiction.UNKNOWN):
        found = starts(EventKind.SENDER_INQUIRY, depiction=depiction, where=EVERYWHERE)
        assert not [s for s in found.values() if s.kind is Kind.SENDER_SILENCE]
    photographed = starts(EventKind.SENDER_INQUIRY, depiction=Depiction.PHOTOGRAPHED)
    assert set(photographed) == {"jp-private-sexual-image-sender-silence", "jp-joho-plat-sender-silence-ordinary"}
    assert not any(start.is_deadline for start in photographed.values())


def test_dr_04_with_an_unknown_picture_deadlines_still_run() -> None:
    california = Installation(jurisdictions=("us-ca",))
    assert "us-ca-sb981-ack" in starts(EventKind.REPORT_RECEIVED, where=california, depiction=Depiction.UNKNOWN)
    assert "us-ca-sb981-ack" not in starts(
        EventKind.REPORT_RECEIVED, where=california, depiction=Depiction.PHOTOGRAPHED
    )
    malaysia = Installation(jurisdictions=("my",))
    assert "my-onsa-ack" in starts(EventKind.REPORT_RECEIVED, where=malaysia, depiction=Depiction.PHOTOGRAPHED)


def test_dr_05_kinds_are_never_mixed() -> None:
    clocks = [Clock(start) for start in starts(EventKind.REPORT_RECEIVED, where=EVERYWHERE).values()]
    for kind in Kind:
        found = earliest_of_kind(clocks, kind)
        assert found is None or found.start.kind is kind
    assert {kind for kind, which in CLASS_OF.items() if which is KindClass.ACTION} == set(MET_BY)


def test_dr_05_permission_retention_and_window_are_no_deadlines_and_never_breached() -> None:
    kinds = {
        EventKind.SENDER_INQUIRY: Kind.SENDER_SILENCE,
        EventKind.REPORT_SUBMITTED: Kind.PRESERVE,
        EventKind.ACTION_NOTIFIED: Kind.APPEAL_WINDOW,
    }
    for event, kind in kinds.items():
        found = starts(event, depiction=Depiction.PHOTOGRAPHED, where=EVERYWHERE)
        of_kind = [Clock(start) for start in found.values() if start.kind is kind]
        assert of_kind
        for clock in of_kind:
            assert not clock.start.is_deadline
            assert clock.breached_at(AT + timedelta(days=4000)) is None
            assert clock.state(AT + timedelta(days=4000)) is ClockState.ELAPSED


def test_null_hours_never_mean_no_limit() -> None:
    for event in EventKind:
        for start in starts(event, where=EVERYWHERE, depiction=Depiction.UNKNOWN, filer=Filer.AUTHORITY).values():
            if start.is_deadline:
                assert start.due_at is not None, start.rule_id
    korea = starts(EventKind.REPORT_RECEIVED, where=Installation(jurisdictions=("kr",)))["kr-tba-22-5-report"]
    assert korea.due_at == AT + timedelta(hours=2)
    assert korea.due_from is DueFrom.HOUSE


def test_uncertain_rules_run_and_say_that_they_are_uncertain() -> None:
    uk = starts(EventKind.REPORT_RECEIVED)["uk-osa-10-3a-remove"]
    assert uk.status is Status.UNCERTAIN
    assert any("NOT CONFIRMED" in caveat for caveat in uk.caveats)


def test_a_rule_does_not_run_before_its_day_and_runs_as_soon_as_the_day_begins_anywhere() -> None:
    before = datetime(2026, 5, 18, 9, 59, tzinfo=UTC)
    assert "us-tida-remove" not in starts(EventKind.REPORT_RECEIVED, at=before)
    assert "us-tida-remove" in starts(EventKind.REPORT_RECEIVED, at=before + timedelta(minutes=1))


def test_an_institution_s_rule_runs_for_its_word_only() -> None:
    eu = Installation(jurisdictions=("eu", "kr"))
    assert "eu-dsa-22-trusted-flaggers" not in starts(EventKind.REPORT_RECEIVED, where=eu)
    assert "eu-dsa-22-trusted-flaggers" in starts(EventKind.REPORT_RECEIVED, where=eu, filer=Filer.TRUSTED_FLAGGER)
    assert "kr-regulator-24h" in starts(EventKind.ORDER_RECEIVED, where=eu, filer=Filer.AUTHORITY)
    assert "kr-regulator-24h" not in starts(EventKind.ORDER_RECEIVED, where=eu)


def test_b10_a_small_installation_shows_no_false_legal_clock() -> None:
    small = Installation(facts={"jp_designated_large_provider": False, "search_service": False})
    assert "jp-joho-plat-notify" not in starts(EventKind.DECISION_REQUEST, where=small)
    assert "jp-joho-plat-notify" in starts(EventKind.DECISION_REQUEST, where=Installation(facts={}))
    assert "uk-osa-27-search" in starts(EventKind.REPORT_RECEIVED, where=Installation(facts={}))
    assert "uk-osa-27-search" not in starts(EventKind.REPORT_RECEIVED, where=small)


def test_dst_weekends_and_leap_days_count_in_utc() -> None:
    new_york = ZoneInfo("America/New_York")
    saturday_before_dst = datetime(2027, 3, 13, 20, 0, tzinfo=new_york)
    start = starts(EventKind.REPORT_RECEIVED, at=saturday_before_dst)["us-tida-remove"]
    assert start.started_at.tzinfo is UTC
    assert start.due_at == datetime(2027, 3, 16, 1, 0, tzinfo=UTC)
    leap = datetime(2028, 2, 28, 12, 0, tzinfo=UTC)
    assert starts(EventKind.REPORT_RECEIVED, at=leap)["us-tida-remove"].due_at == datetime(2028, 3, 1, 12, tzinfo=UTC)
    tokyo = datetime(2026, 12, 31, 23, 0, tzinfo=timezone(timedelta(hours=9)))
    assert starts(EventKind.DECISION_REQUEST, at=tokyo)["jp-joho-plat-notify"].due_at == datetime(
        2027, 1, 7, 14, 0, tzinfo=UTC
    )


@pytest.mark.parametrize(
    ("submitted", "kept_until"),
    [
        (datetime(2027, 6, 1, tzinfo=UTC), datetime(2028, 6, 1, tzinfo=UTC)),
        (datetime(2028, 2, 29, 8, tzinfo=UTC), datetime(2029, 3, 1, 8, tzinfo=UTC)),
        (datetime(2026, 11, 25, tzinfo=UTC), datetime(2027, 11, 25, tzinfo=UTC)),
    ],
)
def test_a_year_of_keeping_is_a_calendar_year(submitted: datetime, kept_until: datetime) -> None:
    assert starts(EventKind.REPORT_SUBMITTED, at=submitted)["us-2258a-preserve"].due_at == kept_until


def test_after_a_decision_only_the_matching_half_runs() -> None:
    malaysia = Installation(jurisdictions=("my",))
    removed = starts(EventKind.DECISION_MADE, where=malaysia, kept=False)
    kept = starts(EventKind.DECISION_MADE, where=malaysia, kept=True, hidden=True)
    assert {start.kind for start in removed.values()} == {Kind.REMOVE}
    assert {start.kind for start in kept.values()} == {Kind.RESTORE}
    assert not starts(EventKind.DECISION_MADE, where=malaysia, kept=True, hidden=False)


def test_states_at_half_at_eighty_and_beyond() -> None:
    clock = Clock(starts(EventKind.REPORT_RECEIVED)["house-decide"])
    expected = {
        0: ClockState.RUNNING,
        11: ClockState.RUNNING,
        12: ClockState.HALF,
        19: ClockState.HALF,
        20: ClockState.EIGHTY,
        24: ClockState.EIGHTY,
        25: ClockState.BREACHED,
    }
    assert {hour: clock.state(AT + timedelta(hours=hour)) for hour in expected} == expected
    assert clock.remaining(AT + timedelta(hours=25)) == timedelta(hours=-1)


def test_a_breach_is_for_ever_even_when_the_duty_is_done_late() -> None:
    late = CaseEvent(EventKind.ACKNOWLEDGEMENT_SENT, AT + timedelta(hours=2), ref="rep_1")
    clock = Clock(starts(EventKind.REPORT_RECEIVED)["house-acknowledge"])
    done = replace(clock, stop=stop_of(clock, late))
    assert done.state(AT + timedelta(days=900)) is ClockState.BREACHED
    assert done.breached_at(AT + timedelta(days=900)) == AT + timedelta(hours=1)
    in_time = replace(clock, stop=stop_of(clock, replace(late, at=AT + timedelta(minutes=1))))
    assert in_time.state(AT + timedelta(days=900)) is ClockState.STOPPED


def test_one_report_s_events_leave_another_report_s_clocks_alone() -> None:
    clock = Clock(starts(EventKind.REPORT_RECEIVED)["house-acknowledge"])
    assert stop_of(clock, CaseEvent(EventKind.ACKNOWLEDGEMENT_SENT, AT, ref="rep_2")) is None
    assert stop_of(clock, CaseEvent(EventKind.REPORT_WITHDRAWN, AT, ref="rep_2")) is None
    mine = stop_of(clock, CaseEvent(EventKind.REPORT_WITHDRAWN, AT, ref="rep_1"))
    assert mine is not None
    assert not mine.met


def test_an_interim_hide_does_not_fulfil_a_removal_and_keeping_ends_it() -> None:
    clock = Clock(starts(EventKind.REPORT_RECEIVED)["us-tida-remove"])
    assert stop_of(clock, CaseEvent(EventKind.CONTENT_HIDDEN, AT)) is None
    removed = stop_of(clock, CaseEvent(EventKind.CONTENT_REMOVED, AT))
    kept = stop_of(clock, CaseEvent(EventKind.DECISION_MADE, AT, kept=True))
    assert removed is not None
    assert removed.met
    assert kept is not None
    assert not kept.met
    assert stop_of(clock, CaseEvent(EventKind.DECISION_MADE, AT, kept=False)) is None


def test_b2_a_post_gone_by_its_author_stops_the_clocks_with_that_reason() -> None:
    clock = Clock(starts(EventKind.REPORT_RECEIVED)["us-tida-remove"])
    stop = stop_of(clock, CaseEvent(EventKind.CONTENT_GONE, AT))
    assert stop is not None
    assert (stop.by, stop.met) == (EventKind.CONTENT_GONE, False)


def test_a_second_hide_gets_its_own_clock() -> None:
    clocks: tuple[Clock, ...] = ()
    kinds = (EventKind.INTERIM_HIDDEN, EventKind.DECISION_MADE, EventKind.INTERIM_HIDDEN)
    for hour, kind in enumerate(kinds):
        clocks = after(
            clocks,
            CaseEvent(kind, AT + timedelta(hours=hour), kept=True),
            book=load_rules(),
            installation=Installation(),
            depiction=Depiction.SYNTHETIC,
            created_at=AT,
        )
    deciding = [clock for clock in clocks if clock.start.rule_id == "house-hidden"]
    assert [clock.stop is None for clock in deciding] == [False, True]


def test_b6_no_time_before_the_case_and_no_time_without_a_zone() -> None:
    with pytest.raises(ClockError, match="before its case"):
        started_by(
            CaseEvent(EventKind.REPORT_RECEIVED, datetime(1970, 1, 1, tzinfo=UTC)),
            book=load_rules(),
            installation=Installation(),
            depiction=Depiction.UNKNOWN,
            created_at=AT,
        )
    with pytest.raises(ClockError, match="without a zone"):
        CaseEvent(EventKind.REPORT_RECEIVED, datetime(2026, 11, 25))  # noqa: DTZ001 - the point of the test


def test_announced_rules_wait_for_their_day() -> None:
    eu = Installation(jurisdictions=("eu",))
    assert "eu-vaw-23" not in starts(EventKind.ORDER_RECEIVED, where=eu, filer=Filer.AUTHORITY)
    later = datetime.combine(date(2027, 6, 14), AT.timetz())
    assert "eu-vaw-23" in starts(EventKind.ORDER_RECEIVED, where=eu, filer=Filer.AUTHORITY, at=later)
