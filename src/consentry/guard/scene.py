"""One English sentence as a scene: who is in it, which thing is named, and to whom a garment belongs.

Invariants: every look around an item is bounded by ``NEAR`` items, so that a sentence of any length is read in linear
time; a thing excuses only when it is itself what is undressed or dressed. Not done here: meanings and arithmetic.
"""

from consentry.guard.items import Item
from consentry.guard.outfit import Garment
from consentry.guard.reading import Findings

NEAR = 7
"""How many items around a word are looked at."""

POSSESSIVE = frozenset(["her", "his", "their", "my", "your", "our", "its"])
STOPS = ("remove", "remove_soft", "undress", "swap", "keep", "put", "break", "neg_noun", "neg_verb", "only", "nothing")
DETERMINERS = frozenset(
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
PREPOSITIONS = frozenset(["from", "on", "of", "in", "around", "at", "over", "onto", "across", "inside"])


class Scene:
    """The items of one sentence and what has been gathered from them so far; throw-away."""

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

    def owned(self, at: int) -> bool:
        """``her shirt``, ``the woman's blue shirt``."""
        return any(one.text in POSSESSIVE or (one.owner and one.person) for one in self.items[max(0, at - 3) : at])

    def verbal(self, at: int, item: Item) -> bool:
        """``dress`` and ``fit`` are verbs at the start of a clause and before a person."""
        if not item.has("put") or item.text == "clothes":
            return False
        before = self.items[at - 1] if at else None
        if before is not None and (before.text in DETERMINERS or before.text in POSSESSIVE or before.owner):
            return False
        after_it = self.items[at + 1] if at + 1 < len(self.items) else None
        return after_it is not None and (after_it.person or after_it.text in {"the", "this", "that", "up", "in"})

    def whole_outfit(self, at: int) -> bool:
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

    def worn_nothing(self, at: int) -> bool:
        """``nothing`` as what is worn: after wear, in, with, or as what a garment is changed into."""
        before = self.items[max(0, at - 3) : at]
        if self.near(at, "garment", back=0, ahead=6) is not None:
            return False
        return self.swapped or any(one.has("wear") or one.text in {"in", "with"} for one in before)

    def soon_clothes(self, at: int) -> bool:
        """``reduce her clothing to zero``."""
        following = self.near(at, "garment", back=0, ahead=3)
        garment = self.items[following].garment if following is not None else None
        return garment is not None and garment.id == "clothes"

    def sized(self, at: int, garment: Garment) -> Garment:
        """A tiny bikini is not the bikini of the ontology."""
        if garment.layer == "swim" and self.near(at, "skimpy", back=3, ahead=1) is not None:
            return Garment(garment.id, garment.layer, garment.covers, "micro")
        return garment

    def made_of(self, at: int) -> bool:
        """``a dress made of cling film``: the garment is what covers nothing."""
        before = self.items[max(0, at - 5) : at]
        return any(one.text in {"made", "out", "consisting", "from"} for one in before) and any(
            one.garment is not None and one.garment.layer != "flimsy" for one in self.items[max(0, at - 9) : at]
        )

    def names_a_thing(self, at: int) -> bool:
        """``swimwear maker's logo``, ``coat rack``, ``bikini shop``: the garment only says which thing."""
        for index in range(at + 1, min(at + 4, len(self.items))):
            one = self.items[index]
            if one.has("object", "shop") and not one.has("no_person"):
                return True
            if one.mark or one.classes or one.text in PREPOSITIONS or one.text in DETERMINERS or one.text == "and":
                return False
        return False

    def is_clothing_top(self, at: int, mode: str, verb_at: int) -> bool:
        """``remove the top`` and ``let the top fall``, but not the top of a thing."""
        following = self.items[at + 1] if at + 1 < len(self.items) else None
        ends = following is None or following.mark or following.text == "and" or following.has("vanish", "off")
        return ends and ((mode == "off" and self.items[verb_at].has("remove")) or self.gone_after(at))

    def worn_by_thing(self, at: int) -> bool:
        """``a giraffe in a swimsuit``, ``the bikini on a mannequin``: the nearest wearer named is a thing."""
        for index in range(at - 1, max(-1, at - 9), -1):
            one = self.items[index]
            if one.person:
                return False
            if one.has("object"):
                linked = any(
                    other.has("wear") or other.text in {"in", "with", "into"} for other in self.items[index + 1 : at]
                )
                given = index > 0 and any(other.has("put") for other in self.items[max(0, index - 2) : index])
                return linked or given
            if one.mark or one.has(*STOPS):
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

    def gone_after(self, at: int) -> bool:
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

    def other_object(self, verb_at: int, at: int) -> bool:
        """The verb has another object: ``remove the logo from her shirt``, ``remove the man in the red shirt``."""
        content = False
        for index in range(verb_at + 1, at):
            one = self.items[index]
            if one.mark or one.garment is not None or one.has("quantity", "all_of"):
                if one.garment is not None or one.has("quantity", "all_of"):
                    return False
                content = False
                continue
            if one.text in PREPOSITIONS or one.text in {"who", "wearing", "with", "that", "without"}:
                verb = self.items[verb_at]
                if content and not (verb.has("undress") or verb.text.startswith(("strip", "rid", "relieve", "free"))):
                    return True
                continue
            if one.text in POSSESSIVE or one.text in DETERMINERS or one.owner or one.has("colour", "only"):
                continue
            content = True
        return False

    def from_thing(self, at: int) -> bool:
        """``remove the coat from the chair``: the next object word decides, unless a person comes first."""
        if self.owned(at):
            return False
        for index in range(at + 1, min(at + NEAR, len(self.items))):
            one = self.items[index]
            if one.person or one.text == "and":
                return False
            if one.has("object", "no_person"):
                between = {other.text for other in self.items[at + 1 : index]}
                away = bool(between & {"from", "off", "off of", "of"})
                return one.has("no_person") or away or (bool(between & PREPOSITIONS) and not self.persons)
            if one.has("remove", "undress", "put", "wear", "swap") or one.text in {".", ";"}:
                return False
        return False

    def article(self, at: int) -> bool:
        """A determiner stands right before the item: ``a naked vase``."""
        return at > 0 and self.items[at - 1].text in DETERMINERS

    def concealed(self, at: int) -> bool:
        """``cover her cleavage with a scarf``; covering by hands or by nothing much is no cover."""
        verb = self.near(at, "conceal", back=4, ahead=0)
        behind = {one.text for one in self.items[at + 1 : at + NEAR]}
        return verb is not None and not behind & {
            "only",
            "hand",
            "hands",
            "arm",
            "arms",
            "just",
            "hair",
            "foam",
            "bubbles",
        }
