"""An outsider proves a report, and every way to doctor one is named; erasing persons changes nothing."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from consentry.audit.leaf import OpenLeaf, new_leaf
from consentry.audit.log import Log
from consentry.audit.note import Signer
from consentry.oversight.buckets import BUCKETS
from consentry.oversight.disclosure import Disclosure, Package, format_package, parse_package
from consentry.oversight.errors import DisclosureError, ReportError
from consentry.oversight.events import EventType, PublicEvent, parse_event
from consentry.oversight.metrics import Number
from consentry.oversight.recompute import Verdict, verify_report
from consentry.oversight.report import Period, Report, make_report, parse_period, parse_report
from tests.fakes.tile_memory import TileMemory

ORIGIN = "log.example/test"
PERIOD = Period(date(2026, 1, 1), date(2026, 2, 1))


class Installation:
    """A log of 300 reports and hides with their payload rows, as the application would keep them."""

    def __init__(self) -> None:
        self.signer = Signer(ORIGIN, Ed25519PrivateKey.generate())
        self.storage = TileMemory()
        self.log = Log.start(self.storage, self.signer)
        self.leaves: list[OpenLeaf] = []
        for number in range(300):
            at = datetime(2026, 1, 1 + number % 28, 12, number % 60, tzinfo=UTC)
            event = (
                PublicEvent(EventType.REPORT_RECEIVED, at, lane="portal", outcome="opened", platform="example")
                if number % 2
                else PublicEvent(
                    EventType.CASE_HIDDEN, at, lane="portal", rule="exposure", duration=BUCKETS[number % 20]
                )
            )
            self.leaves.append(new_leaf(event.to_bytes(), b"case %d" % number))
        self.log.append([leaf.entry for leaf in self.leaves])

    def lines(self) -> list[str]:
        rows = (Disclosure(index, parse_event(leaf.public), leaf.public_salt) for index, leaf in enumerate(self.leaves))
        return list(format_package(self.log.checkpoint, rows))

    def package(self) -> Package:
        return parse_package(self.lines())

    def report(self) -> Report:
        made = make_report(self.package().events(), origin=ORIGIN, period=PERIOD, checkpoint=self.log.checkpoint)
        return parse_report(json.dumps(made.to_data()))

    def verdict(self, report: Report, package: Package | None = None) -> Verdict:
        return verify_report(report, package or self.package(), self.storage, [self.signer.verifier])


@pytest.fixture(scope="module")
def place() -> Installation:
    return Installation()


def test_a_true_report_is_proved(place: Installation) -> None:
    verdict = place.verdict(place.report())
    assert verdict.proved
    assert (verdict.opened, verdict.size) == (300, 300)
    assert place.report().number("reports_received") == Number("reports_received", "", 150, 150)


def test_it_is_still_proved_after_a_third_of_the_persons_were_erased() -> None:
    place = Installation()
    before = place.report()
    for index in range(0, 300, 3):
        place.leaves[index] = replace(place.leaves[index], private=b"", private_salt=bytes(32))
    assert place.report() == before
    assert place.verdict(before).proved


def test_every_changed_number_is_named(place: Installation) -> None:
    report = place.report()
    for position in (0, 4, 9, len(report.numbers) - 1):
        number = report.numbers[position]
        doctored = replace(number, n=number.n + 1)
        numbers = (*report.numbers[:position], doctored, *report.numbers[position + 1 :])
        verdict = place.verdict(replace(report, numbers=numbers))
        assert [(each.metric, each.by) for each in verdict.differences] == [(number.metric, number.by)]
        assert not verdict.proved


def test_a_number_left_out_added_or_told_twice_is_named(place: Installation) -> None:
    report = place.report()
    for numbers, name in (
        (report.numbers[1:], report.numbers[0].metric),
        ((*report.numbers, Number("invented", "", 1, 1)), "invented"),
        ((*report.numbers, report.numbers[3]), report.numbers[3].metric),
        ((replace(report.numbers[3], value=99), *report.numbers), report.numbers[3].metric),
    ):
        verdict = place.verdict(replace(report, numbers=numbers))
        assert [each.metric for each in verdict.differences] == [name]
        assert not verdict.proved


def test_an_event_told_differently_than_it_was_entered_is_named_by_its_index(place: Installation) -> None:
    package = place.package()
    told = package.disclosures[4]
    package.disclosures[4] = replace(told, event=replace(told.event, duration=BUCKETS[0]))
    verdict = place.verdict(place.report(), package)
    assert verdict.unopened == (4,)
    assert not verdict.proved


def test_a_leaf_that_is_kept_back_is_named(place: Installation) -> None:
    lines = place.lines()
    del lines[1 + 7]
    verdict = place.verdict(place.report(), parse_package(lines))
    assert verdict.missing == (7,)
    assert verdict.differences
    assert not verdict.proved


def test_another_key_or_a_damaged_log_proves_nothing(place: Installation) -> None:
    other = Signer(ORIGIN, Ed25519PrivateKey.generate())
    assert verify_report(place.report(), place.package(), place.storage, [other.verifier]).fault
    damaged = Installation()
    bundle = bytearray(damaged.storage.files["tile/entries/000"])
    bundle[30] ^= 1
    damaged.storage.files["tile/entries/000"] = bytes(bundle)
    verdict = damaged.verdict(damaged.report())
    assert "root" in verdict.fault
    assert not verdict.proved


def test_disclosures_of_another_log_prove_nothing(place: Installation) -> None:
    assert place.verdict(place.report(), replace(place.package(), origin="log.example/other")).fault
    assert place.verdict(place.report(), replace(place.package(), size=299)).fault


def test_only_the_period_and_platform_asked_for_are_counted(place: Installation) -> None:
    package = place.package()
    day = make_report(package.events(), origin=ORIGIN, period=parse_period("2026-01-02"), checkpoint="")
    hand = sum(1 for number in range(300) if number % 28 == 1 and number % 2)
    assert day.number("reports_received") == Number("reports_received", "", hand, hand)
    other = make_report(package.events(), origin=ORIGIN, period=PERIOD, checkpoint="", platform="other")
    assert other.number("reports_received") == Number("reports_received", "", 0, 0)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2026", date(2026, 1, 1), date(2027, 1, 1)),
        ("2026-12", date(2026, 12, 1), date(2027, 1, 1)),
        ("2026-02", date(2026, 2, 1), date(2026, 3, 1)),
        ("2026-12-31", date(2026, 12, 31), date(2027, 1, 1)),
        ("2026-01-05..2026-01-12", date(2026, 1, 5), date(2026, 1, 12)),
    ],
)
def test_periods_are_whole_days(text: str, start: date, end: date) -> None:
    assert parse_period(text) == Period(start, end)


@pytest.mark.parametrize("text", ["", "2026-13", "now", "2026-01-02..2026-01-02", "2026-01-01..", "0", "9999"])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(ReportError):
        parse_period(text)


def test_broken_reports_and_packages_are_refused_by_line(place: Installation) -> None:
    data = place.report().to_data()
    number = {**data["numbers"][0], "n": "3"}
    for bad in ("", "[]", json.dumps({**data, "v": 2}), json.dumps({**data, "more": 1}), "[" * 99999,
                json.dumps({**data, "numbers": [number]}), json.dumps({**data, "numbers": [{}]})):  # fmt: skip
        with pytest.raises(ReportError):
            parse_report(bad)
    lines = place.lines()
    for bad_line in (
        "",
        "{}",
        lines[1],
        lines[1].replace('"index": 0', '"index": 300'),
        lines[1].replace('"v": 1', '"v": 9'),
    ):
        with pytest.raises(DisclosureError, match="Line 302"):
            parse_package([*lines, bad_line])
    for head in ([], ["{}"], ["nonsense"]):
        with pytest.raises(DisclosureError):
            parse_package(head)
