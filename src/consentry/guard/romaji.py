"""Romaji to hiragana, so that ``fuku wo nugasete`` is read as what it is.

Invariants: linear; only whole words that are nothing but Japanese syllables are turned. Not done here: meaning.
"""

import re

_ROWS = {
    "": "あいうえお", "k": "かきくけこ", "s": "さしすせそ", "t": "たちつてと", "n": "なにぬねの", "h": "はひふへほ",
    "m": "まみむめも", "y": "や ゆ よ", "r": "らりるれろ", "w": "わ  を", "g": "がぎぐげご", "z": "ざじずぜぞ",
    "d": "だぢづでど", "b": "ばびぶべぼ", "p": "ぱぴぷぺぽ", "f": "  ふ  ", "j": " じ   ", "l": "らりるれろ",
}  # fmt: skip
_EXTRA = {
    "shi": "し", "chi": "ち", "tsu": "つ", "ji": "じ", "fu": "ふ", "wo": "を",
    "sha": "しゃ", "shu": "しゅ", "sho": "しょ",
    "cha": "ちゃ", "chu": "ちゅ", "cho": "ちょ", "ja": "じゃ", "ju": "じゅ", "jo": "じょ", "she": "しぇ", "che": "ちぇ",
    "je": "じぇ", "fa": "ふぁ", "fi": "ふぃ", "fe": "ふぇ", "fo": "ふぉ", "ti": "てぃ", "di": "でぃ",
    "va": "ば", "vi": "び",
}  # fmt: skip
_GLIDES = {"a": "ゃ", "u": "ゅ", "o": "ょ"}

CUES = re.compile(
    r"nuga|nugi|nuide|hadaka|zenra|shitagi|sitagi|mizugi|sukesuke|suke(?:ru|te|ta)\b|suppon|oppai|fuku (?:wo|o)\b|"
    r"skirt? (?:wo|o)\b|sukaato|nuudo|nu-do|ecchi|etti|eroi|toumei|bikini (?:ni|wo|o|sugata)\b|kanojo|kigae|kisete"
)
"""A cheap look: without one of these there is nothing to turn."""


def _table() -> dict[str, str]:
    table: dict[str, str] = {}
    for consonant, row in _ROWS.items():
        for vowel, kana in zip("aiueo", row, strict=False):
            if kana != " ":
                table[consonant + vowel] = kana
    for consonant in "kgnhbpmr":
        for vowel, small in _GLIDES.items():
            table[f"{consonant}y{vowel}"] = table[f"{consonant}i"] + small
    table.update(_EXTRA)
    return table


_SYLLABLES = _table()
_SYLLABLE = re.compile("|".join(sorted(_SYLLABLES, key=len, reverse=True)) + "|n'?|([kstpgzdbcmjf])(?=\\1)")
_WORD = re.compile(r"[a-z'-]+")


def to_hiragana(latin: str) -> str:
    """``latin`` with every word of Japanese syllables in hiragana, gaps between such words closed; others stay."""
    parts: list[str] = []
    last_end = 0
    last_japanese = False
    for match in _WORD.finditer(latin):
        kana = _kana(match.group())
        gap = latin[last_end : match.start()]
        if kana is None:
            parts += [gap, match.group()]
        else:
            parts += ["" if last_japanese and gap.strip(" _.*") == "" else gap, kana]
        last_japanese = kana is not None
        last_end = match.end()
    parts.append(latin[last_end:])
    return "".join(parts)


def _kana(word: str) -> str | None:
    at = 0
    out: list[str] = []
    bare = word.replace("-", "ー")
    if word == "o":
        return "を"
    while at < len(bare):
        if bare[at] == "ー":
            out.append("ー")
            at += 1
            continue
        match = _SYLLABLE.match(bare, at)
        if match is None or not match.group():
            return None
        text = match.group()
        if match.group(1):
            out.append("っ")
        elif text.startswith("n") and text in {"n", "n'"}:
            out.append("ん")
        else:
            out.append(_SYLLABLES[text])
        at = match.end()
    return "".join(out)
