"""The words of a request, read whole: every part, every view, hidden text too.

Invariants: the reading is complete (each of ``PROMPT_SIGNALS``, finite, 0 to 1) and every character is read: nothing is
sampled and nothing cut off; an offence anywhere counts as if it stood alone, so padding never dilutes it. What a
part only excludes (a negative prompt) never offends by the words it excludes. Not done here: limits on length (the
pipeline), thresholds (the policy).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from consentry.guard.items import items_of
from consentry.guard.lexicon import english
from consentry.guard.lexicon_ja import japanese
from consentry.guard.normalisation import Normalised, Step, normalise
from consentry.guard.outfit import after
from consentry.guard.reading import MEANINGS, Findings
from consentry.guard.reading_en import read_english
from consentry.guard.reading_ja import read_japanese
from consentry.guard.reading_others import OtherLanguages
from consentry.guard.request import Route, TextPart
from consentry.guard.romaji import CUES, to_hiragana
from consentry.guard.signals import PROMPT_SIGNALS
from consentry.guard.words import Mender, Word

__all__ = ["PROMPT_SIGNALS", "PromptReading", "PromptScreen"]

DEPTH = 3
"""How many layers of text inside text are opened."""

_WEIGHTED_AWAY = re.compile(r"[\(\[][^()\[\]]{1,200}:\s*-\d+(?:\.\d+)?\s*[\)\]]|[\w\s]{1,60}::-\d+(?:\.\d+)?")
_MINUS = re.compile(r":\s*-\d")
_NO_FLAG = re.compile(r"(?:--|—|–)no[ =]([^\n]*?)(?=\s(?:--|—|–)[a-z]|\n|$)", re.I)
_NEGATIVE_PROMPT = re.compile(
    r"(?:negative[ _]prompt|ネガティブプロンプト|除外(?:する)?(?:もの|要素|ワード))\s*[:：=]([^\n]*)", re.I
)
_NAME = r"(?!The |A |An |In |On |By |And )[A-Z][a-zà-ÿ]+(?: [A-Z][a-zà-ÿ'-]+){1,3}"
_BARE_WORDS = "naked|nude|topless|undressed|bikini|lingerie|underwear|swimsuit"
_NAMED = re.compile(
    rf"\b(?:[Nn]aked|[Nn]ude|[Tt]opless|[Uu]ndress(?:ed)?|[Ss]exy) {_NAME}"
    rf"|{_NAME}(?: (?:is|being|completely|fully|totally|posing|in (?:a |her |his )?)){{0,3}} ?(?:{_BARE_WORDS})"
    rf"|(?:[Pp]hoto|[Pp]icture|[Ii]mage|selfie) of {_NAME}"
)
"""A full name beside a bare word: good enough to say that one real person may be meant."""


@dataclass(frozen=True, slots=True)
class PromptReading:
    """What the words say. ``trace`` and ``matched`` are for staff only: they quote the request."""

    signals: Mapping[str, float]
    characters_read: Mapping[str, int]
    trace: tuple[Step, ...] = field(default=(), repr=False)
    matched: tuple[str, ...] = field(default=(), repr=False)


class PromptScreen:
    """Reads prompts. Built once, shared between threads: it keeps no state between calls."""

    def __init__(self) -> None:
        self._english = english()
        self._japanese = japanese()
        self._others = OtherLanguages()
        self._mender = Mender(self._english)

    def read(self, texts: Sequence[TextPart], *, route: Route) -> PromptReading:
        """Read every part; parts of one request are also read as one, since a sentence may be split over fields."""
        editing = route is not Route.GENERATE
        findings = Findings()
        steps: list[Step] = []
        unreadable = 0.0
        shown: list[str] = []
        for part in texts:
            excluded, wanted = (part.text, "") if part.excludes else split_excluded(part.text)
            if wanted:
                shown.append(wanted)
            if excluded:
                findings.join(self._excluded(excluded, editing=editing))
        whole = shown if len(shown) < 2 else [*shown, " ".join(shown)]
        for text in whole:
            unreadable = max(unreadable, self._read(text, findings, steps, editing=editing, depth=0))
        return PromptReading(
            signals=_signals(findings, unreadable, " ".join(shown)),
            characters_read={part.name: len(part.text) for part in texts},
            trace=tuple(steps),
            matched=tuple(findings.matched),
        )

    def _read(self, text: str, findings: Findings, steps: list[Step], *, editing: bool, depth: int) -> float:
        """One text and what is hidden in it; returns the share that cannot be read."""
        views = normalise(text)
        steps.extend(views.steps)
        editing = editing or _NAMED.search(text) is not None  # a full name stands for a person
        found = self._views(views, editing=editing)
        for hidden in views.hidden if depth < DEPTH else ():
            inside = Findings()
            self._read(hidden.text, inside, steps, editing=editing, depth=depth + 1)
            if inside.gravest >= 0.3:
                inside.raise_to("evasion", 0.9, f"hidden:{hidden.kind}")
            found.join(inside)
        findings.join(found)
        return views.unreadable

    def _views(self, views: Normalised, *, editing: bool) -> Findings:
        words = self._mender.words(views.latin)
        found = read_english(words, self._english, editing=editing)
        if found.gravest >= 0.3 and views.latin is not views.plain and views.latin != views.plain:
            plain = read_english(self._mender.words(views.plain), self._english, editing=editing)
            if plain.gravest < found.gravest:
                found.raise_to("evasion", 0.9, "look-alike letters")
        if views.thin and views.thin not in {views.plain, views.latin}:
            thin = read_english(self._mender.words(views.thin), self._english, editing=editing)
            if thin.gravest >= 0.5 and thin.gravest > found.gravest:
                thin.raise_to("evasion", 0.9, "foreign characters strewn in")
                found.join(thin)
        backwards = self._backwards(words)
        if backwards:
            turned = read_english(self._mender.words(backwards), self._english, editing=editing)
            if turned.gravest >= 0.5:
                turned.raise_to("evasion", 0.9, "reversed")
                found.join(turned)
        if views.kana:
            found.join(self._in_japanese(views, editing=editing))
            found.join(self._others.read(views.plain, editing=editing))
        else:
            found.join(self._others.read(views.plain, editing=editing))
        if CUES.search(views.latin):
            kana = to_hiragana(views.latin)
            found.join(read_japanese(kana, kana, self._japanese, editing=editing, romaji=True))
        return found

    def _in_japanese(self, views: Normalised, *, editing: bool) -> Findings:
        found = read_japanese(views.kana, views.joined, self._japanese, editing=editing)
        if found.gravest >= 0.3 and views.joined != views.raw.lower() and len(views.joined) < len(views.raw):
            surface = views.raw.lower()
            terms = [name.split("ja:")[1] for name in found.matched if "ja:" in name and not name.startswith("person")]
            folded = surface.translate({code: code - 0x60 for code in range(0x30A1, 0x30F7)})
            if terms and not any(term in folded for term in terms):
                found.raise_to("evasion", 0.9, "gaps or signs inside Japanese words")
        return found

    def _backwards(self, words: Sequence[Word]) -> str:
        """The text turned round when several sensitive words stand in it backwards; empty otherwise."""
        texts = [word.text for word in words]
        turned = [text[::-1] for text in texts]
        hits = sum(
            len(text) >= 4 and text in self._english.grave and text != other and other not in self._english.known
            for text, other in zip(turned, texts, strict=True)
        )
        return " ".join(turned) + " . " + " ".join(reversed(turned)) if hits else ""

    def _excluded(self, text: str, *, editing: bool) -> Findings:
        """A negative prompt: naming nudity there is fine, naming *clothing* there is taking it off."""
        findings = Findings()
        off = []
        views = normalise(text)
        items = items_of(self._mender.words(views.latin), self._english)
        off += [item.garment for item in items if item.garment is not None and not item.has("lookalike")]
        if views.kana:
            off += [one.garment for one in self._japanese.matches(views.kana, views.joined) if one.garment is not None]
        off = [one for one in off if one.layer not in {"swim", "flimsy"}]
        cautious = any(item.has("bare", "sexual", "clothing_gone", "body_intimate") for item in items)
        if off and editing and not (cautious and all(one.layer == "under" for one in off)):
            findings.expose(after(off=off, on=()), f"excluded {sorted({one.id for one in off})}")
        elif off and any(one.id == "clothes" for one in off) and not cautious:
            findings.raise_to("undress", 0.7, "excluded clothing")
        return findings


def split_excluded(text: str) -> tuple[str, str]:
    """What a prompt asks *not* to see by a marked form (``--no``, negative weights), and the rest."""
    excluded: list[str] = []

    def take(match: re.Match[str]) -> str:
        excluded.append(match.group(match.lastindex or 0))
        return "\n"

    for pattern, sign in ((_NEGATIVE_PROMPT, ""), (_NO_FLAG, "no"), (_WEIGHTED_AWAY, "-")):
        if sign in text and (pattern is not _WEIGHTED_AWAY or _MINUS.search(text)):
            text = pattern.sub(take, text)
    return "\n".join(excluded), text


def _signals(findings: Findings, unreadable: float, text: str) -> dict[str, float]:
    scores = findings.scores
    minor = scores["minor"] if max(scores["undress"], scores["sexual"], scores["swimwear"]) >= 0.3 else 0.0
    if findings.gravest >= 0.3 and _NAMED.search(text):
        findings.raise_to("real_person", 0.8, "a name")
    signals = {f"text_{name}": min(max(scores[name], 0.0), 1.0) for name in MEANINGS}
    for name in ("person", "real_person", "no_person", "self", "shop", "evasion"):
        signals[f"text_{name}"] = scores[name]
    signals["text_minor"] = minor
    signals["text_unreadable"] = min(1.0, unreadable * 2.0)
    return {name: signals[name] for name in PROMPT_SIGNALS}
