"""A stranger's text becomes one harmless line."""

from hypothesis import given
from hypothesis import strategies as st

from consentry.provenance.inert import inert, inert_json


@given(st.text(max_size=400))
def test_any_text_becomes_one_printable_line_of_bounded_length(text: str) -> None:
    shown = inert(text)
    assert shown == "" or shown.isprintable()
    assert len(shown) <= 200 * 10 + 40
    assert inert(text) == text or not text.isprintable() or len(text) > 200


def test_an_escape_says_what_was_there() -> None:
    assert inert("a\x1b[31m\u202eb\U000e0041") == "a\\x1b[31m\\u202eb\\U000e0041"
    assert inert("x" * 300) == "x" * 200 + "... (300 characters)"


def test_json_keeps_its_kinds_and_loses_its_teeth() -> None:
    assert inert_json({"a\n": ["\t", 1, None, True]}) == {"a\\x0a": ["\\x09", 1, None, True]}
    deep: object = "x"
    for _ in range(1000):
        deep = [deep]
    assert "..." in str(inert_json(deep))
