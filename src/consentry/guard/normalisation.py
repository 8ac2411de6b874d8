"""Undo what hides a sentence from a reader of bytes, character by character (docs/spec/normalisation.md).

Invariants: pure and deterministic; every step is linear in the length of the text and says in the trace what it did;
nothing is guessed here, a step only maps characters. Four views come out: ``plain`` keeps the text's own scripts,
``latin`` folds look-alikes to Latin letters, ``thin`` leaves out foreign characters that touch Latin letters (for
letters strewn in rather than swapped), ``kana`` folds katakana to hiragana and closes gaps between Japanese
characters. Text found *inside* the text (base64, escapes, tag characters, reversed) comes out as ``hidden``.
Not done here: joining and mending words (``words``), meaning (``reading``).
"""

import base64
import binascii
import codecs
import html
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from urllib.parse import unquote

from consentry.guard.lexicon import read_data

IGNORABLE_RANGES = (
    (0x00AD, 0x00AD), (0x034F, 0x034F), (0x061C, 0x061C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F),
    (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF),
)  # fmt: skip
"""Unicode's Default_Ignorable_Code_Point: drawn as nothing, so dropped before and after NFKC."""

SAMPLES = 8
"""How many places a step names in the trace; the count is always whole."""


def _char_class(ranges: tuple[tuple[int, int], ...]) -> str:
    return "".join(f"\\U{low:08x}-\\U{high:08x}" for low, high in ranges)


_IGNORABLE = re.compile(f"[{_char_class(IGNORABLE_RANGES)}]")
_UNREADABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ue000-\uf8ff\ufffd\U000f0000-\U0010ffff]")
_MARKS = re.compile("[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")
_JAPANESE = "\u3041-\u309f\u30a0-\u30ff\u3400-\u4dbf\u4e00-\u9fff\u3005\u3007\uff66-\uff9f"
_GAP = re.compile(rf"(?<=[{_JAPANESE}])[ \t\u3000._*~/|\u00b7\u30fb\u2022+=-]+(?=[{_JAPANESE}])")
_LINE_GAP = re.compile(rf"(?<![{_JAPANESE}])([{_JAPANESE}])\n(?=[{_JAPANESE}](?:\n|$))")
_LONG_MARKS = re.compile("[ー〜~]{2,}")
_FOREIGN = re.compile(r"([A-Za-z]?)[^\x00-\x7f]+(?=([A-Za-z]?))")
_TAGS = re.compile("[\U000e0020-\U000e007e]+")
_BASE64 = re.compile(r"(?<![A-Za-z0-9+/_=-])[A-Za-z0-9+/_-]{16,}={0,2}(?![A-Za-z0-9+/_=-])")
_HEX = re.compile(r"(?<![0-9A-Za-z])(?:0x)?(?:[0-9A-Fa-f]{2}[ :]?){8,}")
_ESCAPE = re.compile(r"\\u\{?([0-9a-fA-F]{4,6})\}?|\\x([0-9a-fA-F]{2})|U\+([0-9A-Fa-f]{4,6})\b")
_PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,8});")
_ROT_CUE = re.compile(r"\brot.?13\b|caesar", re.I)
_KATAKANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}
_SPLIT_KANJI = (
    ("月兑", "脱"),
    ("衤果", "裸"),
    ("ネ果", "裸"),
    ("礻果", "裸"),
    ("祼", "裸"),
    ("脫", "脱"),
    ("氵木", "水"),
)


@dataclass(frozen=True, slots=True)
class Step:
    """One step's doing: how many characters or runs it changed, and the first places (offset, before, after)."""

    name: str
    changed: int
    samples: tuple[tuple[int, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Hidden:
    """A text found inside the text. ``kind`` is base64, hex, tags, reversed or rot13."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Normalised:
    """The views of one text. ``plain``, ``latin`` and ``kana`` are lower case; ``unreadable`` is a share, 0 to 1."""

    raw: str
    plain: str
    latin: str
    thin: str
    kana: str
    joined: str
    hidden: tuple[Hidden, ...]
    unreadable: float
    steps: tuple[Step, ...]


def normalise(text: str) -> Normalised:
    """All views of ``text``, any length; the caller bounds the length."""
    steps: list[Step] = []
    solid = len(text) - sum(map(text.count, " \n\t"))
    unreadable = len(_UNREADABLE.findall(text)) / max(solid, 1)
    hidden = _hidden(text, steps)
    current = _unescape(text, steps)
    current = _drop(_IGNORABLE, "drop default-ignorable characters", current, steps)
    current = _drop(_UNREADABLE, "drop controls, surrogates and private-use characters", current, steps)
    thin = ""
    if not current.isascii():
        thin = _FOREIGN.sub(_thinned, current).lower()
        current = _note("NFKC", current, unicodedata.normalize("NFKC", current), steps)
        current = _drop(_IGNORABLE, "drop default-ignorable characters after NFKC", current, steps)
        current = _note("emoji to words", current, current.translate(_emoji()), steps)
    plain = _note("case folding", current, current.lower(), [])
    latin, kana, joined = plain, "", ""
    if not plain.isascii():
        stripped = _drop(_MARKS, "drop combining marks", plain, steps)
        latin = _note("fold look-alikes to Latin", stripped, stripped.translate(confusables()), steps)
        latin = _MARKS.sub("", unicodedata.normalize("NFD", latin)) if not latin.isascii() else latin
        latin = latin.translate(confusables())
        plain = stripped
        joined, kana = _japanese(plain, steps)
    return Normalised(text, plain, latin, thin, kana, joined, hidden, min(unreadable, 1.0), tuple(steps))


def fold_kana(text: str) -> str:
    """``text`` with katakana turned into hiragana, one character for one."""
    return text.translate(_KATAKANA)


@cache
def confusables() -> Mapping[int, str]:
    """Code point -> the ASCII letter or digit that it looks like."""
    table: dict[int, str] = {}
    text = resources.files("consentry.guard").joinpath("lexicon", "confusables.txt").read_text("utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            letter, *codes = line.split(" ")
            for code in codes:
                table[int(code, 16)] = letter
                small = chr(int(code, 16)).lower()
                if len(small) == 1 and not small.isascii():
                    table.setdefault(ord(small), letter)  # case is folded before this table is used
    return table


@cache
def _emoji() -> Mapping[int, str]:
    table: dict[int, str] = {}
    for word, chars in read_data("emoji.yaml")["emoji"].items():
        for char in chars:
            table[ord(char)] = f" {word} "
    return table


def _japanese(plain: str, steps: list[Step]) -> tuple[str, str]:
    """The text with the gaps inside Japanese closed, and the same with katakana folded; both of equal length."""
    joined = plain
    for parts, whole in _SPLIT_KANJI:
        if parts in joined:
            joined = joined.replace(parts, whole)
    before = joined
    joined = _LINE_GAP.sub(r"\1", joined)
    joined = _GAP.sub("", joined)
    joined = _LONG_MARKS.sub("ー", joined)
    _note("close gaps inside Japanese words", before, joined, steps)
    return joined, fold_kana(joined)


def _unescape(text: str, steps: list[Step]) -> str:
    current = text
    if "&" in current and _ENTITY.search(current):
        current = html.unescape(current)
    if "%" in current and len(_PERCENT.findall(current)) >= 2:
        current = unquote(current, errors="replace")
    if ("\\" in current or "U+" in current) and _ESCAPE.search(current):
        current = _ESCAPE.sub(lambda match: _char(next(group for group in match.groups() if group)), current)
    return _note("undo entities and escapes", text, current, steps)


def _char(digits: str) -> str:
    code = int(digits, 16)
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"


def _thinned(match: re.Match[str]) -> str:
    """A run of foreign characters is left out where it touches a Latin letter, and kept elsewhere."""
    return match.group(1) if match.group(1) or match.group(2) else match.group()


def _hidden(text: str, steps: list[Step]) -> tuple[Hidden, ...]:
    found: list[Hidden] = []
    tags = "".join(_TAGS.findall(text))
    if tags:
        found.append(Hidden("tags", "".join(chr(ord(char) - 0xE0000) for char in tags)))
    for run in _BASE64.findall(text):
        decoded = _decoded(run)
        if decoded:
            found.append(Hidden("base64", decoded))
    for run in _HEX.findall(text):
        try:
            decoded = _words_only(bytes.fromhex(re.sub(r"[^0-9A-Fa-f]", "", run.removeprefix("0x"))))
        except ValueError:
            continue
        if decoded:
            found.append(Hidden("hex", decoded))
    if "\u202e" in text or "\u202d" in text:
        found.append(Hidden("reversed", _IGNORABLE.sub("", text)[::-1]))
    if _ROT_CUE.search(text):
        found.append(Hidden("rot13", codecs.encode(text, "rot13")))
    if found:
        steps.append(
            Step("read text hidden inside the text", len(found), tuple((0, one.kind, "") for one in found[:SAMPLES]))
        )
    return tuple(found)


def _decoded(run: str) -> str:
    body = run.rstrip("=").replace("-", "+").replace("_", "/")
    body = body[: len(body) - (1 if len(body) % 4 == 1 else 0)]
    try:
        return _words_only(base64.b64decode(body + "=" * (-len(body) % 4)))
    except (binascii.Error, ValueError):
        return ""


def _words_only(data: bytes) -> str:
    """``data`` as text when it is text in UTF-8, UTF-16 or Shift_JIS; empty when it is not."""
    for charset in ("utf-8", "utf-16-le") if data[1:2] == b"\0" else ("utf-8", "shift_jis"):
        try:
            text = data.decode(charset)
        except UnicodeDecodeError:
            continue
        if charset == "shift_jis" and len(re.findall("[ぁ-ん]", text)) < len(text) // 5:
            continue  # almost any bytes decode as Shift_JIS; hiragana show that they are Japanese
        letters = sum(char.isalpha() or char.isspace() for char in text)
        if letters >= 0.8 * len(text) and not _UNREADABLE.search(text):
            return text
    return ""


def _drop(pattern: re.Pattern[str], name: str, text: str, steps: list[Step]) -> str:
    if text.isascii() and pattern is not _UNREADABLE:
        return text
    places: list[tuple[int, str, str]] = []
    changed = 0
    for match in pattern.finditer(text):
        changed += 1
        if len(places) < SAMPLES:
            places.append((match.start(), match.group(), ""))
    if not changed:
        return text
    steps.append(Step(name, changed, tuple(places)))
    return pattern.sub("", text)


def _note(name: str, before: str, after: str, steps: list[Step]) -> str:
    """Record a step that mapped characters; the places are exact only when the lengths agree."""
    if before == after:
        return after
    if len(before) == len(after):
        places = [(at, old, new) for at, (old, new) in enumerate(zip(before, after, strict=True)) if old != new]
        steps.append(Step(name, len(places), tuple(places[:SAMPLES])))
    else:
        steps.append(Step(name, 1, ((0, before[:40], after[:40]),)))
    return after
