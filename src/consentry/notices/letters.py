"""Letters as data, in English and Japanese, with named and typed fields.

Invariants: a letter is written only with exactly its fields, each of its sort; no sort is free text, so that nobody's
complaint can be quoted; a letter to an uploader holds no time of day and nothing about whoever reported (DR-09).
Not done here: sending, and choosing the moment of sending.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import lru_cache
from importlib import resources
from string import Formatter
from types import MappingProxyType
from typing import Any

from consentry.notices.errors import LetterError
from consentry.notices.phrases import LANGUAGES, check_words, phrases, read_yaml, refuse, sentence, spoken

FieldValue = str | date | datetime


class Recipient(StrEnum):
    """Who reads a letter."""

    REPORTER = "reporter"
    UPLOADER = "uploader"


class Sort(StrEnum):
    """What a field may hold."""

    DATE = "date"
    """A day."""
    MOMENT = "moment"
    """A day and a time, shown in UTC; never in a letter to an uploader."""
    URL = "url"
    """An address of ours: http(s), no query."""
    CONTENT = "content"
    """The address of the recipient's own post, or its id: letters and digits, so that no mail address or time fits."""
    CHOICE = "choice"
    """A code of a table of sentences."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter, ready to be sent: plain text."""

    subject: str
    body: str
    language: str


@dataclass(frozen=True, slots=True)
class Template:
    """A letter with holes. ``fields`` maps a name to its sort and, for choices, the table of sentences."""

    id: str
    to: Recipient
    fields: Mapping[str, tuple[Sort, str]]
    subject: Mapping[str, str]
    body: Mapping[str, str]


def render(letter_id: str, language: str, /, **fields: FieldValue) -> Letter:
    """The letter in Japanese for ``ja`` (and ``ja-*``), otherwise in English.

    ``LetterError`` names the fields that are missing, unknown or of the wrong sort, never what they held.
    """
    template = letters().get(letter_id)
    if template is None:
        raise _wrong(letter_id, "there is no such letter")
    odd = set(fields) ^ set(template.fields)
    if odd:
        raise _wrong(letter_id, f"fields missing or unknown: {', '.join(sorted(odd))}")
    tongue = spoken(language)
    words = {name: _words(letter_id, name, template.fields[name], value, tongue) for name, value in fields.items()}
    return Letter(template.subject[tongue], template.body[tongue].format_map(words).strip(), tongue)


@lru_cache(maxsize=1)
def letters() -> Mapping[str, Template]:
    """Every packaged letter by its id, checked."""
    folder = resources.files("consentry.notices").joinpath("letters")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".yaml"))
    return MappingProxyType({name.removesuffix(".yaml"): _template(name) for name in names})


def _template(name: str) -> Template:
    table = read_yaml("letters", name)
    if set(table) != {"to", "fields", "subject", "body"} or not isinstance(table["fields"], dict):
        refuse(name, "it needs exactly: to, fields, subject, body")
    if table["to"] not in set(Recipient) or not name.startswith(table["to"]):
        refuse(name, "its name begins with its recipient")
    fields = {field: _sort(name, field, sort) for field, sort in table["fields"].items()}
    if table["to"] == Recipient.UPLOADER and any(sort is Sort.MOMENT for sort, _ in fields.values()):
        refuse(name, "a letter to an uploader holds no time of day")
    for part in ("subject", "body"):
        check_words(f"{name}: {part}", table[part])
    for language in LANGUAGES:
        holes = {hole for _, hole, _, _ in Formatter().parse(table["body"][language]) if hole is not None}
        if holes != set(fields) or "{" in table["subject"][language]:
            refuse(name, f"the holes in {language} are not exactly its fields")
    return Template(name.removesuffix(".yaml"), Recipient(table["to"]), fields, table["subject"], table["body"])


def _sort(where: str, field: str, given: Any) -> tuple[Sort, str]:
    sort, _, table = str(given).partition(":")
    if sort not in set(Sort) or (sort == Sort.CHOICE) != bool(table) or (table and table not in phrases()):
        refuse(where, f"the field {field} has no known sort")
    return Sort(sort), table


_FORMS = {
    Sort.URL: re.compile(r"https?://[a-zA-Z0-9.:\[\]-]{1,255}(?:/[a-zA-Z0-9._~/-]{0,500})?"),
    Sort.CONTENT: re.compile(
        r"https?://[^\s\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]{3,2000}"
        r"|[a-zA-Z0-9][a-zA-Z0-9_~-]{0,99}"
    ),
}


def _words(letter_id: str, name: str, kind: tuple[Sort, str], value: FieldValue, language: str) -> str:
    sort, table = kind
    if sort is Sort.MOMENT and isinstance(value, datetime) and value.tzinfo is not None:
        return _moment(value.astimezone(UTC), language)
    if sort is Sort.DATE and isinstance(value, date) and not isinstance(value, datetime):
        return _day(value, language)
    if isinstance(value, str):
        if sort is Sort.CHOICE and value in phrases()[table]:
            return sentence(table, value, language)
        form = _FORMS.get(sort)
        if form is not None and form.fullmatch(value):
            return value
    raise _wrong(letter_id, f"the field {name} is not a {sort.value}")


_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
)


def _day(day: date, language: str) -> str:
    if language == "ja":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _moment(at: datetime, language: str) -> str:
    if language == "ja":
        return f"{_day(at.date(), language)}{at.hour}時{at.minute:02}分(協定世界時)"
    return f"{_day(at.date(), language)}, {at.hour:02}:{at.minute:02} UTC"


def _wrong(letter_id: str, what: str) -> LetterError:
    return LetterError(
        f"The letter {letter_id} cannot be written: {what}.",
        not_done="Nothing was written or sent.",
        next_step="Give exactly the fields that notices/letters names.",
    )
