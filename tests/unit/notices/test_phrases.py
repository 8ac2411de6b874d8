"""Every code that a decision can hold has its sentence in both languages."""

import pytest

from consentry.cases.decision import Fact, Term
from consentry.cases.strikes import Rung
from consentry.notices.errors import LetterError
from consentry.notices.phrases import phrases, sentence, spoken
from consentry.notices.statement_of_reasons import Measure


def test_codes_and_sentences_agree() -> None:
    assert set(phrases()["ground"]) == set(Term)
    assert set(phrases()["fact"]) == set(Fact)
    assert set(phrases()["rung"]) == set(Rung)
    assert set(Measure) <= set(phrases()["measure"])


def test_a_code_without_a_sentence_is_an_error_that_does_not_repeat_it() -> None:
    with pytest.raises(LetterError) as caught:
        sentence("fact", "Yamada", "en")
    assert "Yamada" not in str(caught.value)


@pytest.mark.parametrize(("asked", "answered"), [("ja", "ja"), ("ja-JP", "ja"), ("JA", "ja"), ("fr", "en"), ("", "en")])
def test_the_language_that_serves(asked: str, answered: str) -> None:
    assert spoken(asked) == answered
