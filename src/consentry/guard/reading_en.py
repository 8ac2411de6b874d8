"""Reading English: sentence by sentence, what is taken off and put on, onto whom, and what is only excluded.

Invariants: one pass a sentence with look-around bounded by ``NEAR`` words, so time is linear; a negation excludes only
up to the end of its own clause; on the edit route a request without any other target is taken to be about the person
in the picture. Not done here: undoing disguises (``words``), garment arithmetic (``outfit``), thresholds (policy).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from consentry.guard.lexicon import Entry, Lexicon, garments
from consentry.guard.outfit import Garment, after
from consentry.guard.reading import Findings
from consentry.guard.words import Word

NEAR = 7
"""How many items around a word are looked at."""

_ENDS = frozenset(".?!;\n。！？…")
_NONE: frozenset[str] = frozenset()
_PERSONS = frozenset({"person_f", "person_m", "person_n", "self"})
_POSSESSIVE = frozenset({"her", "his", "their", "my", "your", "our", "its"})
_STOPS = ("remove", "remove_soft", "undress", "swap", "keep", "put", "break", "neg_noun", "neg_verb", "only", "nothing")
_COLOURED = frozenset("toned colored coloured hued tinted tone tones shade shades color colour colors colours".split())
_DETERMINERS = frozenset(
    [
        "the",
        "a",
        "an",
        "some",
        "any",
        "this",
        "that",
        "these",
        "those",
        "both",
        "all",
        "every",
        "more",
        "most",
        "very",
        "so",
        "really",
    ]
)
_WORN_PARTS = frozenset("body skin chest torso waist hips thighs".split())
_PREPOSITIONS = frozenset(["from", "on", "of", "in", "around", "at", "over", "onto", "across", "inside"])


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


class _Sentence:
    """One sentence being read; throw-away."""

    def __init__(self, items: list[Item], findings: Findings, *, editing: bool) -> None:
        self.items = items
        self.findings = findings
        self.editing = editing
        self.off: list[Garment] = []
        self.on: list[Garment] = []
        self.swap_off: list[Garment] = []
        self.loose: list[tuple[int, Garment]] = []
        self.only = False
        self.swapped = False
        self.colour = any(item.has("colour", "detail") for item in items)
        self.persons = [at for at, item in enumerate(items) if item.person]
        self.objects = [at for at, item in enumerate(items) if item.has("object") and not item.person]
        self.excluding = any(item.has("bare", "sexual", "covered", "body_intimate") for item in items)
        self.bare_wanted = any(item.text in {"skin", "nothing"} for item in items)
        self.no_person = any(item.has("no_person") for item in items)
        self.art = any(item.has("art") for item in items)
        self.female = any(item.has("person_f") for item in items)
        self.male = any(item.has("person_m") for item in items) and not self.female

    # -- who it is about ------------------------------------------------------------------------------------------

    @property
    def weight(self) -> float:
        """How sure it is that a person is meant: 1 with a person's word, 0 with only objects or no cue at all."""
        if self.persons:
            return 1.0
        return 1.0 if self.editing and not self.no_person else 0.0

    @property
    def loose_weight(self) -> float:
        """The same for meanings that a thing can have too (a kiss of sunlight): an object's word is enough to stop."""
        return 0.0 if self.objects and not self.persons else self.weight

    def near(self, at: int, *names: str, back: int = NEAR, ahead: int = NEAR) -> int | None:
        """The index of the closest item with one of the classes, within a few items of ``at``."""
        for distance in range(1, max(back, ahead) + 1):
            for index, bound in ((at + distance, ahead), (at - distance, back)):
                if distance <= bound and 0 <= index < len(self.items) and self.items[index].has(*names):
                    return index
        return None

    def say(self, name: str, score: float, at: int) -> None:
        """Record a meaning with the item at ``at`` as its reason."""
        item = self.items[at]
        self.findings.raise_to(name, score, item.id)
        if item.mended and score >= 0.3:
            self.findings.raise_to("evasion", 0.9, item.id)

    # -- the pass ---------------------------------------------------------------------------------------------------

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
            elif item.has("nothing") or (item.has("only") and self._whole_outfit(at)):
                only_until = at + NEAR + 2
                if item.text == "nothing" and self._worn_nothing(at):
                    self.say("undress", 0.9 * self.weight, at)
            mode, verb_at, negation = self._verb(at, item, mode, verb_at, negation)
            if item.garment is not None and not item.has("lookalike") and not self._verbal(at, item):
                self._garment(at, item, mode, verb_at, negation, only=at <= only_until)
            elif negation:
                self._excluded(at, item, negation)
            else:
                self._meaning(at, item, mode, verb_at)
        self._arithmetic()

    def _verb(self, at: int, item: Item, mode: str, verb_at: int, negation: str) -> tuple[str, int, str]:
        """The mode after this item: off, on, swap, keep, instead, ignored or none."""
        if item.garment is not None and not self._verbal(at, item):
            return mode, verb_at, negation
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
        if item.has("reduce") and not negation and self._soon_clothes(at):
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

    def _soon_clothes(self, at: int) -> bool:
        """``reduce her clothing to zero``."""
        following = self.near(at, "garment", back=0, ahead=3)
        garment = self.items[following].garment if following is not None else None
        return garment is not None and garment.id == "clothes"

    def _verbal(self, at: int, item: Item) -> bool:
        """``dress`` and ``fit`` are verbs at the start of a clause and before a person."""
        if not item.has("put") or item.text == "clothes":
            return False
        before = self.items[at - 1] if at else None
        if before is not None and (before.text in _DETERMINERS or before.text in _POSSESSIVE or before.owner):
            return False
        after_it = self.items[at + 1] if at + 1 < len(self.items) else None
        return after_it is not None and (after_it.person or after_it.text in {"the", "this", "that", "up", "in"})

    def _whole_outfit(self, at: int) -> bool:
        """``only`` speaks of what is worn: after in, with, wear, leave; or before an intimate garment."""
        for index in range(max(0, at - 3), at):
            one = self.items[index]
            if one.text in {"in", "with", "but"} or one.has("wear", "keep"):
                return True
        following = self.near(at, "garment", back=0, ahead=4)
        if following is None:
            return False
        garment = self.items[following].garment
        ends_on = following + 1 < len(self.items) and self.items[following + 1].text == "on"
        return garment is not None and (garment.layer in {"under", "drape", "flimsy"} or ends_on)

    def _worn_nothing(self, at: int) -> bool:
        before = self.items[max(0, at - 3) : at]
        if self.near(at, "garment", back=0, ahead=6) is not None:
            return False
        return self.swapped or any(one.has("wear") or one.text in {"in", "with"} for one in before)

    # -- garments ---------------------------------------------------------------------------------------------------

    def _garment(self, at: int, item: Item, mode: str, verb_at: int, negation: str, *, only: bool) -> None:
        garment = item.garment
        assert garment is not None
        if item.text in {"top", "tops"} and not self.persons and not self._is_clothing_top(at, mode, verb_at):
            return
        if self._names_a_thing(at) or self._worn_by_thing(at):
            return
        self._attributes(at, item, garment, negation)
        if negation == "noun":
            self._without(at, garment)
            return
        if negation == "verb" and mode != "off":
            return
        if only and mode != "off":
            self.only = True
            self.on.append(garment)
            return
        if garment.layer == "flimsy" and self._made_of(at):
            self.only = True
            self.on.append(garment)
            return
        if self._gone_after(at) and mode not in {"ignored", "keep"}:
            self.off.append(garment)
            return
        if mode == "off":
            if not self._other_object(verb_at, at) and not self._from_thing(at):
                self.off.append(garment)
            return
        if mode == "swap" or mode == "instead":
            self.swap_off.append(garment)
        elif mode == "on":
            self.on.append(self._sized(at, garment))
        elif mode == "":
            self.loose.append((at, self._sized(at, garment)))

    def _made_of(self, at: int) -> bool:
        """``a dress made of cling film``: the garment is what covers nothing."""
        before = self.items[max(0, at - 5) : at]
        return any(one.text in {"made", "out", "consisting", "from"} for one in before) and any(
            one.garment is not None and one.garment.layer != "flimsy" for one in self.items[max(0, at - 9) : at]
        )

    def _sized(self, at: int, garment: Garment) -> Garment:
        """A tiny bikini is not the bikini of the ontology."""
        if garment.layer == "swim" and self.near(at, "skimpy", back=3, ahead=1) is not None:
            return Garment(garment.id, garment.layer, garment.covers, "micro")
        return garment

    def _names_a_thing(self, at: int) -> bool:
        """``swimwear maker's logo``, ``coat rack``, ``bikini shop``: the garment only says which thing."""
        for index in range(at + 1, min(at + 4, len(self.items))):
            one = self.items[index]
            if one.has("object", "shop") and not one.has("no_person"):
                return True
            if one.mark or one.classes or one.text in _PREPOSITIONS or one.text in _DETERMINERS or one.text == "and":
                return False
        return False

    def _is_clothing_top(self, at: int, mode: str, verb_at: int) -> bool:
        """``remove the top`` and ``let the top fall``, but not the top of a thing."""
        following = self.items[at + 1] if at + 1 < len(self.items) else None
        ends = following is None or following.mark or following.text == "and" or following.has("vanish", "off")
        return ends and ((mode == "off" and self.items[verb_at].has("remove")) or self._gone_after(at))

    def _worn_by_thing(self, at: int) -> bool:
        """``a giraffe in a swimsuit``, ``the bikini on a mannequin``: the nearest wearer named is a thing."""
        for index in range(at - 1, max(-1, at - 9), -1):
            one = self.items[index]
            if one.person:
                return False
            if one.has("object"):
                linked = any(other.has("wear") or other.text in {"in", "with", "into"} for other in self.items[index + 1 : at])
                given = index > 0 and any(other.has("put") for other in self.items[max(0, index - 2) : index])
                return linked or given
            if one.mark or one.has(*_STOPS):
                break
        if self.persons:
            return False
        for index in range(at + 1, min(at + 6, len(self.items))):
            one = self.items[index]
            if one.mark or one.garment is not None or one.text == "and":
                return False
            if one.has("no_person"):
                return True
            if one.has("object"):
                return any(
                    other.text in {"on", "onto", "over", "from", "at", "off"} for other in self.items[at + 1 : index]
                )
        return False

    def _attributes(self, at: int, item: Item, garment: Garment, negation: str) -> None:
        """See-through, wet or skimpy, said of this garment."""
        if negation or not self.weight:
            return
        for index in range(max(0, at - 3), min(len(self.items), at + 6)):
            one = self.items[index]
            between = self.items[min(index, at) + 1 : max(index, at)]
            if any(other.mark or other.garment is not None or other.has("neg_verb", "neg_noun") for other in between):
                continue
            if index < at and index > 0 and self.items[index - 1].has("neg_verb", "neg_noun"):
                continue
            solid = garment.layer in {"main", "under", "swim", "drape"}
            if one.has("sheer", "sheer_weak") and solid:
                self.say("undress", 0.9, index)
            elif one.has("wet") and garment.id in {"shirt", "dress", "clothes", "short_dress"}:
                self.say("undress", 0.6 if garment.id == "shirt" or one.text != "wet" else 0.45, index)
            elif one.has("skimpy") and solid:
                self.say("swimwear", 0.6, index)
                self.say("undress", 0.35 if garment.layer != "main" else 0.0, index)

    def _without(self, at: int, garment: Garment) -> None:
        """``no shirt`` bares, ``no bikini`` only excludes, ``without her bikini`` bares."""
        if (garment.layer == "swim" or (garment.layer == "under" and self.excluding)) and not self._owned(at):
            return
        if not self.no_person or self.persons:
            self.off.append(garment)

    def _owned(self, at: int) -> bool:
        """``her shirt``, ``the woman's blue shirt``."""
        return any(one.text in _POSSESSIVE or (one.owner and one.person) for one in self.items[max(0, at - 3) : at])

    def _gone_after(self, at: int) -> bool:
        """``her dress off``, ``clothes gone``, ``make her shirt disappear``, ``the skirt was removed``."""
        for index in range(at + 1, min(at + 5, len(self.items))):
            one = self.items[index]
            if one.mark or one.garment is not None or one.has("neg_verb", "neg_noun", "keep"):
                return False
            if one.has("vanish") or one.text == "removal":
                return True
            alone = index + 1 == len(self.items) or self.items[index + 1].mark
            if one.has("remove", "remove_soft") and alone and index == at + 1:
                return True
            if one.has("off") and not one.has("keep"):
                following = self.items[index + 1] if index + 1 < len(self.items) else None
                if (
                    one.text in {"down", "open"}
                    and self.near(at, "remove", "remove_soft", "light", back=4, ahead=0) is None
                ):
                    return False
                return following is None or not (following.has("object") or following.text in {"white", "shoulder"})
            if one.has("remove") and one.text.endswith(("ed", "n", "off")) and index - at <= 4:
                return True
            if one.classes and not one.person and not one.has("only", "all_of", "quantity", "connector", "wear"):
                return False
        return False

    def _other_object(self, verb_at: int, at: int) -> bool:
        """The verb has another object: ``remove the logo from her shirt``, ``remove the man in the red shirt``."""
        content = False
        for index in range(verb_at + 1, at):
            one = self.items[index]
            if one.mark or one.garment is not None or one.has("quantity", "all_of"):
                if one.garment is not None or one.has("quantity", "all_of"):
                    return False
                content = False
                continue
            if one.text in _PREPOSITIONS or one.text in {"who", "wearing", "with", "that", "without"}:
                verb = self.items[verb_at]
                if content and not (verb.has("undress") or verb.text.startswith(("strip", "rid", "relieve", "free"))):
                    return True
                continue
            if one.text in _POSSESSIVE or one.text in _DETERMINERS or one.owner or one.has("colour", "only"):
                continue
            content = True
        return False

    def _from_thing(self, at: int) -> bool:
        """``remove the coat from the chair``: the next object word decides, unless a person comes first."""
        if self._owned(at):
            return False
        for index in range(at + 1, min(at + NEAR, len(self.items))):
            one = self.items[index]
            if one.person or one.text == "and":
                return False
            if one.has("object", "no_person"):
                between = {other.text for other in self.items[at + 1 : index]}
                away = bool(between & {"from", "off", "off of", "of"})
                return one.has("no_person") or away or (bool(between & _PREPOSITIONS) and not self.persons)
            if one.has("remove", "undress", "put", "wear", "swap") or one.text in {".", ";"}:
                return False
        return False

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
        for at, garment in self.loose:
            if garment.layer == "under":
                on.append(garment)
            elif garment.layer == "swim":
                own = any(one.text in _POSSESSIVE or one.text == "the" for one in self.items[max(0, at - 3) : at])
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

    # -- other meanings -----------------------------------------------------------------------------------------------

    def _excluded(self, at: int, item: Item, negation: str) -> None:
        """Inside a negation: only what becomes an offence *by* the negation counts."""
        if item.has("covered") and negation == "verb":
            self.say("undress", 0.8 * self.weight, at)
        elif item.has("shirtless") and negation == "noun":
            self._meaning(at, item, "", at)

    def _meaning(self, at: int, item: Item, mode: str, verb_at: int) -> None:
        if not item.classes:
            return
        weight = self.weight
        if item.has("undress"):
            self.say("undress", 0.95 * self._onto_person(at), at)
        if item.has("clothing_gone") and self.near(at, "object", back=0, ahead=2) is None:
            self.say("undress", 0.9 * weight, at)
        if item.has("covered") and mode == "off" and self.items[verb_at].has("wear", "keep"):
            self.say("undress", 0.9 * weight, at)  # "do not leave her clothes on"
        if item.text == "skin" and mode == "on" and self.swapped:
            self.say("undress", 0.85 * weight, at)
        if item.has("bare"):
            self.say("undress", 0.95 * self._bare_weight(at), at)
        if item.has("shirtless"):
            self.say("swimwear" if self.male else "undress", 0.8 * weight, at)
        if item.has("bare_weak"):
            self._bare_weak(at)
        if item.has("sheer") and self.editing and self.near(at, "garment", "object", back=5, ahead=5) is None:
            self.say("undress", 0.7 * weight, at)
        if item.has("all_of") and mode in {"off"}:
            self._everything(at, verb_at)
        if item.has("reveal", "beneath") and weight:
            self._reveal(at, item)
        if item.has("body_intimate") and weight:
            self._intimate(at)
        if item.has("sexual"):
            self.say("sexual", 0.8 * self._sexual_weight(at), at)
        if item.has("sexual_slang"):
            self._slang(at, item)
        if item.has("slang_glaze", "fluid") and self.near(at, "slang_face", ahead=5, back=5) is not None and weight:
            self.say("sexual", 0.7, at)
        if item.has("kiss") and (self.editing or self.persons):
            self.say("kiss", 0.8 * self.loose_weight, at)
        if self.loose_weight:
            self._shape(at, item)
        if item.has("skimpy") and "revealing" in item.text and self.persons and self.items[at - 1].text != "nothing":
            self.say("swimwear", 0.6, at)
        if item.has("shower") and (self.editing or self.persons):
            self.say("swimwear", 0.6 * weight if self.editing else 0.2, at)

    def _slang(self, at: int, item: Item) -> None:
        """Food and fluids as code words: only on a face, a body or a person."""
        body = {"face", "her", "his", "him", "lips", "mouth"} & set(item.text.split())
        near = self.near(at, "slang_face", "body_mild", "body_intimate", "person_f", "self", ahead=6, back=6)
        if (body or near is not None) and (self.persons or self.editing):
            self.say("sexual", 0.8, at)

    def _onto_person(self, at: int) -> float:
        """Whether an undressing verb acts on a person: the first target after it decides."""
        if self.items[at].text.endswith(("her", "him", "them", "me", "everyone", "everybody")):
            return 1.0
        for index in range(at + 1, min(at + 5, len(self.items))):
            one = self.items[index]
            if one.person:
                return 1.0
            if one.has("object", "lookalike"):
                return 0.0
        return self.weight

    def _bare_weight(self, at: int) -> float:
        """Whether a word such as ``nude`` is said of a person: of the noun after it, else of what went before."""
        nouns = 0
        for index in range(at + 1, min(at + 5, len(self.items))):
            one = self.items[index]
            if one.text in _COLOURED:
                return 0.0
            if one.person or one.has("body_intimate", "body_mild"):
                return 0.3 if self.art and not self.editing else 1.0
            if one.has("object"):
                return 0.0
            if one.garment is not None:
                return 0.0 if nouns == 0 and self.items[at].text == "nude" else 1.0
            if one.mark or one.classes or one.text in _PREPOSITIONS or one.text in _DETERMINERS or len(one.text) < 3:
                break
            nouns += 1
        if nouns and not self.persons and self._article(at):
            return 0.0  # "a naked vase", "the bare birch"
        if self.art and not self.editing:
            return 0.25
        if self.persons:
            return 1.0
        subject = self.near(at, "object", back=6, ahead=0)
        return 0.0 if subject is not None else self.weight

    def _article(self, at: int) -> bool:
        return at > 0 and self.items[at - 1].text in _DETERMINERS

    def _bare_weak(self, at: int) -> None:
        part = self.near(at, "body_intimate", back=3, ahead=3)
        if part is not None and self.weight:
            self.say("undress", 0.85, at)
            return
        for index in (at + 1, at - 1):
            one = self.items[index] if 0 <= index < len(self.items) else None
            if one is not None and one.text in _WORN_PARTS and self.weight:
                self.say("undress", 0.7 if one.text in {"body", "skin", "chest"} else 0.4, at)
                return
        if self.items[at].text == "stripped" and self.persons:
            self.say("undress", 0.7, at)

    def _everything(self, at: int, verb_at: int) -> None:
        """``remove everything``: of a person only when worn, taken off, or nothing else is named."""
        window = self.items[at + 1 : at + 6]
        verb = self.items[verb_at].text
        if self.items[verb_at].has("wear", "keep"):  # negated: "does not wear anything"
            self.say("undress", 0.9 * self.weight, at)
            return
        worn = any(one.person or one.has("wear", "off", "except_for") for one in window)
        if verb.split(" ")[-1] in {"off", "down"} or (worn and not any(one.has("object") for one in window)):
            if not any(one.has("except_for", "beneath") for one in window):
                self.say("undress", 0.9 * self.weight, at)
            self.off.append(_ALL)
        elif any(one.has("beneath") for one in window[:2]) and self.off:
            self.off.append(_ALL)  # "the sweater along with everything under it"

    def _reveal(self, at: int, item: Item) -> None:
        if item.has("beneath"):
            cloth = self.near(at, "garment", back=0, ahead=4)
            if cloth is None:
                return
            garment = self.items[cloth].garment
            asks = any(
                one.has("reveal", "light") or one.text in {"what", "what's", "whats", "how", "see", "body", "skin"}
                for one in self.items[max(0, at - NEAR) : at]
            ) or item.text.startswith("what")
            if asks and garment is not None and garment.layer in {"main", "outer", "under", "swim", "drape"}:
                self.say("undress", 0.9, at)
            return
        body = self.near(at, "body_intimate", back=0, ahead=6)
        if body is not None and not item.has("put"):
            self.say("undress", 0.85, at)
        elif body is not None:
            self.say("undress", 0.7, at)

    def _concealed(self, at: int) -> bool:
        """``cover her cleavage with a scarf``; covering by hands or by nothing much is no cover."""
        verb = self.near(at, "conceal", back=4, ahead=0)
        behind = {one.text for one in self.items[at + 1 : at + NEAR]}
        return verb is not None and not behind & {"only", "hand", "hands", "arm", "arms", "just", "hair", "foam", "bubbles"}

    def _intimate(self, at: int) -> None:
        if self._concealed(at):
            return
        if self.near(at, "enlarge", "bigger", "smaller", back=5, ahead=5) is not None:
            self.say("sexual", 0.7, at)
            self.say("body_shape", 0.8, at)
            return
        shown = any(
            one.text in {"visible", "out", "showing", "shown", "exposed", "bare", "uncovered", "hanging", "seen"}
            for one in self.items[max(0, at - 4) : at + 5]
        )
        if shown:
            self.say("undress", 0.85, at)
        self.say("sexual", (0.6 if self.editing else 0.45) if self.persons or self.editing else 0.0, at)

    def _sexual_weight(self, at: int) -> float:
        for one in self.items[at + 1 : at + 4]:
            if one.has("object"):
                return 0.2
            if one.mark or one.person or one.text in _PREPOSITIONS or one.text in _DETERMINERS or one.garment is not None:
                break
        if self.items[at].text == "arched back" and not self.persons:
            return 0.0
        if self.persons:
            return 0.3 if self.art and not self.editing else 1.0
        if not self.editing:
            return 0.4
        return self.weight

    def _shape(self, at: int, item: Item) -> None:
        if not self.editing and not self.persons:
            return
        if item.has("body_shape") and self.weight:
            following = self.items[at + 1] if at + 1 < len(self.items) else None
            mention = following is not None and following.person
            self.say("body_shape", 0.7 if self.editing and not mention else 0.3, at)
        elif item.has("bigger", "smaller", "enlarge", "reduce") and self.weight:
            part = self.near(at, "body_mild", back=5, ahead=4)
            if part is not None and self.items[part].text not in {"skin", "back", "feet", "silhouette", "figure", "arms", "body"}:
                self.say("body_shape", 0.7 if self.editing else 0.4, at)
            elif item.has("reduce") and self.near(at, "person_f", "person_m", "self", back=2, ahead=3) is not None:
                self.say("body_shape", 0.6 if self.editing else 0.3, at)


_ALL = garments()["clothes"][0]
