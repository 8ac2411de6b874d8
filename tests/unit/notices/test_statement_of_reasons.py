"""Statements of reasons: from codes to the uploader's text and to the public form."""

from dataclasses import replace
from datetime import date

import pytest

from consentry.cases.jurisdictions import load_rules
from consentry.notices.dsa import Fault, Violation, violations
from consentry.notices.errors import LetterError, NoticeError
from consentry.notices.statement_of_reasons import Measure, SourceOf, StatementError, StatementOfReasons, Subject

STATEMENT = StatementOfReasons(
    id="sor-0123456789abcdefghjkmnpqrs",
    measure=Measure.REMOVED,
    facts=("machine_made_sexualised",),
    subject=Subject.SYNTHETIC,
    application_date=date(2026, 11, 25),
    source=SourceOf.NOTICE,
    term="nonconsensual_sexualised",
    content_date=date(2026, 11, 24),
)


def test_the_public_form_of_a_house_term() -> None:
    body = STATEMENT.to_dsa()
    assert body["decision_ground"] == "DECISION_GROUND_INCOMPATIBLE_CONTENT"
    assert body["category"] == "STATEMENT_CATEGORY_CYBER_VIOLENCE"
    assert body["category_specification"] == ["KEYWORD_NON_CONSENSUAL_MATERIAL_DEEPFAKE"]
    assert body["source_type"] == "SOURCE_ARTICLE_16"
    assert body["automated_detection"] == "No"
    assert "source_identity" not in body
    assert len(body["territorial_scope"]) == 30


@pytest.mark.parametrize("subject", list(Subject))
@pytest.mark.parametrize("measure", list(Measure))
@pytest.mark.parametrize("source", list(SourceOf))
@pytest.mark.parametrize("machine", [True, False])
def test_every_statement_that_can_be_made_passes_the_documented_rules(
    subject: Subject, measure: Measure, source: SourceOf, machine: bool
) -> None:
    statement = replace(
        STATEMENT,
        subject=subject,
        measure=measure,
        source=source,
        found_by_machine=machine,
        hidden_by_machine=machine,
        territory=("FR", "IE"),
    )
    assert violations(statement.to_dsa()) == ()


def test_every_settled_law_on_file_can_be_cited_in_public() -> None:
    for rule in load_rules().rules.values():
        if not rule.is_house:
            statement = replace(STATEMENT, law=rule.citation)
            assert statement.to_dsa()["illegal_content_legal_ground"] == rule.citation
            assert rule.citation in statement.text("ja")


def test_the_uploader_s_text_is_the_same_whoever_made_us_look() -> None:
    texts = {replace(STATEMENT, source=source).text("en") for source in SourceOf}
    assert len(texts) == 1
    assert "report" not in texts.pop().casefold()


def test_dr_07_a_statement_with_something_personal_is_not_made_and_the_error_does_not_repeat_it() -> None:
    for law in (
        "As Yamada Hanako told us",
        "https://pictures.example/p/1",
        "account @canary",
        "IMG_1.jpg",
        "ab12" * 16,
    ):
        with pytest.raises(StatementError) as caught:
            replace(STATEMENT, law=law).to_dsa(known_personal=["Yamada Hanako"])
        assert caught.value.violations == (Violation("illegal_content_legal_ground", Fault.PERSONAL),)
        assert law not in str(caught.value)
    with pytest.raises(StatementError):
        replace(STATEMENT, id="sor-yamada-hanako").to_dsa(known_personal=["yamada-hanako"])


def test_without_the_day_of_the_post_it_can_be_read_but_not_published() -> None:
    undated = replace(STATEMENT, content_date=None)
    assert undated.text("en")
    with pytest.raises(StatementError) as caught:
        undated.to_dsa()
    assert caught.value.violations == (Violation("content_date", Fault.REQUIRED),)


def test_a_statement_needs_a_ground_and_a_fact_that_we_have_words_for() -> None:
    with pytest.raises(NoticeError, match="law or term, facts"):
        replace(STATEMENT, term="", facts=())
    with pytest.raises(LetterError):
        replace(STATEMENT, facts=("he_is_my_ex",)).text("en")


def test_the_text_speaks_both_languages_and_says_how_to_appeal() -> None:
    english, japanese = STATEMENT.text("en"), STATEMENT.text("ja")
    assert "appeal" in english
    assert "異議" in japanese
    assert len(english.splitlines()) == len(japanese.splitlines()) == 5


def test_only_an_interim_hide_by_a_machine_says_so() -> None:
    hidden = replace(STATEMENT, measure=Measure.DISABLED, hidden_by_machine=True)
    assert "A machine took the picture out of view" in hidden.text("en")
    assert "A person decided." in replace(hidden, measure=Measure.REMOVED).text("en")
    assert hidden.to_dsa()["automated_decision"] == "AUTOMATED_DECISION_PARTIALLY"
