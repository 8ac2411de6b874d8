"""Letters: exactly their fields, in two languages, and never a trace of whoever reported."""

import re
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consentry.notices.errors import LetterError
from consentry.notices.letters import FieldValue, Recipient, Sort, Template, letters, render
from consentry.notices.phrases import phrases

CANARY = {
    "name": "Yamada Hanako Canary",
    "handle": "@canary_reporter",
    "contact": "canary.reporter@mail.example",
    "statement": "CANARY this is my ex partner's account and he did it after we split up",
    "receipt": "R101-2345-67ZY-XWVT-SRQP-NMKJ-HGFE-DCTB",
    "reported_at": "2026-11-25T09:00:17Z",
    "hash": "f0e1" * 16,
}


def fitting(template: Template) -> dict[str, FieldValue]:
    """A value of the right sort for each field."""
    values: dict[str, FieldValue] = {}
    for name, (sort, table) in template.fields.items():
        values[name] = {
            Sort.DATE: date(2026, 11, 25),
            Sort.MOMENT: datetime(2026, 11, 25, 9, 5, tzinfo=UTC),
            Sort.URL: "https://consentry.example/appeal/abc",
            Sort.CONTENT: "https://pictures.example/p/17",
            Sort.CHOICE: next(iter(phrases()[table])) if table else "",
        }[sort]
    return values


UPLOADER = sorted(name for name, template in letters().items() if template.to is Recipient.UPLOADER)


@pytest.mark.parametrize("letter_id", sorted(letters()))
def test_every_letter_reads_in_both_languages(letter_id: str) -> None:
    template = letters()[letter_id]
    english, japanese = render(letter_id, "en", **fitting(template)), render(letter_id, "ja-JP", **fitting(template))
    assert english.language == "en"
    assert japanese.language == "ja"
    assert not re.search(r"[ぁ-んァ-ン一-龥]", english.subject + english.body)
    assert re.search(r"[ぁ-ん]", japanese.body)
    for letter in (english, japanese):
        assert "{" not in letter.body + letter.subject
        assert letter.body == letter.body.strip()


@pytest.mark.parametrize("letter_id", sorted(letters()))
def test_a_missing_or_extra_field_writes_nothing(letter_id: str) -> None:
    fields = fitting(letters()[letter_id])
    with pytest.raises(LetterError, match="unknown"):
        render(letter_id, "en", **fields, reporter_name="Yamada")
    for name in fields:
        fewer = {key: value for key, value in fields.items() if key != name}
        with pytest.raises(LetterError, match=name):
            render(letter_id, "en", **fewer)


@pytest.mark.parametrize("letter_id", UPLOADER)
@pytest.mark.parametrize("language", ["en", "ja"])
def test_dr_09_no_reporter_data_fits_into_any_field_of_a_letter_to_an_uploader(letter_id: str, language: str) -> None:
    template = letters()[letter_id]
    for name, (sort, _) in template.fields.items():
        for what, canary in CANARY.items():
            if sort is Sort.CONTENT and what in {"receipt", "hash"}:
                continue  # shaped like a post id; the next test shows where that field comes from
            with pytest.raises(LetterError) as caught:
                render(letter_id, language, **{**fitting(template), name: canary})
            assert canary not in str(caught.value)


@pytest.mark.parametrize("letter_id", UPLOADER)
@pytest.mark.parametrize("language", ["en", "ja"])
def test_dr_09_a_letter_to_an_uploader_gives_no_hint_of_a_report_or_its_time(letter_id: str, language: str) -> None:
    template = letters()[letter_id]
    assert not any(sort is Sort.MOMENT for sort, _ in template.fields.values())
    letter = render(letter_id, language, **fitting(template))
    text = f"{letter.subject}\n{letter.body}".casefold()
    for hint in (
        "report",
        "complain",
        "notice",
        "victim",
        "depicted",
        "hotline",
        "police",
        "通報",
        "申告",
        "被害",
        "警察",
    ):
        assert hint not in text, f"{letter_id} speaks of {hint}"
    assert not re.search(r"\d{1,2}[:時]\d{2}", text.replace("https://", ""))


@pytest.mark.parametrize("table", ["ground", "fact", "measure", "automation", "redress", "rung", "appeal_for_uploader"])
def test_dr_09_no_sentence_that_reaches_an_uploader_speaks_of_a_reporter(table: str) -> None:
    for words in phrases()[table].values():
        for hint in ("report", "complain", "通報", "申告", "被害"):
            assert hint not in (words["en"] + words["ja"]).casefold()


def test_days_and_moments_are_written_the_reader_s_way() -> None:
    tokyo = datetime(2027, 1, 1, 8, 4, tzinfo=timezone(timedelta(hours=9)))
    english = render("reporter_hidden", "en", decide_by=tokyo)
    japanese = render("reporter_hidden", "ja", decide_by=tokyo)
    assert "31 December 2026, 23:04 UTC" in english.body
    assert "2026年12月31日23時04分(協定世界時)" in japanese.body


@pytest.mark.parametrize(
    "value",
    [datetime(2026, 11, 25, 9, 0), date(2026, 11, 25), "2026-11-25", ""],  # noqa: DTZ001 - the point of the test
)
def test_a_moment_needs_its_zone(value: FieldValue) -> None:
    with pytest.raises(LetterError, match="moment"):
        render("reporter_hidden", "en", decide_by=value)


@pytest.mark.parametrize(
    "value",
    [
        "javascript:alert(1)",
        "https://a b/",
        "https://x.example/\u202egnp",
        "{decided_on}",
        "https://x.example/?q={x}\n",
    ],
)
def test_a_post_s_address_must_be_one(value: str) -> None:
    with pytest.raises(LetterError, match="content"):
        render("uploader_restored", "en", content=value)


def test_an_address_in_japanese_script_is_written_as_it_is() -> None:
    assert "https://例え.テスト/投稿/1" in render("uploader_restored", "ja", content="https://例え.テスト/投稿/1").body


@given(st.text(max_size=80))
def test_no_text_gets_a_choice_past_its_table(text: str) -> None:
    if text in phrases()["fact"]:
        return
    with pytest.raises(LetterError):
        render("reporter_kept", "en", fact=text, appeal_until=date(2027, 5, 28))


def test_an_unknown_letter_is_an_error() -> None:
    with pytest.raises(LetterError, match="no such letter"):
        render("love_letter", "en")
