"""Reading English: sentence by sentence, what is taken off and put on, onto whom, and what is only excluded.

Invariants: one pass a sentence; a negation excludes only up to the end of its own clause; on the edit route a request
without any other target is taken to be about the person in the picture. Not done here: undoing disguises (``words``),
who is meant (``scene``), single meanings (``meanings``), garment arithmetic (``outfit``), thresholds (policy).
"""

from collections.abc import Sequence

from consentry.guard.items import Item, items_of
from consentry.guard.lexicon import Lexicon
from consentry.guard.meanings import Meanings
from consentry.guard.outfit import Garment, after
from consentry.guard.reading import Findings
from consentry.guard.scene import NEAR, POSSESSIVE
from consentry.guard.words import Word

_ENDS = frozenset(".?!;\n。！？…")


def read_english(words: Sequence[Word], lexicon: Lexicon, *, editing: bool) -> Findings:
    """All that one text says. ``editing``: the request starts from a picture."""
    items = items_of(words, lexicon)
    findings = Findings()
    _cues(items, findings)
    sentence: list[Item] = []
    for item in [*items, Item(".")]:
        if item.text in _ENDS and item.mark:
            if any(one.classes for one in sentence):
                _Sentence(sentence, findings, editing=editing).read()
            sentence = []
        else:
            sentence.append(item)
    return findings


def _cues(items: Sequence[Item], findings: Findings) -> None:
    for item in items:
        if not item.classes or item.has("lookalike"):
            continue
        if item.person:
            findings.raise_to("person", 0.9, item.id)
        for name in ("real_person", "no_person", "self", "shop", "minor"):
            if item.has(name):
                findings.raise_to(name, 0.9, item.id)


class _Sentence(Meanings):
    """One sentence being read; throw-away."""

    def read(self) -> None:
        """One pass from left to right, then the arithmetic."""
        mode = ""
        verb_at = 0
        negation = ""
        only_until = -1
        for at, item in enumerate(self.items):
            if item.mark:
                if item.text == "," and negation == "verb":
                    negation = ""
                if item.text == "," and mode == "instead":
                    mode = "on"
                continue
            if item.has("lookalike") or not (item.classes or item.text == "in"):
                continue
            if item.has("break") and not (item.has("except_for") and mode == "off"):
                negation = ""
                if item.text != "so":
                    mode = "" if mode == "ignored" else mode
            if item.has("neg_noun"):
                negation = "noun"
                continue
            if item.has("neg_verb"):
                negation = "verb"
                continue
            if item.text.startswith("nothing ") and item.has("only"):
                self.only = bool(self.on or self.loose)  # "in her slip and nothing else"
                self.on += [garment for _, garment in self.loose]
            elif item.text == "only" and self.on and (at + 1 == len(self.items) or self.items[at + 1].mark):
                self.only = True  # "in body paint only"
            elif item.has("nothing") or (item.has("only") and self.whole_outfit(at)):
                only_until = at + NEAR + 2
                if item.text == "nothing" and self.worn_nothing(at):
                    self.say("undress", 0.9 * self.weight, at)
            mode, verb_at, negation = self._verb(at, item, mode, verb_at, negation)
            if item.garment is not None and not item.has("lookalike") and not self.verbal(at, item):
                self._garment(at, item, mode, verb_at, negation, only=at <= only_until)
            elif negation:
                self.excluded(at, item, negation)
            else:
                self.meaning(at, item, mode, verb_at)
        self._arithmetic()

    def _verb(self, at: int, item: Item, mode: str, verb_at: int, negation: str) -> tuple[str, int, str]:
        """The mode after this item: off, on, swap, keep, instead, ignored or none."""
        if item.garment is not None and not self.verbal(at, item):
            return mode, verb_at, negation
        if item.has("substitute"):
            return ("ignored", at, negation) if negation == "verb" else ("substitute", at, "")
        if item.text == "for" and mode == "substitute":
            self.swapped = True
            return "instead", at, ""
        if item.has("swap"):
            return ("ignored", at, negation) if negation == "verb" else ("swap", at, "")
        if item.has("connector") and mode == "swap" and at > verb_at + (0 if item.text in {"into", "to"} else 1):
            self.swapped = True
            return "on", at, ""
        if item.has("instead"):
            self.swapped = True
            return "instead", at, negation
        if item.has("except_for") and mode == "off" and self.near(at, "garment", back=0, ahead=4) is not None:
            self.only = True
            return "on", at, ""
        if item.has("reduce") and not negation and self.soon_clothes(at):
            return "off", at, negation
        if item.has("undress", "remove", "remove_soft"):
            if negation:
                return "ignored", at, "verb"
            if item.has("remove_soft") and item.has("put", "reveal"):
                return mode, verb_at, negation
            return "off", at, negation
        if item.has("wear", "keep"):
            if negation == "verb":
                return "off", at, ""
            if negation == "noun":
                return "off", at, ""
            return ("on" if item.has("wear") else "keep"), at, ""
        if item.has("put") and not item.person:
            return ("ignored", at, negation) if negation == "verb" else ("on", at, "")
        if item.text == "in" and mode in {"", "keep"}:
            return "on", at, negation
        return mode, verb_at, negation

    def _garment(self, at: int, item: Item, mode: str, verb_at: int, negation: str, *, only: bool) -> None:
        garment = item.garment
        assert garment is not None
        if item.text in {"top", "tops"} and not self.persons and not self.is_clothing_top(at, mode, verb_at):
            return
        if self.names_a_thing(at) or self.worn_by_thing(at):
            return
        self.attributes(at, item, garment, negation)
        if negation == "noun":
            self._without(at, garment)
            return
        if negation == "verb" and mode != "off":
            return
        if only and mode != "off":
            self.only = True
            self.on.append(garment)
            return
        if garment.layer == "flimsy" and self.made_of(at):
            self.only = True
            self.on.append(garment)
            return
        if self.gone_after(at) and mode not in {"ignored", "keep"}:
            self.off.append(garment)
            return
        if mode == "off":
            if not self.other_object(verb_at, at) and not self.from_thing(at):
                self.off.append(garment)
            return
        if mode == "swap" or mode == "instead":
            self.swap_off.append(garment)
        elif mode in {"on", "substitute"}:
            self.on.append(self.sized(at, garment))
        elif mode == "":
            self.loose.append((at, self.sized(at, garment)))

    def _without(self, at: int, garment: Garment) -> None:
        """``no shirt`` bares, ``no bikini`` only excludes, ``without her bikini`` bares."""
        if (garment.layer == "swim" or (garment.layer == "under" and self.excluding)) and not self.owned(at):
            return
        if not self.no_person or self.persons:
            self.off.append(garment)

    def _arithmetic(self) -> None:
        """What is worn in the end."""
        weight = self.weight
        if not weight:
            return
        off = list(self.off)
        on = [one for one in self.on if one.id != "towel" or self.persons or self.only]
        if self.swapped and on:
            off += self.swap_off
        elif self.swap_off and self.bare_wanted:
            off += self.swap_off  # "skin instead of clothes"
        elif not self.swapped:
            on += [one for one in self.swap_off if one.layer == "under"]  # "swap outfits: the lingerie on her"
        for at, garment in self.loose:
            if garment.layer == "under":
                on.append(garment)
            elif garment.layer == "swim":
                own = any(one.text in POSSESSIVE or one.text == "the" for one in self.items[max(0, at - 3) : at])
                if own and self.colour:
                    self.findings.raise_to("swimwear", 0.3, f"mention:{garment.id}")
                else:
                    on.append(garment)
        if not (off or on):
            return
        names = f"off {sorted({one.id for one in off})} on {sorted({one.id for one in on})}"
        self.findings.expose(
            after(off=off, on=on, only=self.only, male=self.male, swapped=self.swapped), names, weight=weight
        )
        if self.findings.gravest >= 0.3 and any(item.mended and item.garment for item in self.items):
            self.findings.raise_to("evasion", 0.9, names)
