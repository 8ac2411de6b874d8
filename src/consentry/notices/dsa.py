"""The documented rules of the EU transparency database for one statement (``POST /api/v1/statement``).

Source: digital-services-act/transparency-database, documentation (docs/spec/statement-of-reasons.md names the commit).
Invariants: what passes here has been checked against the documented rules only, never against the server; a finding
names field and rule, never the text. Stricter than the server on purpose: ``territorial_scope`` must be there, and
texts must hold nothing personal. Not done here: building a statement, sending it.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from consentry.notices.phrases import read_yaml
from consentry.notices.public_text import leaks


class Fault(StrEnum):
    """How a field breaks the rules."""

    REQUIRED = "required"
    NOT_A_LIST = "not_a_list"
    NOT_TEXT = "not_text"
    NOT_ON_THE_LIST = "not_on_the_list"
    TOO_LONG = "too_long"
    BAD_FORM = "bad_form"
    TOO_EARLY = "too_early"
    UNKNOWN_FIELD = "unknown_field"
    PERSONAL = "personal"


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken rule."""

    field: str
    fault: Fault


@lru_cache(maxsize=1)
def vocabulary() -> Mapping[str, Any]:
    """The value lists and limits of the interface, by the names in ``dsa.yaml``."""
    return MappingProxyType(read_yaml("dsa.yaml"))


_DECISIONS = ("decision_visibility", "decision_monetary", "decision_provision", "decision_account")
_END_DATES = tuple(f"end_date_{what}_restriction" for what in ("visibility", "monetary", "service", "account"))
_ALWAYS = (
    *("decision_ground", "content_type", "category", "content_date", "application_date", "decision_facts"),
    *("source_type", "automated_detection", "automated_decision", "puid", "territorial_scope"),
)
_LISTS = {
    "decision_visibility": "decision_visibilities",
    "content_type": "content_types",
    "category_addition": "categories",
    "category_specification": "keywords",
    "territorial_scope": "countries",
}
_CHOICES = {
    "decision_monetary": "decision_monetaries",
    "decision_provision": "decision_provisions",
    "decision_account": "decision_accounts",
    "account_type": "account_types",
    "decision_ground": "decision_grounds",
    "category": "categories",
    "source_type": "source_types",
    "automated_decision": "automated_decisions",
}
_YES_NO = ("automated_detection", "incompatible_content_illegal")
_OTHERS = {
    "decision_visibility_other": ("decision_visibility", "DECISION_VISIBILITY_OTHER"),
    "decision_monetary_other": ("decision_monetary", "DECISION_MONETARY_OTHER"),
    "content_type_other": ("content_type", "CONTENT_TYPE_OTHER"),
}
_BY_GROUND = {
    "DECISION_GROUND_ILLEGAL_CONTENT": ("illegal_content_legal_ground", "illegal_content_explanation"),
    "DECISION_GROUND_INCOMPATIBLE_CONTENT": ("incompatible_content_ground", "incompatible_content_explanation"),
}
_UNLISTED = ("content_id", "content_language", "decision_ground_reference_url")


def violations(payload: Mapping[str, Any], known_personal: Iterable[str] = ()) -> tuple[Violation, ...]:
    """Every documented rule that ``payload`` breaks; empty when it may be sent.

    A field that is absent, null or empty counts as not given. ``known_personal`` are strings that must not occur.
    """
    given = {name: value for name, value in payload.items() if value not in (None, "", [])}
    found: list[Violation] = []
    for check in (_required, _choices, _dates, _texts, _fields):
        found += check(given)
    personal = tuple(known_personal)
    free = [name for name in (*vocabulary()["limits"], "puid") if isinstance(given.get(name), str)]
    found += [Violation(name, Fault.PERSONAL) for name in dict.fromkeys(free) if leaks(given[name], personal)]
    return tuple(dict.fromkeys(found))


def _required(given: Mapping[str, Any]) -> list[Violation]:
    missing = [name for name in _ALWAYS if name not in given]
    if not any(name in given for name in _DECISIONS):
        missing.append("decision_visibility")
    missing += [name for name in _BY_GROUND.get(_text(given.get("decision_ground")), ()) if name not in given]
    for text, (field, value) in _OTHERS.items():
        chosen = given.get(field)
        if (value in chosen if isinstance(chosen, list) else value == chosen) and text not in given:
            missing.append(text)
    return [Violation(name, Fault.REQUIRED) for name in missing]


def _choices(given: Mapping[str, Any]) -> list[Violation]:
    found = []
    for name, table in _LISTS.items():
        if name in given and not isinstance(given[name], list):
            found.append(Violation(name, Fault.NOT_A_LIST))
        elif not all(item in vocabulary()[table] for item in given.get(name, ())):
            found.append(Violation(name, Fault.NOT_ON_THE_LIST))
    for name, table in _CHOICES.items():
        if name in given and given[name] not in vocabulary()[table]:
            found.append(Violation(name, Fault.NOT_ON_THE_LIST))
    for name in _YES_NO:
        if name in given and given[name] not in ("Yes", "No"):
            found.append(Violation(name, Fault.NOT_ON_THE_LIST))
    return found


def _dates(given: Mapping[str, Any]) -> list[Violation]:
    found = []
    days: dict[str, date] = {}
    for name in ("content_date", "application_date", *_END_DATES):
        if name in given:
            parsed = _day(given[name])
            if parsed is None:
                found.append(Violation(name, Fault.BAD_FORM))
            else:
                days[name] = parsed
    earliest = {"content_date": date(2000, 1, 1), "application_date": date(2020, 1, 1)}
    for name in _END_DATES:
        earliest[name] = days.get("application_date", date(2020, 1, 1))
    return found + [Violation(name, Fault.TOO_EARLY) for name, day in days.items() if day < earliest[name]]


def _texts(given: Mapping[str, Any]) -> list[Violation]:
    found = []
    for name, limit in vocabulary()["limits"].items():
        if name not in given:
            continue
        if not isinstance(given[name], str):
            found.append(Violation(name, Fault.NOT_TEXT))
        elif len(given[name]) > limit:
            found.append(Violation(name, Fault.TOO_LONG))
    forms: dict[str, Callable[[str], object]] = {
        "puid": re.compile(r"[a-zA-Z0-9_-]+").fullmatch,
        "content_language": re.compile(r"[A-Z]{2}").fullmatch,
    }
    for name, form in forms.items():
        if name in given and not (isinstance(given[name], str) and form(given[name])):
            found.append(Violation(name, Fault.BAD_FORM))
    return found


def _fields(given: Mapping[str, Any]) -> list[Violation]:
    known = {*_ALWAYS, *_DECISIONS, *_END_DATES, *_LISTS, *_CHOICES, *_YES_NO, *_UNLISTED, *vocabulary()["limits"]}
    return [Violation(name, Fault.UNKNOWN_FIELD) for name in given if name not in known]


def _day(value: Any) -> date | None:
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
