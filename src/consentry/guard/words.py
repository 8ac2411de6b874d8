"""From characters to words, and mending words that were broken on purpose.

Spaced letters are joined, leet is read, repeated letters are squeezed, run-together words are cut, small misspellings
of sensitive words are corrected. Invariants: every repair is bounded per word, so the whole stays linear; a word that
is known is never changed; only sensitive words are the aim of a repair, so ordinary text stays as it is.
Not done here: meaning.
"""

import re
from dataclasses import dataclass

from consentry.guard.lexicon import Lexicon, squeeze

_TOKEN = re.compile(r"[a-z0-9@$!|+*€£¢_^]+(?:['’][a-z]+)?|[.?!;:\n,()\[\]{}<>\"…。、！？—–/=-]|[^\sa-z0-9]+")
_SPACED = re.compile(r"(?<![a-z0-9@$])[a-z0-9@$](?:[ \t._*~·•|/,+-]{1,4}[a-z0-9@$](?![a-z0-9@$'’])){3,}")
_WIDE = re.compile(r"[ \t]{2,}|[ \t]*[|/][ \t]*|(?<=[a-z0-9@$])[ \t]+(?=[a-z0-9@$][._*~·•-])")
_LEET = str.maketrans("@$!|+0134578€£¢^", "asiitoieastbelca")
_LEET_L = str.maketrans("@$!|+0134578€£¢^", "asllto1eastbelca".replace("1", "l"))
_SYMBOL = re.compile(r"[0-9@$!|+*€£¢_^]")
_MAX_RUN = 160


def _undotted(tokens: list[tuple[str, int, bool]]) -> list[tuple[str, int, bool]]:
    """``take.off.her``: a full stop without a space before the next letter joins and does not end a sentence."""
    found = []
    for at, (text, start, joined) in enumerate(tokens):
        inside = text == "." and 0 < at < len(tokens) - 1
        if (
            inside
            and tokens[at + 1][1] == start + 1
            and tokens[at + 1][0][:1].isalpha()
            and tokens[at - 1][0].isalpha()
        ):
            found.append(("-", start, joined))
        else:
            found.append((text, start, joined))
    return found


@dataclass(frozen=True, slots=True)
class Word:
    """One word or mark. ``mended`` says that it only came out by a repair; ``start`` is its offset in the view."""

    text: str
    start: int
    mended: bool = False


class Mender:
    """Reads one view into words with one lexicon. Keeps no state between calls."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._longest = max((len(word) for word in lexicon.known), default=1)
        self._cuttable = frozenset(word for word in lexicon.known if len(word) > 1) | {"a", "i"}

    def words(self, text: str) -> list[Word]:
        """All words and marks of ``text`` (lower case) in order, mended where that reveals a sensitive word."""
        found: list[Word] = []
        memory: dict[str, tuple[str, ...] | None] = {}
        for token, start, joined in self._tokens(text):
            if token in self._lexicon.known or (not token[0].isalnum() and token[0] not in "@$!|+*€£¢_^"):
                found.append(Word(token, start, joined))
                continue
            if token not in memory:
                memory[token] = self._mend(token)
            mended = memory[token]
            if mended is None:
                found.append(Word(token.strip("!+*_^|"), start, joined) if token.strip("!+*_^|") else Word("!", start))
            else:
                found.extend(Word(part, start, True) for part in mended)
        return self._glue(found)

    def _tokens(self, text: str) -> list[tuple[str, int, bool]]:
        found = []
        last = 0
        for match in _SPACED.finditer(text):
            found += [(one.group(), last + one.start(), False) for one in _TOKEN.finditer(text[last : match.start()])]
            for piece in _WIDE.split(match.group()):
                letters = re.sub(r"[^a-z0-9@$]", "", piece)
                if letters:
                    found.append((letters, match.start(), True))
            last = match.end()
        found += [(one.group(), last + one.start(), False) for one in _TOKEN.finditer(text[last:] if last else text)]
        return _undotted(found)

    def _mend(self, token: str) -> tuple[str, ...] | None:
        """What an unknown token stands for, or ``None`` when it is just an unknown word."""
        lexicon = self._lexicon
        bare = token.strip("!+*_^|")
        if not bare:
            return None
        if bare in lexicon.known:
            return None
        if "_" in bare:
            parts = [part for part in bare.split("_") if part]
            glued = "".join(parts)
            return (glued,) if glued in lexicon.grave else tuple(parts)
        if _SYMBOL.search(bare):
            if bare.isdigit():
                return None
            for table in (_LEET, _LEET_L):
                plain = bare.translate(table).replace("*", "")
                if plain in lexicon.known and len(plain) > 1:
                    return (plain,)
            starred = self._starred(bare)
            if starred:
                return (starred,)
            bare = bare.translate(_LEET)
        cut = squeeze(bare)
        if cut != bare and len(cut) >= 4 and cut in lexicon.squeezed and bare not in lexicon.fuzzy_never:
            return (lexicon.squeezed[cut],)
        near = self._near(bare)
        if near:
            return (near,)
        if 8 <= len(bare) <= _MAX_RUN:
            return self._cut(bare)
        return None

    def _starred(self, token: str) -> str:
        """``n*ked``: the sensitive word that a starred word stands for; only with one or two stars inside."""
        if not 1 <= token.count("*") <= 2 or len(token) < 4:
            return ""
        for filler in ("a", "e", "i", "o", "u", "ee", "oo", ""):
            plain = token.replace("**", filler, 1) if "**" in token else token.replace("*", filler, 1)
            for second in ("a", "e", "i", "o", "u") if "*" in plain else ("",):
                candidate = plain.replace("*", second)
                if candidate in self._lexicon.grave:
                    return candidate
        return ""

    def _near(self, word: str) -> str:
        """A sensitive word one slip away (a letter missing, doubled, wrong or two swapped), same first letter."""
        lexicon = self._lexicon
        if not 5 <= len(word) <= 24 or word in lexicon.fuzzy_never:
            return ""
        whole = lexicon.deletes.get(word)
        if whole and (len(word) >= 6 or len(whole) >= 6):
            return whole
        for at in range(1, len(word)):
            shorter = word[:at] + word[at + 1 :]
            if len(shorter) >= 5 and shorter in lexicon.grave and (at < len(word) - 1 or len(shorter) >= 8):
                return shorter
            if len(word) >= 7 and at < len(word) - 1:
                whole = lexicon.deletes.get(shorter)
                if whole and len(whole) == len(word) and whole[-1] == word[-1]:
                    return whole
            elif len(word) >= 5 and at < len(word) - 1:
                swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
                if swapped in lexicon.grave:
                    return swapped
        return ""

    def _cut(self, run: str) -> tuple[str, ...] | None:
        """``takeoffherclothes``: the fewest known words that make up ``run``, one of them sensitive."""
        best: list[tuple[int, int] | None] = [(0, 0)] + [None] * len(run)
        for end in range(1, len(run) + 1):
            for start in range(max(0, end - self._longest), end):
                before = best[start]
                if before is not None and run[start:end] in self._cuttable:
                    cost = before[0] + 1
                    current = best[end]
                    if current is None or cost < current[0]:
                        best[end] = (cost, start)
        if best[-1] is None or best[-1][0] > max(2, len(run) // 3):
            return None
        parts: list[str] = []
        at = len(run)
        while at:
            step = best[at]
            assert step is not None
            parts.append(run[step[1] : at])
            at = step[1]
        parts.reverse()
        return tuple(parts) if any(len(part) >= 4 and part in self._lexicon.grave for part in parts) else None

    def _glue(self, words: list[Word]) -> list[Word]:
        """Join ``un`` ``dress`` and ``na`` ``ked``: neighbours of which one is no word, together a sensitive one."""
        lexicon = self._lexicon
        found: list[Word] = []
        at = 0
        while at < len(words):
            word = words[at]
            if len(word.text) <= 5 and word.text in lexicon.prefixes and word.text.isalpha():
                joined = self._glued(words, at)
                if joined:
                    text, at, plain = joined
                    found.append(Word(text, word.start, not plain))
                    continue
            found.append(word)
            at += 1
        return found

    def _glued(self, words: list[Word], at: int) -> tuple[str, int, bool] | None:
        """The joined word, where it ends, and whether it is only an ordinary hyphenated one."""
        text = words[at].text
        strange = text not in self._lexicon.known
        marks = False
        hyphens = 0
        end = at + 1
        first = end
        for _ in range(4):
            if end < len(words) and words[end].text in {".", "-", "/", "'", "*", "_", "·", "•", "~"}:
                marks = True
                hyphens += words[end].text == "-"
                end += 1
            if end >= len(words) or not words[end].text.isalpha():
                return None
            part = words[end].text
            strange = strange or part not in self._lexicon.known
            text += part
            end += 1
            if text in self._lexicon.grave and len(text) >= 4 and (strange or marks):
                return text, end, hyphens == 1 and end - first == 2
            if len(text) > 16:
                return None
        return None
