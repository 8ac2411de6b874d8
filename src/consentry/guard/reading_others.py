"""A small reading for other languages: words that undress, bare, sexualise, or put on swimwear, with plain negation.

Invariants: literal terms on the text in its own script; no arithmetic, so it is coarser than English and Japanese and
says so. Not done here: grammar; that is for an encoder.
"""

import re
from collections.abc import Mapping

from consentry.guard.lexicon import english, read_data, trie_pattern
from consentry.guard.reading import Findings

_WEIGHTS: Mapping[str, tuple[str, float]] = {
    "undress": ("undress", 0.9),
    "bare": ("undress", 0.9),
    "underwear": ("undress", 0.85),
    "sheer": ("undress", 0.8),
    "swimwear": ("swimwear", 0.8),
    "sexual": ("sexual", 0.8),
    "kiss": ("kiss", 0.8),
    "minor": ("minor", 0.9),
}


class OtherLanguages:
    """Chinese, Korean, Spanish, Portuguese, French, German, Russian, Hindi, Arabic, Indonesian, Malay by word list."""

    def __init__(self) -> None:
        terms: dict[str, tuple[str, str]] = {}  # term -> (class, language and term)
        negations: list[str] = []
        self._marks: dict[str, frozenset[str]] = {}
        for language, classes in read_data("others.yaml").items():
            self._marks[language] = frozenset(classes.get("marks", ()))
            for name, entries in classes.items():
                if name == "not":
                    negations += entries
                    continue
                if name == "marks":
                    continue
                for entry in entries:
                    terms[str(entry).lower()] = (name, f"{language}:{entry}")
        self._terms = terms
        latin = trie_pattern(term for term in terms if term[0] < "\u0300")
        inflected = trie_pattern(term for term in terms if "\u0300" <= term[0] < "\u0900")  # Cyrillic, Arabic
        unspaced = trie_pattern(term for term in terms if term[0] >= "\u0900")
        self._pattern = re.compile(rf"(?<!\w){latin}(?!\w)|(?<!\w){inflected}|{unspaced}")
        self._shared = english().known
        self._not = re.compile(
            r"(?:" + "|".join(sorted(map(re.escape, negations), key=len, reverse=True)) + r")\W*\w{0,12}\W*$"
        )

    def read(self, plain: str, *, editing: bool) -> Findings:
        """All that the word lists find in ``plain``; on the generate route only with some weight."""
        findings = Findings()
        tongues: frozenset[str] | None = None
        for match in self._pattern.finditer(plain):
            name, because = self._terms[match.group()]
            if match.group() in self._shared:
                tongues = self._spoken(plain) if tongues is None else tongues
                if because.split(":")[0] not in tongues:
                    continue
            if self._not.search(plain[max(0, match.start() - 24) : match.start()]):
                continue
            signal, score = _WEIGHTS[name]
            findings.raise_to(signal, score if editing or signal in {"minor"} else score * 0.7, because)
        return findings

    def _spoken(self, plain: str) -> frozenset[str]:
        """Languages of which two small words stand in the text: only then do words shared with English count."""
        words = set(re.findall(r"\w+", plain))
        return frozenset(language for language, marks in self._marks.items() if len(marks & words) >= 2)
