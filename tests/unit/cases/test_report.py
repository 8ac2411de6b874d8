"""What a report may hold and what it is asked for."""

from dataclasses import replace

import pytest

from consentry.cases.clocks import Depiction, Installation
from consentry.cases.events import EventKind
from consentry.cases.jurisdictions import AppliesTo, load_rules
from consentry.cases.register import Register
from consentry.cases.report import (
    AnsweredBy,
    Harm,
    Problem,
    ReportDraft,
    ReportError,
    Trouble,
    accept,
    asked_fields,
    problems,
)

BOOK = load_rules()
EVERYWHERE = Installation(jurisdictions=BOOK.jurisdictions)
PLAIN = ReportDraft(content="https://pictures.example/p/17", harm="sexualised_synthetic")
US = replace(
    PLAIN,
    jurisdictions=("us",),
    answers={"physical_or_electronic_signature": "A. B.", "good_faith_nonconsent_statement": "yes"},
)


def found(draft: ReportDraft) -> set[tuple[str, Trouble]]:
    """The problems of a draft as pairs."""
    return {(problem.field, problem.trouble) for problem in problems(draft, book=BOOK, installation=EVERYWHERE)}


def test_an_address_and_what_was_done_are_enough() -> None:
    report = accept(PLAIN, book=BOOK, installation=EVERYWHERE)
    assert report.is_url
    assert report.harm is Harm.SEXUALISED_SYNTHETIC
    assert report.claimed_pdq is None
    assert report.register is Register.ADULT
    assert report.contact == ""


def test_dr_02_no_field_takes_a_picture_and_none_asks_for_an_account() -> None:
    for code in BOOK.jurisdictions:
        for field in asked_fields(BOOK, (code,), depiction=Depiction.UNKNOWN):
            assert field.answered_by in set(AnsweredBy)
            for word in ("upload", "password", "account", "アップロード", "パスワード"):
                assert word not in (field.en + field.ja).casefold()


@pytest.mark.parametrize("code", BOOK.jurisdictions)
@pytest.mark.parametrize("depiction", list(Depiction))
def test_dr_08_asked_fields_are_exactly_notice_fields(code: str, depiction: Depiction) -> None:
    expected = set()
    for rule in BOOK.of((code,)):
        other = {Depiction.SYNTHETIC: AppliesTo.PHOTOGRAPHED, Depiction.PHOTOGRAPHED: AppliesTo.SYNTHETIC}
        left_out = rule.applies_to is other.get(depiction)
        unsure = depiction is Depiction.UNKNOWN and rule.applies_to is AppliesTo.PHOTOGRAPHED
        if rule.jurisdiction == code and rule.starts is not EventKind.ORDER_RECEIVED and not left_out and not unsure:
            expected |= set(rule.notice_fields or ())
    asked = asked_fields(BOOK, (code,), depiction=depiction)
    assert {field.name for field in asked} == expected
    for field in asked:
        assert field.rule_ids
        assert field.label("ja") != field.label("en")
        assert field.why("ja-JP") != field.why("en-GB")


def test_dr_08_the_receipt_is_a_contact_and_papers_are_never_asked_for() -> None:
    assert problems(US, book=BOOK, installation=EVERYWHERE) == ()
    for code in BOOK.jurisdictions:
        for field in asked_fields(BOOK, (code,), depiction=Depiction.PHOTOGRAPHED):
            assert "passport" not in field.en.casefold()
            assert "身分証" not in field.ja


def test_dr_08_name_and_email_are_not_demanded_where_a_child_is_shown() -> None:
    adult = asked_fields(BOOK, ("eu",), depiction=Depiction.SYNTHETIC)
    child = asked_fields(BOOK, ("eu",), depiction=Depiction.SYNTHETIC, is_child=True)
    assert {field.name for field in adult} - {field.name for field in child} == {"name_and_email"}


def test_dr_08_families_and_helpers_can_file() -> None:
    report = accept(replace(PLAIN, relationship="acting_for"), book=BOOK, installation=EVERYWHERE)
    assert report.relationship.value == "acting_for"


def test_dr_04_a_synthetic_picture_is_not_asked_for_the_photograph_law_s_statement() -> None:
    synthetic = {field.name for field in asked_fields(BOOK, ("jp",), depiction=Depiction.SYNTHETIC)}
    photographed = {field.name for field in asked_fields(BOOK, ("jp",), depiction=Depiction.PHOTOGRAPHED)}
    assert "private_sexual_image_claim" not in synthetic
    assert "private_sexual_image_claim" in photographed


def test_what_the_law_asks_is_missed_by_name_and_what_nobody_asked_is_refused() -> None:
    assert found(replace(US, answers={})) == {
        ("physical_or_electronic_signature", Trouble.REQUIRED),
        ("good_faith_nonconsent_statement", Trouble.REQUIRED),
    }
    assert found(replace(PLAIN, jurisdictions=("jp",))) == {("statement", Trouble.REQUIRED)}
    assert found(replace(PLAIN, answers={"blood_type": "A"})) == {("blood_type", Trouble.NOT_ASKED)}


@pytest.mark.parametrize(
    "content",
    [
        "https://pictures.example/p/17?x=1#y",
        "http://127.0.0.1:8020/posts/3",
        "https://例え.テスト/投稿/1",
        "post_17",
        "12345",
        "at:did:plc:x",
    ],
)
def test_addresses_and_post_ids_name_a_picture(content: str) -> None:
    assert found(replace(PLAIN, content=content)) == set()


@pytest.mark.parametrize(
    ("content", "trouble"),
    [
        ("", Trouble.REQUIRED),
        ("   ", Trouble.REQUIRED),
        ("javascript:alert(1)", Trouble.NOT_AN_ADDRESS),
        ("file:///etc/passwd", Trouble.NOT_AN_ADDRESS),
        ("https://", Trouble.NOT_AN_ADDRESS),
        ("https://user:secret@host.example/", Trouble.NOT_AN_ADDRESS),
        ("https://host.example/a b", Trouble.NOT_AN_ADDRESS),
        ("https://host.example/\u202egnp.1", Trouble.NOT_AN_ADDRESS),
        ("https://[::1", Trouble.NOT_AN_ADDRESS),
        ("https://host.example/" + "a" * 2000, Trouble.TOO_LONG),
        ("<script>", Trouble.NOT_AN_ADDRESS),
    ],
)
def test_what_is_no_address_is_refused(content: str, trouble: Trouble) -> None:
    assert found(replace(PLAIN, content=content)) == {("content", trouble)}


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"harm": "theft"}, ("harm", Trouble.UNKNOWN_CHOICE)),
        ({"relationship": "enemy"}, ("relationship", Trouble.UNKNOWN_CHOICE)),
        ({"language": "xx"}, ("language", Trouble.UNKNOWN_CHOICE)),
        ({"jurisdictions": ("atlantis",)}, ("jurisdictions", Trouble.UNKNOWN_CHOICE)),
        ({"claimed_pdq": "F" * 64}, ("claimed_pdq", Trouble.NOT_A_HASH)),
        ({"claimed_pdq": "f" * 63}, ("claimed_pdq", Trouble.NOT_A_HASH)),
        ({"statement": "x" * 2001}, ("statement", Trouble.TOO_LONG)),
        ({"statement": "a\x00b"}, ("statement", Trouble.CONTROL_CHARACTERS)),
        ({"contact": "x" * 201}, ("contact", Trouble.TOO_LONG)),
    ],
)
def test_each_field_has_its_limits(changes: dict[str, object], problem: tuple[str, Trouble]) -> None:
    assert problem in found(replace(PLAIN, **changes))  # type: ignore[arg-type]


def test_all_problems_come_at_once_and_nothing_typed_is_repeated() -> None:
    draft = replace(US, content="", answers={}, statement="Yamada Hanako" + "x" * 2000)
    with pytest.raises(ReportError) as caught:
        accept(draft, book=BOOK, installation=EVERYWHERE)
    assert {problem.field for problem in caught.value.problems} == {
        "content",
        "statement",
        "physical_or_electronic_signature",
        "good_faith_nonconsent_statement",
    }
    assert "Yamada" not in str(caught.value)
    assert Problem("statement", Trouble.TOO_LONG, 2000) in caught.value.problems


def test_personal_parts_stay_out_of_the_repr() -> None:
    report = accept(
        replace(PLAIN, statement="Yamada Hanako", contact="hanako@mail.example"), book=BOOK, installation=EVERYWHERE
    )
    assert "Yamada" not in repr(report)
    assert "hanako" not in repr(report)


def test_a_child_flag_forks_the_report_and_not_knowing_does_not() -> None:
    assert accept(replace(PLAIN, is_child=True), book=BOOK, installation=EVERYWHERE).register is Register.CHILD
    assert accept(replace(PLAIN, is_child=None), book=BOOK, installation=EVERYWHERE).register is Register.ADULT


def test_a_jurisdiction_that_is_off_cannot_be_called_on() -> None:
    off = Installation(jurisdictions=("jp",))
    assert Problem("jurisdictions", Trouble.UNKNOWN_CHOICE) in problems(US, book=BOOK, installation=off)
