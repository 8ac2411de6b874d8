"""Keep the Japanese catalogues complete: find every marked string, add what is missing, compile, and check.

Usage: ``python scripts/translations.py update|check [FOLDER]``. Needs no gettext on the machine.

Invariants: a string belongs to the nearest ``locale`` folder above the file that uses it, or to ``web/locale``;
compiled catalogues (``.mo``) are committed and equal to their ``.po``, so that a fresh machine needs no compiler.
Not done here: finding text that nobody marked (``tests/meta/test_marked.py``).
"""

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polib
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "consentry"
LANGUAGE = "ja"
FALLBACK = SOURCE / "web" / "locale"
HEADER = {
    "Project-Id-Version": "consentry",
    "Language": LANGUAGE,
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}
# How many leading arguments of each marking function are text: (context, singular, plural) in that order.
SHAPES = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), ("id",)),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), ("id", "plural")),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ("context", "id")),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ("context", "id", "plural")),
}
_LITERAL = r"""u?(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')"""
_TEMPLATE_CALL = re.compile(rf"(?<![\w])(_|n?p?gettext)\(\s*({_LITERAL}(?:\s*,\s*{_LITERAL})*)", re.DOTALL)
_HOLE = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\w*\}|</?\w+")

Key = tuple[str, str]
"""Context (empty when none) and text."""


@dataclass
class Marked:
    """One marked text: its plural if it has one, and the files that use it."""

    plural: str = ""
    places: set[str] = field(default_factory=set)


class CannotTranslate(ValueError):
    """A marked text that no catalogue can hold, such as an f-string."""


def catalogue_of(path: Path) -> Path:
    """The ``.po`` file that the strings of ``path`` belong to."""
    folder = next((top / "locale" for top in path.parents if (top / "locale").is_dir() and SOURCE in top.parents), None)
    return (folder or FALLBACK) / LANGUAGE / "LC_MESSAGES" / "django.po"


def marked() -> dict[Path, dict[Key, Marked]]:
    """Every marked string of the source, by catalogue."""
    found: dict[Path, dict[Key, Marked]] = {}
    for path in sorted(SOURCE.rglob("*")):
        if path.suffix == ".py":
            texts = in_python(path.read_text(encoding="utf-8"), str(path.relative_to(ROOT)))
        elif path.suffix in {".html", ".txt"} and "templates" in path.parts:
            texts = in_template(path.read_text(encoding="utf-8"))
        else:
            continue
        for key, plural in texts:
            entry = found.setdefault(catalogue_of(path), {}).setdefault(key, Marked())
            entry.plural = entry.plural or plural
            entry.places.add(str(path.relative_to(ROOT)))
    return found


def in_python(source: str, name: str) -> Iterator[tuple[Key, str]]:
    """The marked strings of one module; ``CannotTranslate`` for one that is built at run time."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if called not in SHAPES or not node.args:
            continue
        texts = node.args[: len(SHAPES[called])]
        if any(isinstance(text, ast.JoinedStr | ast.BinOp) for text in texts):
            raise CannotTranslate(f"{name}:{node.lineno}: a text to translate must be one plain literal")
        values = [text.value for text in texts if isinstance(text, ast.Constant) and isinstance(text.value, str)]
        if len(values) == len(SHAPES[called]):
            yield _entry(called, values)


def in_template(source: str) -> Iterator[tuple[Key, str]]:
    """The marked strings of one Django template."""
    for call in _TEMPLATE_CALL.finditer(templatize(source)):
        values = [ast.literal_eval(text) for text in re.findall(_LITERAL, call[2], re.DOTALL)]
        yield _entry(call[1], values)


def _entry(called: str, values: list[str]) -> tuple[Key, str]:
    parts = dict(zip(SHAPES[called], values, strict=False))
    return (parts.get("context", ""), parts["id"]), parts.get("plural", "")


def update(path: Path, texts: dict[Key, Marked]) -> list[str]:
    """Bring one catalogue up to date and compile it; returns the texts that still want a translation."""
    old = {(entry.msgctxt or "", entry.msgid): entry for entry in polib.pofile(str(path))} if path.exists() else {}
    new = polib.POFile(wrapwidth=0)
    new.metadata = HEADER
    for (context, text), entry in sorted(texts.items(), key=lambda item: (min(item[1].places), item[0])):
        before = old.get((context, text))
        fresh = polib.POEntry(msgid=text, msgctxt=context or None, occurrences=[(p, "") for p in sorted(entry.places)])
        if entry.plural:
            fresh.msgid_plural = entry.plural
            fresh.msgstr_plural = before.msgstr_plural if before and before.msgstr_plural else {0: ""}
        else:
            fresh.msgstr = before.msgstr if before else ""
        new.append(fresh)
    path.parent.mkdir(parents=True, exist_ok=True)
    new.save(str(path))
    path.with_suffix(".mo").write_bytes(polib.pofile(str(path)).to_binary())
    return [entry.msgid for entry in new if not entry.translated()]


def problems(path: Path, texts: dict[Key, Marked]) -> list[str]:
    """What is wrong with one catalogue; empty when it is complete, exact and compiled."""
    name = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
    if not path.exists():
        return [f"{name}: does not exist, and {len(texts)} texts belong to it"]
    catalogue = polib.pofile(str(path))
    entries = {(entry.msgctxt or "", entry.msgid): entry for entry in catalogue}
    found = [f"{name}: lacks {text!r}" for context, text in texts if (context, text) not in entries]
    found += [f"{name}: nothing uses {text!r}" for context, text in entries if (context, text) not in texts]
    for entry in catalogue:
        if entry.fuzzy or not entry.translated():
            found.append(f"{name}: no translation of {entry.msgid!r}")
        for translation in [entry.msgstr, *entry.msgstr_plural.values()]:
            if translation and sorted(_HOLE.findall(translation)) not in _holes(entry):
                found.append(f"{name}: other placeholders or tags than in {entry.msgid!r}")
    compiled = path.with_suffix(".mo")
    if not compiled.exists() or compiled.read_bytes() != catalogue.to_binary():
        found.append(f"{name}: the compiled catalogue is not of this text")
    return found


def _holes(entry: polib.POEntry) -> list[list[str]]:
    return [sorted(_HOLE.findall(text)) for text in (entry.msgid, entry.msgid_plural) if text]


def main() -> int:
    """Do what the command line asks; returns 1 when something is missing."""
    command, folder = [*sys.argv[1:], "", ""][:2]
    if command not in {"update", "check"}:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        catalogues = marked()
    except CannotTranslate as error:
        print(error, file=sys.stderr)
        return 1
    within = (ROOT / folder).resolve()
    catalogues = {path: texts for path, texts in catalogues.items() if path.is_relative_to(within)}
    missing = []
    for path, texts in catalogues.items():
        if command == "update":
            missing += [f"{path.relative_to(ROOT)}: translate {text!r}" for text in update(path, texts)]
        else:
            missing += problems(path, texts)
    print("\n".join(missing) or f"{len(catalogues)} catalogues, {sum(map(len, catalogues.values()))} texts: complete.")
    return int(bool(missing))


if __name__ == "__main__":
    sys.exit(main())
