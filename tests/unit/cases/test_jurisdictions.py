"""The law as data: strict loading, and doubts that stay attached."""

from datetime import date

import pytest
import yaml

from consentry.cases import law_file
from consentry.cases.errors import LawDataError
from consentry.cases.jurisdictions import HOUSE, Status, build, load_rules
from consentry.cases.kinds import Kind, KindClass

HOUSE_FILE = law_file.read("consentry.cases", "house.yaml")


def law_bytes() -> dict[str, bytes]:
    """The packaged law files."""
    return {name: law_file.read("consentry.cases", "law", name) for name in law_file.names("consentry.cases", "law")}


def spoiled(old: bytes, new: bytes) -> dict[str, bytes]:
    """The packaged files with one passage of us.yaml changed."""
    files = law_bytes()
    assert old in files["us.yaml"]
    files["us.yaml"] = files["us.yaml"].replace(old, new, 1)
    return files


def test_all_rules_load_and_know_their_jurisdiction() -> None:
    book = load_rules()
    assert book.jurisdictions == ("au", "ca", "eu", "in", "jp", "kr", "my", "uk", "us", "us-ca")
    assert {rule.jurisdiction for rule in book.of(("jp",))} == {"jp", HOUSE}


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (b"      kind: remove\n", b"      kind: erase\n", "erase"),
        (b"      kind: remove\n", b"      kind: look\n", "kind of the house"),
        (b"      starts: report_received\n", b"      starts: interim_hidden\n", "event of the house"),
        (b"      starts: report_received\n      hours: 48", b"      starts: null\n      hours: 48", "without an event"),
        (b"      hours: 48\n", b"      hours: -1\n", "above 0"),
        (b"      hours: 48\n", b"      hours: true\n", "above 0"),
        (b"      hours: 48\n", b"      hours: 48.5\n", "above 0"),
        (b"counts_weekends: true", b"counts_weekends: false", "weekends"),
        (b"status: in_force", b"status: sure", "sure"),
        (b"    appeal: none in statute", b"    apeal: none in statute", "apeal"),
        (b"in_force: 2026-05-19", b"in_force: 2026-05-19 10:00:00", "date"),
        (b"  - id: us-tida-remove", b"  - id: uk-tida-remove", "begins with us-"),
        (b"  - id: us-tida-ftc-expectations", b"  - id: us-tida-remove", "twice"),
        (b"      - contact\n", b"      - Contact Data\n", "snake_case"),
        (b"        confidence: seen_secondary", b"        confidence: sure", "sure"),
        (b"    penalty: USD 53,088", b"    penalty: x\n    penalty: USD 53,088", "twice"),
        (b"jurisdiction: us\n", b"jurisdiction: jp\n", "does not belong"),
    ],
)
def test_a_spoiled_file_stops_the_program(old: bytes, new: bytes, says: str) -> None:
    with pytest.raises(LawDataError, match=says):
        build(spoiled(old, new), HOUSE_FILE)


def test_the_house_file_must_cover_every_action_kind() -> None:
    with pytest.raises(LawDataError, match="deindex"):
        build(law_bytes(), HOUSE_FILE.replace(b"  deindex: 120\n", b""))
    with pytest.raises(LawDataError, match="do not exist"):
        build(law_bytes(), HOUSE_FILE.replace(b"    - uk-osa-27-search", b"    - uk-osa-99-search"))


def test_the_digest_changes_with_any_rule_and_a_rule_s_own_digest_only_with_it() -> None:
    book = build(law_bytes(), HOUSE_FILE)
    changed = build(spoiled(b"hours: 48", b"hours: 24"), HOUSE_FILE)
    assert book.digest != changed.digest
    assert book.rule("us-tida-remove").digest != changed.rule("us-tida-remove").digest
    assert book.rule("us-2258a-report").digest == changed.rule("us-2258a-report").digest


def test_dr_10_an_uncertain_rule_is_never_settled_and_no_disputed_citation_is_printed() -> None:
    for rule in load_rules().rules.values():
        assert rule.settled is (rule.status is Status.IN_FORCE)
        printed = rule.citation.casefold()
        for doubt in ("own knowledge", "disputed", "not read", "not recorded", "draft"):
            assert doubt not in printed, rule.id
    assert load_rules().rule("eu-ai-5-nudify").citation == "AI Act (Regulation (EU) 2024/1689)"
    assert load_rules().rule("us-tida-remove").citation == "TAKE IT DOWN Act (PL 119-12), 3(a)"


def test_dr_10_a_rule_says_when_it_is_old() -> None:
    rule = load_rules().rule("us-tida-remove")
    assert not rule.old(date(2026, 12, 24))
    assert rule.old(date(2027, 8, 1))


def test_classes_follow_the_record() -> None:
    classes = {rule.id: rule.kind_class for rule in load_rules().rules.values()}
    assert classes["us-2258a-preserve"] is KindClass.RETENTION
    assert classes["jp-private-sexual-image-sender-silence"] is KindClass.PERMISSION
    assert classes["my-onsa-inquiry-window"] is KindClass.WINDOW
    assert classes["kr-tba-22-5-review"] is KindClass.OPTIONAL
    assert classes["uk-soa-66b"] is KindClass.STANDING
    assert load_rules().rule("house-look").kind is Kind.LOOK


def test_an_unknown_jurisdiction_or_rule_is_an_error() -> None:
    with pytest.raises(LawDataError, match="atlantis"):
        load_rules().of(("atlantis",))
    with pytest.raises(LawDataError, match="us-none"):
        load_rules().rule("us-none")


def test_yaml_that_is_no_mapping_or_unreadable_is_refused() -> None:
    for text in (b"- a\n", b"a: [", b"a: !!python/object/apply:os.getcwd []"):
        with pytest.raises(LawDataError):
            law_file.parse("x.yaml", text)
    assert yaml.safe_load(b"a: 1\na: 2") == {"a": 2}, "plain YAML lets a doubled key win; ours must not"
