"""The words that a request is read by: loaded once from YAML, checked, inflected, and indexed for look-up.

Invariants: an entry is a tuple of words and carries classes; the longest entry at a place wins; the data files are
the only place where words live. Not done here: undoing disguises (``words``) and meaning (``reading``).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

import yaml

from consentry.guard.errors import GuardDataError
from consentry.guard.outfit import LAYERS, REGIONS, Garment

GRAVE = frozenset({"undress", "clothing_gone", "bare", "sheer", "sheer_weak", "body_intimate", "sexual", "shirtless"})
"""Classes that disguises are undone for: mending towards anything else would only change ordinary words."""

_GRAVE_LAYERS = frozenset({"under", "swim"})
_GRAVE_GARMENTS = frozenset({"clothes", "dress", "shirt", "skirt"})
_GRAVE_VERBS = frozenset({"remove", "removed", "removes", "removing"})


@dataclass(frozen=True, slots=True)
class Entry:
    """What one word or phrase means: its classes, and the garment when it is one. ``id`` goes to the staff's trace."""

    id: str
    classes: frozenset[str]
    garment: Garment | None = None


@dataclass(frozen=True, slots=True)
class Lexicon:
    """One language. ``phrases`` maps a first word to entries, longest first; ``known`` is every single word."""

    phrases: Mapping[str, tuple[tuple[tuple[str, ...], Entry], ...]]
    known: frozenset[str]
    grave: frozenset[str]
    lookalikes: frozenset[str]
    fuzzy_never: frozenset[str]
    deletes: Mapping[str, str] = field(repr=False)
    prefixes: frozenset[str] = field(repr=False)
    squeezed: Mapping[str, str] = field(repr=False)


def read_data(name: str) -> Mapping[str, Any]:
    """One of the package's own YAML tables in ``lexicon/``; :class:`GuardDataError` when it is not a table."""
    text = resources.files("consentry.guard").joinpath("lexicon", name).read_text("utf-8")
    data = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - safe in both builds
    if not isinstance(data, dict):
        raise GuardDataError(f"The lexicon file {name} is not a table.")
    return data


@cache
def garments() -> Mapping[str, tuple[Garment, Mapping[str, tuple[str, ...]]]]:
    """The garment ontology: id -> (garment, its names by language)."""
    found: dict[str, tuple[Garment, Mapping[str, tuple[str, ...]]]] = {}
    for key, row in read_data("garments.yaml")["garments"].items():
        covers = frozenset(row["covers"])
        if row["layer"] not in LAYERS or not covers <= REGIONS:
            raise GuardDataError(f"The garment {key} has an unknown layer or region.")
        garment = Garment(key, row["layer"], covers, row.get("kind", ""))
        found[key] = (garment, {lang: tuple(map(str, row.get(lang, ()))) for lang in ("en", "ja")})
    return found


def split_words(entry: str) -> tuple[str, ...]:
    """An entry's words as the reader sees them: lower case, hyphens and slashes divide."""
    return tuple(entry.lower().replace("-", " ").replace("/", " ").split())


@cache
def english() -> Lexicon:
    """The English lexicon, inflected and indexed. Built once a process, in some ten milliseconds."""
    data = read_data("en.yaml")
    irregular: Mapping[str, list[str]] = data["irregular"]
    classes: dict[tuple[str, ...], set[str]] = {}
    worn: dict[tuple[str, ...], Garment] = {}
    for name, entries in data["verbs"].items():
        for entry in entries:
            for form in _verb_forms(split_words(entry), irregular):
                classes.setdefault(form, set()).add(name)
    for name, entries in data["words"].items():
        for entry in entries:
            classes.setdefault(split_words(str(entry)), set()).add(name)
    for garment, names in garments().values():
        for entry in names["en"]:
            for form in _noun_forms(split_words(entry)):
                classes.setdefault(form, set()).add("garment")
                worn[form] = garment
    for entry in data["lookalikes"]:
        classes[split_words(entry)] = {"lookalike"}
    return _index(classes, worn, data)


def _index(
    classes: Mapping[tuple[str, ...], set[str]], worn: Mapping[tuple[str, ...], Garment], data: Mapping[str, Any]
) -> Lexicon:
    phrases: dict[str, list[tuple[tuple[str, ...], Entry]]] = {}
    known: set[str] = set(data["common"])
    grave: set[str] = set()
    for form, names in classes.items():
        if not form:
            continue
        entry = Entry(f"en:{' '.join(form)}", frozenset(names), worn.get(form))
        phrases.setdefault(form[0], []).append((form, entry))
        known.update(form)
        if len(form) == 1 and _is_grave(form[0], names, worn.get(form)):
            grave.add(form[0])
    for rows in phrases.values():
        rows.sort(key=lambda row: -len(row[0]))
    long_ones = sorted(word for word in grave if len(word) >= 5 and not word.endswith("ing"))
    deletes: dict[str, str] = {}
    for word in long_ones:
        for at in range(1, len(word)):
            deletes.setdefault(word[:at] + word[at + 1 :], word)
    return Lexicon(
        phrases={word: tuple(rows) for word, rows in phrases.items()},
        known=frozenset(known),
        grave=frozenset(grave),
        lookalikes=frozenset(" ".join(split_words(entry)) for entry in data["lookalikes"]),
        fuzzy_never=frozenset(data["fuzzy_never"]),
        deletes=deletes,
        prefixes=frozenset(word[:length] for word in grave if len(word) >= 4 for length in range(1, 6)),
        squeezed={squeeze(word): word for word in sorted(grave) if len(word) >= 4},
    )


def _is_grave(word: str, names: set[str], garment: Garment | None) -> bool:
    if names & GRAVE or word in _GRAVE_VERBS:
        return True
    return garment is not None and (garment.layer in _GRAVE_LAYERS or garment.id in _GRAVE_GARMENTS)


def squeeze(word: str) -> str:
    """``word`` with each run of the same letter cut to one."""
    return "".join(char for at, char in enumerate(word) if at == 0 or char != word[at - 1])


def _verb_forms(words: tuple[str, ...], irregular: Mapping[str, list[str]]) -> Iterable[tuple[str, ...]]:
    head, rest = words[0], words[1:]
    forms = [head, *irregular.get(head, ())]
    if head.endswith("ee"):
        forms += [head + "s", head + "d", head + "ing"]
    elif head.endswith("e"):
        forms += [head + "s", head + "d", head[:-1] + "ing"]
    elif head.endswith(("s", "x", "ch", "sh")):
        forms += [head + "es", head + "ed", head + "ing"]
    else:
        forms += [head + "s", head + "ed", head + "ing", head + head[-1] + "ing"]
    return [(form, *rest) for form in forms]


def _noun_forms(words: tuple[str, ...]) -> Iterable[tuple[str, ...]]:
    last = words[-1]
    yield words
    if not last.endswith("s"):
        yield (*words[:-1], last + "s")
    elif last.endswith("ss"):
        yield (*words[:-1], last + "es")


def trie_pattern(terms: Iterable[str]) -> str:
    """A pattern for the longest of ``terms``, shared beginnings written once so that a miss costs one step."""
    tree: dict[str, dict[str, object]] = {}
    for term in terms:
        node: dict[str, dict[str, object]] = tree
        for char in term:
            node = node.setdefault(char, {})  # type: ignore[assignment]
        node[""] = {}
    return _branch(tree)


def _branch(node: Mapping[str, object]) -> str:
    rest = {char: child for char, child in node.items() if char}
    if not rest:
        return ""
    options = []
    for char, child in sorted(rest.items()):
        assert isinstance(child, dict)
        options.append(re.escape(char) + _branch(child))
    body = options[0] if len(options) == 1 else "(?:" + "|".join(options) + ")"
    return f"(?:{body})?" if "" in node else body
