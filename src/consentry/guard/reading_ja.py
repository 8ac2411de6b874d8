"""Reading Japanese: what is taken off and put on, onto whom, with the negation behind the verb.

Invariants: one pass over the matches of a sentence, looking a bounded number of characters ahead; a particle tells a
garment's part (を object, に result, から source, の attribute); a negation excludes only its own verb.
Not done here: folding (``normalisation``), garment arithmetic (``outfit``), thresholds (policy).
"""

import re

from consentry.guard.lexicon import garments
from consentry.guard.lexicon_ja import JapaneseLexicon, Match
from consentry.guard.outfit import Garment, after
from consentry.guard.reading import Findings

_SENTENCE = re.compile(r"[。！？!?\n]+")
_NOT = re.compile(
    r"^(?:っ|せ|さ|し|り|き|い|が|て|で|た|ら|れ|な|わ|ば|よう|ように|とか|姿|状態|描写|表現|シーン|しーん|要素|系|など|的|っぽく)*"
    r"(?:に|は|を|も|の|が|とか)*"
    r"(?:しないで|しない|せず|させない|ならない|入れない|入れず|描かない|含めない|含まない|出さない|ないで|ないよう|ません|なく(?!な)|ない|ず|ぬよう|なし|無し|ng|禁止|不要|抜き|避け|除外|厳禁|だめ|やめて)"
)
_NOT_ANY = re.compile(
    r"^(?:や|と|、|・|および|も)[^。にで]{1,14}?(?:は|を|も|が)?(?:入れない|入れず|なし|無し|ng|禁止|避け|含めない|描かない|しないで)"
)
_BARE_NOT = re.compile(r"^(?:い?な|ま?せ|ない|ず|て?い?な|せ?な|い|え?な|わ|と)")
_FASTENING = re.compile(r"^の(?:肩?紐|ひも|ボタン|ぼたん|ほっく|ふぁすなー|ちゃっく|結び目)")
_TAKES = ("undress", "remove", "put", "swap", "become", "reveal")
_SPAN = 26
"""How many characters after a garment its verb may stand."""
_ALL = garments()["clothes"][0]


def read_japanese(kana: str, joined: str, lexicon: JapaneseLexicon, *, editing: bool, romaji: bool = False) -> Findings:
    """All that one folded text says. ``editing``: the request starts from a picture."""
    findings = Findings()
    matches = [match for match in lexicon.matches(kana, joined) if not match.has("lookalike")]
    if not matches:
        return findings
    ends = [found.start() for found in _SENTENCE.finditer(kana)] + [len(kana)]
    at = 0
    for end in ends:
        sentence: list[Match] = []
        while at < len(matches) and matches[at].start < end:
            sentence.append(matches[at])
            at += 1
        if sentence:
            _Sentence(kana, sentence, findings, editing=editing).read()
    for match in matches:
        for name in ("person", "real_person", "self", "shop", "minor", "no_person"):
            if match.has(name) and not (romaji and name == "minor"):
                findings.raise_to(name, 0.9, match.id)
    return findings


class _Sentence:
    """One sentence being read; throw-away."""

    def __init__(self, text: str, matches: list[Match], findings: Findings, *, editing: bool) -> None:
        self.text = text
        self.matches = matches
        self.findings = findings
        self.editing = editing
        self.off: list[Garment] = []
        self.on: list[Garment] = []
        self.swap_off: list[Garment] = []
        self.only = False
        self.swapped = False
        self.claimed: set[int] = set()
        persons = [one for one in matches if one.has("person", "self", "male", "minor")]
        self.person = bool(persons)
        self.male = any(one.has("male") for one in matches) and not any("女" in one.text for one in matches)
        self.thing = any(one.has("object", "no_person") for one in matches)
        self.no_person = any(one.has("no_person") for one in matches)
        self.art = any(one.has("art") for one in matches)
        self.excluding = any(one.has("bare", "sexual") and self.denied(one) for one in matches)

    @property
    def weight(self) -> float:
        """How sure it is that a person is meant."""
        if self.no_person and not self.person:
            return 0.0
        if self.person:
            return 1.0
        if self.thing:
            return 0.0
        return 1.0 if self.editing else 0.0

    def say(self, name: str, score: float, match: Match) -> None:
        """Record a meaning with its term."""
        self.findings.raise_to(name, score, match.id)

    def behind(self, match: Match, length: int = 12) -> str:
        """The text right after a match."""
        return self.text[match.end : match.end + length]

    def denied(self, match: Match) -> bool:
        """A negation follows directly: ``脱がさないで``, ``裸にしないで``, ``ヌードなし``."""
        behind = self.behind(match, 28)
        return _NOT.match(behind) is not None or _NOT_ANY.match(behind) is not None

    def read(self) -> None:
        """One pass, then the arithmetic."""
        for at, match in enumerate(self.matches):
            if match.garment is not None:
                self._garment(at, match)
            else:
                self._meaning(at, match)
        self._arithmetic()

    # -- garments ---------------------------------------------------------------------------------------------------

    def _garment(self, at: int, match: Match) -> None:
        garment = match.garment
        assert garment is not None
        behind = self.behind(match, 14)
        self._sheer_cloth(at, match, garment)
        following = self.matches[at + 1] if at + 1 < len(self.matches) else None
        if following is not None and following.start <= match.end + 4 and following.has("object", "shop"):
            return  # 水着のロゴ, 水着ショップ
        adjacent = following if following is not None and following.start <= match.end + 3 else None
        if adjacent is not None and adjacent.has("lack") and adjacent.start <= match.end + 1:
            excluding = garment.layer in {"swim"} or (garment.layer == "under" and self.excluding)
            if not excluding:
                self.off.append(garment)
            return
        if adjacent is not None and adjacent.has("instead"):
            self.swap_off.append(garment)
            self.swapped = True
            return
        if adjacent is not None and adjacent.has("only"):
            verb = self._verb(at + 1)
            if verb is not None and verb.start <= adjacent.end + 2 and verb.has("remove", "undress"):
                if not self.denied(verb):
                    self.off.append(garment)  # 服だけ消して
                return
            if adjacent.text.startswith("以外"):
                self.off.append(_ALL)
            self.on.append(garment)
            self.only = True
            return
        verb = self._verb(at)
        if (
            behind.startswith("の")
            and not _FASTENING.match(behind)
            and not behind.startswith(("のまま", "の姿", "のみ", "の状態", "の格好"))
        ):
            if self._of_thing(at) or garment.layer not in {"under", "swim"}:
                return
            verb = None
        if verb is None:
            if garment.layer in {"under", "swim"} and not _NOT.match(behind):
                self.on.append(garment)
            return
        self._worn(at, match, garment, verb)

    def _worn(self, at: int, match: Match, garment: Garment, verb: Match) -> None:
        between = self.text[match.end : verb.start]
        denied = self.denied(verb)
        self.claimed.add(verb.start)
        if self._source_is_thing(match):
            return
        if verb.has("undress", "remove"):
            if between[:1] in {"に", "へ"} and garment.layer != "accessory":
                self.on.append(garment)  # 脱いで… belongs to another garment; this one is what is put on
            elif denied or (verb.has("remove") and not verb.has("undress") and self._part_of(match, verb)):
                return
            elif not between.startswith("の") or _FASTENING.match(between):
                self.off.append(garment)
        elif verb.has("put"):
            (self.off if denied and garment.layer not in {"swim", "under"} else self.on).append(garment)
            if denied and garment.layer in {"swim", "under"}:
                self.on.pop()
        elif verb.has("swap"):
            if denied:
                return
            if between[:1] in {"に", "へ"} or (between[:1] in {"と"} and "と交換" in between + verb.text):
                self.on.append(garment)
                self.swapped = True
            elif between[:1] in {"を", "か", "と", "は", "も"} or not between:
                self.swap_off.append(garment)
                self.swapped = True
        elif verb.has("become") and not denied:
            self.on.append(garment)
            self.swapped = bool(self.swap_off)
        elif verb.has("reveal") and garment.layer in {"under", "swim"} and not denied:
            self.on.append(garment)

    def _verb(self, at: int) -> Match | None:
        """The verb that takes the garment at ``at``: the next one, past further garments of the same list."""
        match = self.matches[at]
        for other in self.matches[at + 1 : at + 9]:
            if other.start > match.end + _SPAN:
                return None
            if other.has(*_TAKES) and not (other.has("become") and other.text.startswith("姿の") and False):
                return other
        return None

    def _of_thing(self, at: int) -> bool:
        """``服の色``, ``水着の女性を消して``: the garment only describes what follows."""
        match = self.matches[at]
        for other in self.matches[at + 1 : at + 5]:
            if other.has("remove", "undress") and other.start <= match.end + _SPAN:
                return True
        return bool(
            re.match(
                r"の(?:色|柄|模様|しわ|シワ|しみ|シミ|汚れ|ロゴ|文字|影|質感|明る|画像|写真の明)", self.behind(match, 8)
            )
        )

    def _part_of(self, match: Match, verb: Match) -> bool:
        """``服からシミを取って``: something else is the object of the verb."""
        between = self.text[match.end : verb.start]
        if _FASTENING.match(between):
            return False
        return between.startswith(("から", "の", "に", "で", "上の")) and "を" in between

    def _source_is_thing(self, match: Match) -> bool:
        """``椅子からコートを``, ``マネキンに水着を``."""
        if self.person:
            return False
        return (
            self.thing
            and re.search(
                r"(?:から|に|の|へ|が着た|が着ている)[^、]{0,4}$", self.text[max(0, match.start - 8) : match.start]
            )
            is not None
        )

    def _sheer_cloth(self, at: int, match: Match, garment: Garment) -> None:
        if garment.layer not in {"main", "under", "swim", "drape"} or not self.weight:
            return
        for other in self.matches[max(0, at - 3) : at + 5]:
            gap = other.start - match.end if other.start >= match.end else match.start - other.end
            if not 0 <= gap <= 10 or self.denied(other):
                continue
            if other.has("sheer"):
                self.say("undress", 0.9, other)
            elif other.has("sheer_weak"):
                strong = other.text in {"透明", "とうめい", "見えなく", "すけるとん", "らっぷ素材", "がらす素材"}
                self.say("undress", 0.85 if strong else 0.45, other)

    def _arithmetic(self) -> None:
        if not self.weight:
            return
        off = list(self.off)
        if self.swapped and self.on:
            off += self.swap_off
        if not (off or self.on):
            return
        names = f"off {sorted({one.id for one in off})} on {sorted({one.id for one in self.on})}"
        exposure = after(off=off, on=self.on, only=self.only, male=self.male, swapped=self.swapped or bool(self.on))
        self.findings.expose(exposure, names, weight=self.weight)

    # -- other meanings -----------------------------------------------------------------------------------------------

    def _meaning(self, at: int, match: Match) -> None:
        weight = self.weight
        if match.has("bare") and not self._bare_denied(match):
            art = 0.25 if self.art and not self.editing else 1.0
            if match.has("shirtless") and self.male:
                self.say("swimwear", 0.8 * weight, match)
            else:
                self.say("undress", 0.95 * weight * art, match)
        if match.has("undress") and not self.denied(match) and match.start not in self.claimed:
            self.say("undress", 0.85 * weight, match)
        if match.has("sheer") and not self.denied(match) and self.editing and not self._sheer_thing(at):
            self.say("undress", 0.8 * weight, match)
        if match.has("body_intimate") and weight:
            self._intimate(at, match)
        if match.has("sexual", "sexual_slang") and not self.denied(match):
            art = 0.3 if self.art and not self.editing else 1.0
            sure = 1.0 if self.person else (weight if self.editing else 0.4)
            self.say("sexual", 0.8 * sure * art, match)
        if match.has("gravure") and weight:
            self.say("swimwear", 0.7, match)
            self.say("sexual", 0.35, match)
        if match.has("kiss") and weight and not self.denied(match):
            self.say("kiss", 0.8, match)
        if match.has("body_shape") and weight and not self.denied(match):
            self.say("body_shape", 0.7 if self.editing else 0.4, match)
        if match.has("shower") and weight and not self.behind(match, 3).startswith(("場", "の", "屋")):
            self.say("swimwear", 0.6 if self.editing else 0.2, match)

    def _sheer_thing(self, at: int) -> bool:
        """A curtain or another thing is what is see-through."""
        if self.thing:
            return True
        near = self.matches[max(0, at - 2) : at] + self.matches[at + 1 : at + 2]
        return any(one.garment is not None and one.garment.layer in {"flimsy", "accessory"} for one in near)

    def _bare_denied(self, match: Match) -> bool:
        """``裸にしないで`` excludes; ``何も着ない`` and ``服を着ていない`` are bare *by* their negation."""
        if match.text.startswith(("何も", "一糸", "服を着", "服着", "着衣なし", "服な", "服無", "服の", "服が")):
            needs_not = match.text.startswith(("何も", "服を着てい", "服を着な"))
            return needs_not and not _BARE_NOT.match(self.behind(match, 8))
        return self.denied(match)

    def _intimate(self, at: int, match: Match) -> None:
        near = [one for one in self.matches[max(0, at - 3) : at + 4] if abs(one.start - match.start) <= 16]
        if re.match(r"(?:を|は)?隠", self.behind(match, 4)):
            if re.search(r"手|腕|髪|泡|だけ|のみ", self.text[max(0, match.start - 12) : match.end + 14]):
                self.say("undress", 0.7, match)
            return
        soft = match.text in {
            "胸",
            "ひっぷ",
            "胸元",
            "でこるて",
            "太もも",
            "ふともも",
            "生足",
            "むね",
            "股",
            "尻",
            "乳",
        }
        if any(one.has("bigger") and not self.denied(one) for one in near):
            self.say("sexual", 0.7, match)
            self.say("body_shape", 0.8, match)
        elif any(one.has("reveal") and not self.denied(one) for one in near):
            mild = match.text in {"胸元", "でこるて", "太もも", "ふともも", "生足"}
            self.say("undress", 0.45 if mild else 0.8, match)
        elif not soft and not self.denied(match):
            self.say("sexual", 0.6 if self.editing else 0.45, match)
