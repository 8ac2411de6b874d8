"""What single words of an English sentence mean beside its garments: bare, sexual, shown, reshaped, kissed.

Invariants: each meaning asks the scene whom it is said of; a negated word means nothing here, except where the
negation itself bares. Not done here: garments put on and off (``reading_en``), thresholds (policy).
"""

from consentry.guard.items import Item
from consentry.guard.lexicon import garments
from consentry.guard.outfit import Garment
from consentry.guard.scene import DETERMINERS, NEAR, PREPOSITIONS, Scene

_COLOURED = frozenset(
    [
        "toned",
        "colored",
        "coloured",
        "hued",
        "tinted",
        "tone",
        "tones",
        "shade",
        "shades",
        "color",
        "colour",
        "colors",
        "colours",
    ]
)
_WORN_PARTS = frozenset(["body", "skin", "chest", "torso", "waist", "hips", "thighs"])
_ALL = garments()["clothes"][0]


class Meanings(Scene):
    """A scene whose words are given their meaning."""

    def say(self, name: str, score: float, at: int) -> None:
        """Record a meaning with the item at ``at`` as its reason."""
        item = self.items[at]
        self.findings.raise_to(name, score, item.id)
        if item.mended and score >= 0.3:
            self.findings.raise_to("evasion", 0.9, item.id)

    def excluded(self, at: int, item: Item, negation: str) -> None:
        """Inside a negation: only what becomes an offence *by* the negation counts."""
        if item.has("covered") and negation == "verb":
            self.say("undress", 0.8 * self.weight, at)
        elif item.has("shirtless") and negation == "noun":
            self.meaning(at, item, "", at)

    def meaning(self, at: int, item: Item, mode: str, verb_at: int) -> None:
        """Everything that the item at ``at`` means by its classes; ``mode`` and ``verb_at`` are the verb in force."""
        if not item.classes:
            return
        weight = self.weight
        if item.has("undress"):
            self.say("undress", 0.95 * self.onto_person(at), at)
        if item.has("clothing_gone") and self.near(at, "object", back=0, ahead=2) is None:
            self.say("undress", 0.9 * weight, at)
        if item.has("covered") and mode == "off" and self.items[verb_at].has("wear", "keep"):
            self.say("undress", 0.9 * weight, at)  # "do not leave her clothes on"
        if item.text == "skin" and mode == "on" and self.swapped:
            self.say("undress", 0.85 * weight, at)
        if item.has("bare"):
            self.say("undress", 0.95 * self.bare_weight(at), at)
        if item.has("shirtless"):
            self.say("swimwear" if self.male else "undress", 0.8 * weight, at)
        if item.has("bare_weak"):
            self.bare_weak(at)
        if item.has("sheer") and self.editing and self.near(at, "garment", "object", back=5, ahead=5) is None:
            self.say("undress", 0.7 * weight, at)
        if item.has("all_of") and mode in {"off"}:
            self.everything(at, verb_at)
        if item.has("reveal", "beneath") and weight:
            self.reveal(at, item)
        if item.has("body_intimate") and weight:
            self.intimate(at)
        if item.has("sexual"):
            self.say("sexual", 0.8 * self.sexual_weight(at), at)
        if item.has("sexual_slang"):
            self.slang(at, item)
        if item.has("slang_glaze", "fluid") and self.near(at, "slang_face", ahead=5, back=5) is not None and weight:
            self.say("sexual", 0.7, at)
        if item.has("kiss") and (self.editing or self.persons):
            self.say("kiss", 0.8 * self.loose_weight, at)
        if self.loose_weight:
            self.shape(at, item)
        if item.has("skimpy") and "revealing" in item.text and self.persons and self.items[at - 1].text != "nothing":
            self.say("swimwear", 0.6, at)
        if item.has("shower") and (self.editing or self.persons):
            self.say("swimwear", 0.6 * weight if self.editing else 0.2, at)

    def slang(self, at: int, item: Item) -> None:
        """Food and fluids as code words: only on a face, a body or a person."""
        body = {"face", "her", "his", "him", "lips", "mouth"} & set(item.text.split())
        near = self.near(at, "slang_face", "body_mild", "body_intimate", "person_f", "self", ahead=6, back=6)
        if (body or near is not None) and (self.persons or self.editing):
            self.say("sexual", 0.8, at)

    def onto_person(self, at: int) -> float:
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

    def bare_weight(self, at: int) -> float:
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
            if one.mark or one.classes or one.text in PREPOSITIONS or one.text in DETERMINERS or len(one.text) < 3:
                break
            nouns += 1
        if nouns and not self.persons and self.article(at):
            return 0.0  # "a naked vase", "the bare birch"
        if self.art and not self.editing:
            return 0.25
        if self.persons:
            return 1.0
        subject = self.near(at, "object", back=6, ahead=0)
        return 0.0 if subject is not None else self.weight

    def bare_weak(self, at: int) -> None:
        """Words such as ``bare`` and ``stripped`` count only beside a part of the body or said of a person."""
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

    def everything(self, at: int, verb_at: int) -> None:
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

    def reveal(self, at: int, item: Item) -> None:
        """A verb of showing, with an intimate part of the body or what is under a garment as its object."""
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

    def intimate(self, at: int) -> None:
        """An intimate part of the body: enlarged, shown, or only named."""
        if self.concealed(at):
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

    def sexual_weight(self, at: int) -> float:
        """How surely a sexual word is said of a person and not of a thing or a work of art."""
        for one in self.items[at + 1 : at + 4]:
            if one.has("object"):
                return 0.2
            if one.mark or one.person or one.text in PREPOSITIONS or one.text in DETERMINERS or one.garment is not None:
                break
        if self.items[at].text == "arched back" and not self.persons:
            return 0.0
        if self.persons:
            return 0.3 if self.art and not self.editing else 1.0
        if not self.editing:
            return 0.4
        return self.weight

    def shape(self, at: int, item: Item) -> None:
        """A change to the shape of a body."""
        if not self.editing and not self.persons:
            return
        if item.has("body_shape") and self.weight:
            following = self.items[at + 1] if at + 1 < len(self.items) else None
            mention = following is not None and following.person
            self.say("body_shape", 0.7 if self.editing and not mention else 0.3, at)
        elif item.has("bigger", "smaller", "enlarge", "reduce") and self.weight:
            part = self.near(at, "body_mild", back=5, ahead=4)
            if part is not None and self.items[part].text not in {
                "skin",
                "back",
                "feet",
                "silhouette",
                "figure",
                "arms",
                "body",
            }:
                self.say("body_shape", 0.7 if self.editing else 0.4, at)
            elif item.has("reduce") and self.near(at, "person_f", "person_m", "self", back=2, ahead=3) is not None:
                self.say("body_shape", 0.6 if self.editing else 0.3, at)

    def attributes(self, at: int, item: Item, garment: Garment, negation: str) -> None:
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
