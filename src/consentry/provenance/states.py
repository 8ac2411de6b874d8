"""What is believed of a credential: our own words, from our own table over the standard's status codes.

Invariants: the word never comes from a library (libraries have changed theirs between minor versions); a code that is
not in the table makes the state *not understood*, never good and never bad; a signer whom nobody listed is
*well formed, untrusted*, never "verified". What was already wrong with a source when it was used, and said so, does
not make the picture that was made from it invalid. An absent credential proves nothing. Not done here: reading files.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any

import yaml


class State(StrEnum):
    """What one file's credential is worth."""

    TRUSTED = "trusted"
    WELL_FORMED_UNTRUSTED = "well_formed_untrusted"
    INVALID = "invalid"
    NONE = "none"
    NOT_UNDERSTOOD = "not_understood"


class Meaning(StrEnum):
    """What one status code means here."""

    HOLDS = "holds"
    TRUSTED = "trusted"
    NOTE = "note"
    UNTRUSTED = "untrusted"
    UNFIT = "unfit"
    ALTERED = "altered"
    DAMAGED = "damaged"
    NOT_UNDERSTOOD = "not_understood"


BREAKING = frozenset({Meaning.UNFIT, Meaning.ALTERED, Meaning.DAMAGED})
FOREIGN_PREFIXES = ("cawg.",)
"""Codes about statements of other organisations (identity assertions): shown, and not judged here."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One code that says more than "holds". ``in_source``: it is about a picture that this one was made from."""

    code: str
    meaning: Meaning
    in_source: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """The state and what led to it, in the order found."""

    state: State
    findings: tuple[Finding, ...] = ()

    @property
    def altered(self) -> bool:
        """Whether content or statement is not what was signed; an unfit certificate alone is not that."""
        return any(one.meaning is Meaning.ALTERED for one in self.findings)


NO_CREDENTIAL = Verdict(State.NONE)


@cache
def meanings() -> Mapping[str, Meaning]:
    """The table: every status code that we know."""
    text = resources.files("consentry.provenance").joinpath("status_codes.yaml").read_text("utf-8")
    return {code: Meaning(meaning) for meaning, codes in yaml.safe_load(text).items() for code in codes}


def meaning_of(code: str) -> Meaning:
    """What ``code`` means here."""
    if code.startswith(FOREIGN_PREFIXES):
        return Meaning.NOTE
    return meanings().get(code, Meaning.NOT_UNDERSTOOD)


def judge(validation_results: Mapping[str, Any]) -> Verdict:
    """The verdict on a validator's results: ``activeManifest`` and ``ingredientDeltas`` of C2PA's own JSON shape."""
    own = [(code, False) for code in _codes(validation_results.get("activeManifest"))]
    deltas = validation_results.get("ingredientDeltas") or ()
    sources = [(code, True) for delta in deltas for code in _codes(delta.get("validationDeltas"))]
    every = [Finding(code, meaning_of(code), in_source) for code, in_source in own + sources]
    telling = tuple(dict.fromkeys(one for one in every if one.meaning not in (Meaning.HOLDS, Meaning.TRUSTED)))
    if any(one.meaning in BREAKING for one in every):
        return Verdict(State.INVALID, telling)
    if any(one.meaning is Meaning.NOT_UNDERSTOOD for one in every) or not own:
        return Verdict(State.NOT_UNDERSTOOD, telling)
    mine = {one.meaning for one in every if not one.in_source}
    if Meaning.HOLDS not in mine:
        return Verdict(State.NOT_UNDERSTOOD, telling)
    trusted = Meaning.TRUSTED in mine and Meaning.UNTRUSTED not in mine
    return Verdict(State.TRUSTED if trusted else State.WELL_FORMED_UNTRUSTED, telling)


def _codes(results: Mapping[str, Any] | None) -> Iterable[str]:
    """Every code of one set of results. Which list a code stands in is the library's opinion; ours is the table."""
    for kind in ("success", "informational", "failure"):
        for entry in (results or {}).get(kind) or ():
            yield str(entry.get("code", ""))
