"""Rebuild ``src/consentry/guard/lexicon/confusables.txt``: characters that look like a Latin letter or a digit.

Needs the package confusable_homoglyphs (MIT; it carries Unicode's confusables data) at build time only::

    uv run --with confusable-homoglyphs python scripts/make_confusables.py

Three sources, later ones fill gaps only: Unicode's confusable classes that hold an ASCII letter or digit; character
names ("... LATIN SMALL LETTER X WITH ...", "REGIONAL INDICATOR SYMBOL LETTER X"); a short list by hand.
"""

import json
import re
import sys
import unicodedata
from importlib import resources
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "src/consentry/guard/lexicon/confusables.txt"
HEADER = """\
# Characters that look like a Latin letter or a digit, grouped by what they look like. Built by
# scripts/make_confusables.py from Unicode's confusables data and character names (Unicode License V3,
# https://www.unicode.org/license.txt, Copyright Unicode, Inc.) and a short list by hand. NFKC comes before this table.
"""
NAMES = (
    r"LATIN (?:SMALL|CAPITAL) LETTER (?:DOTLESS |LONG |OPEN |INSULAR |SCRIPT |BARRED |TURNED |REVERSED |SIDEWAYS )*"
    r"([A-Z])(?: WITH .*)?",
    r"LATIN LETTER SMALL CAPITAL (?:TURNED |REVERSED |BARRED )*([A-Z])(?: WITH .*)?",
    r"MODIFIER LETTER (?:SMALL|CAPITAL|SMALL CAPITAL) (?:TURNED |OPEN |REVERSED )*([A-Z])(?: WITH .*)?",
    r"COMBINING LATIN (?:SMALL )?LETTER (?:SMALL CAPITAL )?([A-Z])",
    r"(?:NEGATIVE |PARENTHESIZED |CIRCLED |SQUARED |CROSSED )+LATIN (?:SMALL|CAPITAL) LETTER ([A-Z])",
    r"REGIONAL INDICATOR SYMBOL LETTER ([A-Z])",
    r"(?:DINGBAT )?(?:NEGATIVE |DOUBLE |CIRCLED |SANS-SERIF )+DIGIT "
    r"(ZERO|ONE|TWO|THREE|FOUR|FIVE|SIX|SEVEN|EIGHT|NINE)",
)
DIGITS = ["ZERO", "ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX", "SEVEN", "EIGHT", "NINE"]
BY_HAND = {
    "a": "αаλӑ∀Λɐɑд",
    "b": "βьъвƄɓßБ",
    "c": "сς¢ƈ©ㄈ",
    "d": "ԁɗժ∂",
    "e": "еє€ε∃ξёəǝɛℯ",
    "f": "ƒғքɟ",
    "g": "ɡɢցƃ",
    "h": "һнհɥЋ",
    "i": "іι¡ıเ",
    "j": "јʝյɾ",
    "k": "кκқҡӄƙ",
    "l": "ӏլ£ł",
    "m": "мɱɯ",
    "n": "пηиողภɴ",
    "o": "оοσօөº",
    "p": "рρթþ",
    "q": "ԛզφ",
    "r": "гяʀɹЯ",
    "s": "ѕ§ʂ",
    "t": "тτțт†ʇ",
    "u": "υцսմบ∪",
    "v": "νѵᴠ√ʌ",
    "w": "ωшщԝաʍ",
    "x": "хχ×ҳ",
    "y": "уγүʏʎ",
    "z": "ʐʑƶ",
}


def main() -> int:
    """Write the table; print how many characters it holds."""
    table = _unicode_classes()
    for code in range(0x80, 0x30000):
        char = chr(code)
        name = unicodedata.name(char, "")
        for pattern in NAMES:
            match = re.fullmatch(pattern, name)
            if match:
                what = match.group(1)
                table.setdefault(char, str(DIGITS.index(what)) if what in DIGITS else what.lower())
    for letter, chars in BY_HAND.items():
        for char in chars:
            table.setdefault(char, letter)
    rows: dict[str, list[str]] = {}
    for char, letter in table.items():
        if len(unicodedata.normalize("NFKC", char)) == 1 and unicodedata.normalize("NFKC", char).isascii():
            continue
        if "\u2e80" <= char <= "\ua4cf" or "\uac00" <= char <= "\ud7a3":
            continue  # kana, Chinese characters and Hangul keep their own reading
        rows.setdefault(letter, []).append(char)
    lines = [f"{letter} {' '.join(f'{ord(c):X}' for c in sorted(rows[letter]))}" for letter in sorted(rows)]
    TARGET.write_text(HEADER + "\n".join(lines) + "\n", "utf-8")
    print(f"{sum(map(len, rows.values()))} characters in {len(rows)} rows")
    return 0


def _unicode_classes() -> dict[str, str]:
    text = resources.files("confusable_homoglyphs").joinpath("confusables.json").read_text("utf-8")
    data: dict[str, list[dict[str, str]]] = json.loads(text)
    parent: dict[str, str] = {}

    def root(char: str) -> str:
        while parent.setdefault(char, char) != char:
            char = parent[char]
        return char

    for char, others in data.items():
        for other in others:
            if len(char) == 1 and len(other["c"]) == 1:
                parent[root(char)] = root(other["c"])
    letters: dict[str, str] = {}
    for ascii_char in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz":  # small letters win
        letters[root(ascii_char)] = ascii_char.lower()
    return {char: letters[root(char)] for char in list(parent) if ord(char) > 127 and root(char) in letters}


if __name__ == "__main__":
    sys.exit(main())
