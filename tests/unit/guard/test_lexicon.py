"""The data files of words are sound, and mending words keeps to its bounds."""

import pytest

from consentry.guard.lexicon import english, garments, read_data, squeeze, trie_pattern
from consentry.guard.lexicon_ja import japanese
from consentry.guard.outfit import INTIMATE
from consentry.guard.words import Mender


def words(text: str) -> list[str]:
    return [word.text for word in Mender(english()).words(text)]


def test_no_yaml_word_became_a_truth_value() -> None:
    """YAML reads a bare ``no`` or ``off`` as false: such a word would silently be lost."""
    for name in ("en.yaml", "ja.yaml", "others.yaml", "garments.yaml", "emoji.yaml"):
        for key, value in _leaves(read_data(name)):
            assert isinstance(key, str), (name, key)
            assert isinstance(value, str), (name, key, value)


def _leaves(data: object, key: object = "") -> list[tuple[object, object]]:
    if isinstance(data, dict):
        return [leaf for name, value in data.items() for leaf in _leaves(value, name)]
    if isinstance(data, list):
        return [leaf for value in data for leaf in _leaves(value, key)]
    return [(key, data)]


def test_every_garment_has_names_in_both_languages() -> None:
    assert len(garments()) >= 25
    for garment, names in garments().values():
        assert names["en"], garment.id
        assert names["ja"], garment.id


def test_intimate_layers_cover_something_intimate() -> None:
    for garment, _ in garments().values():
        if garment.layer in {"under", "swim"}:
            assert garment.covers & INTIMATE, garment.id


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        ("t@ke 0ff h3r cl0thes", ["take", "off", "her", "clothes"]),
        ("u n d r e s s  h e r", ["undress", "her"]),
        ("u n d r e s s h e r", ["undress", "her"]),
        ("u.n.d.r.e.s.s", ["undress"]),
        ("un dress her", ["undress", "her"]),
        ("un-dress", ["undress"]),
        ("takeoffherclothes", ["take", "off", "her", "clothes"]),
        ("remove_her_clothes", ["remove", "her", "clothes"]),
        ("nakkeed", ["naked"]),
        ("n*ked", ["naked"]),
        ("undresss", ["undress"]),
        ("lingere", ["lingerie"]),
        ("udnress", ["undress"]),
    ],
)
def test_broken_words_are_mended(text: str, read_as: list[str]) -> None:
    assert words(text) == read_as


@pytest.mark.parametrize(
    "text",
    ["address", "stripes", "parties", "stylesheet", "threads", "exotic", "microphone", "growing", "2024", "mp3", "b2b"],
)
def test_ordinary_words_are_left_alone(text: str) -> None:
    assert words(text) == [text]


def test_mended_words_say_so() -> None:
    assert [word.mended for word in Mender(english()).words("undress n*ked")] == [False, True]


def test_squeeze() -> None:
    assert squeeze("nuuudeee") == "nude"


def test_the_trie_pattern_finds_the_longest() -> None:
    import re

    pattern = re.compile(trie_pattern(["裸", "裸電球", "裸足"]))
    assert [match.group() for match in pattern.finditer("裸電球と裸足と裸")] == ["裸電球", "裸足", "裸"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ブラシ", []),
        ("ブラを", ["ぶら"]),
        ("ぶらぶら", []),
        ("裸電球", ["裸電球"]),
        ("しあわせふくらむ", []),
        ("ふくを", ["ふく"]),
    ],
)
def test_short_japanese_terms_need_their_place(text: str, found: list[str]) -> None:
    from consentry.guard.normalisation import fold_kana

    assert [match.text for match in japanese().matches(fold_kana(text), text)] == found
