"""English words as the reader meets them: phrases with their classes, and what a look around them tells.

Invariants: an item is one phrase of the lexicon, one word without meaning, or one mark. Not done here: sentences.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from consentry.guard.lexicon import Entry, Lexicon
from consentry.guard.outfit import Garment
from consentry.guard.words import Word

_NONE: frozenset[str] = frozenset()
_PERSONS = frozenset({"person_f", "person_m", "person_n", "self", "minor"})


@dataclass(frozen=True, slots=True)
class Item:
    """A matched phrase, or a single word without meaning (``classes`` empty), or a mark."""

    text: str
    classes: frozenset[str] = _NONE
    garment: Garment | None = None
    id: str = ""
    mended: bool = False
    owner: bool = False

    def has(self, *names: str) -> bool:
        """True when any of ``names`` is among the classes."""
        return not self.classes.isdisjoint(names)

    @property
    def person(self) -> bool:
        """True for words that mean a human being."""
        if self.has("real_person") and not self.text.startswith(("in ", "on ", "of ", "from ")):
            return True
        return bool(self.classes & _PERSONS) and not self.has("lookalike")

    @property
    def mark(self) -> bool:
        """True for punctuation."""
        return not self.text[:1].isalnum() and not self.classes


def items_of(words: Sequence[Word], lexicon: Lexicon) -> list[Item]:
    """Words to items, longest phrase first; hyphens and slashes inside a phrase are passed over."""
    kept = [word for word in words if word.text not in {"-", "/", "’", "'", "_"}]
    texts = [word.text.replace("’", "'") for word in kept]
    found: list[Item] = []
    at = 0
    while at < len(kept):
        text = texts[at]
        owner = text.endswith("'s")
        rows = lexicon.phrases.get(text) or (lexicon.phrases.get(text[:-2]) if owner else None)
        taken = 1
        item = Item(text, mended=kept[at].mended, owner=owner)
        for form, entry in rows or ():
            length = len(form)
            if length > 1 and form[-1] == "in" and _phrase_at(texts, at + length - 1, lexicon):
                continue  # "is in | the nude" and not "is | in the nude"
            if length == 1 or tuple(texts[at + 1 : at + length]) == form[1:]:
                item = _item(entry, text if length == 1 else " ".join(form), kept[at : at + length], owner)
                taken = length
                break
        found.append(item)
        at += taken
    return found


def _phrase_at(texts: Sequence[str], at: int, lexicon: Lexicon) -> bool:
    """A longer phrase starts at ``at``."""
    rows = lexicon.phrases.get(texts[at], ()) if at < len(texts) else ()
    return any(len(form) > 1 and tuple(texts[at : at + len(form)]) == form for form, _ in rows)


def _item(entry: Entry, text: str, words: Sequence[Word], owner: bool) -> Item:
    return Item(text, entry.classes, entry.garment, entry.id, any(word.mended for word in words), owner)
