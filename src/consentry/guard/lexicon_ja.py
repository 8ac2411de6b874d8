"""The Japanese words: literal terms on folded text, longest first, with the checks that keep short ones honest.

Invariants: as in ``lexicon``; a term found inside a longer look-alike does not count. Not done here: meaning.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from consentry.guard.lexicon import Entry, garments, read_data, trie_pattern
from consentry.guard.normalisation import fold_kana
from consentry.guard.outfit import Garment

_HIRAGANA = re.compile(r"[ぁ-ん]")
_KANJI = re.compile(r"[\u3400-\u9fff々]")
_BEFORE = frozenset("のはがをにとへでも、。，,！？!?「」『』（）() \n\t")
_AFTER = frozenset("をにがはもとのだへで、。，,！？!?「」『』（）() \n\t")


@dataclass(frozen=True, slots=True)
class Match:
    """One term in the text: ``start`` and ``end`` are offsets in the folded view."""

    start: int
    end: int
    text: str
    classes: frozenset[str]
    garment: Garment | None
    id: str

    def has(self, *names: str) -> bool:
        """True when any of ``names`` is among the classes."""
        return any(name in self.classes for name in names)


@dataclass(frozen=True, slots=True)
class JapaneseLexicon:
    """All terms, their entries and one pattern that finds the longest at each place."""

    terms: Mapping[str, Entry]
    katakana: Mapping[str, str]
    short: frozenset[str]
    pattern: re.Pattern[str] = field(repr=False)

    def matches(self, kana: str, joined: str) -> Iterator[Match]:
        """Every term in ``kana`` (folded) that holds up; ``joined`` is the same text with katakana kept."""
        for found in self.pattern.finditer(kana):
            text = found.group()
            start, end = found.span()
            if text in self.katakana and joined[start:end] != self.katakana[text]:
                continue
            if text in self.katakana and _run_on(joined, start, end):
                continue
            if text in self.short and not _stands_alone(text, kana, start, end):
                continue
            entry = self.terms[text]
            yield Match(start, end, text, entry.classes, entry.garment, entry.id)


def _run_on(joined: str, start: int, end: int) -> bool:
    """A short katakana term inside a longer katakana word is another word (``ブラ`` in ``ブラシ``)."""
    inside = re.compile(r"[ァ-ヴー]")
    before = start > 0 and inside.match(joined[start - 1]) is not None
    behind = end < len(joined) and inside.match(joined[end]) is not None
    return before or behind


def _stands_alone(text: str, kana: str, start: int, end: int) -> bool:
    before = kana[start - 1] if start else "、"
    behind = kana[end] if end < len(kana) else "、"
    if _KANJI.match(text[0]):
        return not _KANJI.match(before) and not _KANJI.match(behind)
    if text.isascii():
        return not (before.isascii() and before.isalnum()) and not (behind.isascii() and behind.isalnum())
    loose_before = before in _BEFORE or not _HIRAGANA.match(before)
    loose_behind = behind in _AFTER or not _HIRAGANA.match(behind)
    return loose_before and loose_behind


@cache
def japanese() -> JapaneseLexicon:
    """The Japanese lexicon, folded and indexed; built once a process."""
    data = read_data("ja.yaml")
    classes: dict[str, set[str]] = {}
    worn: dict[str, Garment] = {}
    for name, entries in data["words"].items():
        for entry in entries:
            classes.setdefault(fold_kana(str(entry).lower()), set()).add(name)
    for garment, names in garments().values():
        for entry in names["ja"]:
            term = fold_kana(entry.lower())
            classes.setdefault(term, set()).add("garment")
            worn[term] = garment
    for entry in data["lookalikes"]:
        classes[fold_kana(entry.lower())] = {"lookalike"}
    terms = {term: Entry(f"ja:{term}", frozenset(names), worn.get(term)) for term, names in classes.items()}
    katakana = {fold_kana(term): term for term in data["katakana"]}
    return JapaneseLexicon(
        terms=terms,
        katakana={term: original for term, original in katakana.items() if term in terms},
        short=frozenset(fold_kana(term) for term in data["short"]),
        pattern=re.compile(trie_pattern(sorted(terms))),
    )
