"""Every reason speaks both languages; the list is the one that outsiders were told."""

import pytest

from consentry.guard.errors import PolicyError
from consentry.guard.reasons import known_codes, reason

PROMISED = {
    "nonconsensual_undress", "sexualised_person", "minor_protection", "consent_required", "picture_not_editable",
    "recently_refused", "output_more_exposed", "output_sexualised", "screening_unavailable", "image_not_decodable",
    "image_format_not_accepted", "image_too_large", "too_many_images", "too_many_frames", "text_too_long",
    "text_not_readable", "nothing_to_screen", "field_not_screened", "person_unclear",
}  # fmt: skip


def test_the_codes_are_exactly_the_promised_ones() -> None:
    assert known_codes() == PROMISED


@pytest.mark.parametrize("code", sorted(PROMISED))
def test_each_sentence_is_there_in_both_languages(code: str) -> None:
    one = reason(code)
    assert one.message("en-GB") == one.en
    assert one.message("ja-JP") == one.ja
    assert any("\u3041" <= char <= "\u3096" for char in one.ja)
    assert one.en.isascii()
    assert one.en.count(".") >= 2, "what happened, and what to do, are two sentences at least"


def test_the_picture_reason_does_not_tell_why() -> None:
    """Rule 8: protected, banked and reported pictures look alike from outside."""
    words = (reason("picture_not_editable").en + reason("picture_not_editable").ja).lower()
    assert not any(word in words for word in ("protect", "bank", "report", "regist", "保護", "登録", "通報"))


def test_an_unknown_code_is_an_error() -> None:
    with pytest.raises(PolicyError):
        reason("because")
