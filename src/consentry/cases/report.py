"""What a person may say in a report, and what the law that applies asks for: no picture, no account, no papers.

Invariants: an address or a post id is enough to name the picture (DR-02); a hash is a seed for review and nothing more
(rule 5); what is asked is exactly the ``notice_fields`` of the rules that apply, each with the reason why, all else is
optional (DR-08); earlier consent is never asked about. Problems are data, the sentences belong to the web layer.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from consentry.basics.ids import PdqHex, parse_pdq
from consentry.cases import law_file
from consentry.cases.clocks import Depiction, Installation
from consentry.cases.errors import CaseError
from consentry.cases.events import EventKind
from consentry.cases.jurisdictions import AppliesTo, Rule, RuleBook
from consentry.cases.register import Register, register_of

STATEMENT_LIMIT = 2000
"""Characters of free text."""
WORDS_LIMIT = 200
"""Characters of a short answer, of a contact, of a post id."""
ADDRESS_LIMIT = 2000
"""Characters of a web address."""


class Relationship(StrEnum):
    """Who files. Good faith is enough; no papers are asked for."""

    SELF = "self"
    ACTING_FOR = "acting_for"
    """For somebody else: a parent, a family in mourning, a helpline, a lawyer."""


class Harm(StrEnum):
    """What was done."""

    SEXUALISED_SYNTHETIC = "sexualised_synthetic"
    """Made or altered by a machine so that a person appears undressed or sexualised."""
    INTIMATE_PHOTOGRAPHED = "intimate_photographed"
    OTHER = "other"

    @property
    def depiction(self) -> Depiction:
        """What the reporter takes the picture to be; good for starting deadlines, not for a permission."""
        return _DEPICTIONS[self]


_DEPICTIONS = {
    Harm.SEXUALISED_SYNTHETIC: Depiction.SYNTHETIC,
    Harm.INTIMATE_PHOTOGRAPHED: Depiction.PHOTOGRAPHED,
    Harm.OTHER: Depiction.UNKNOWN,
}


class AnsweredBy(StrEnum):
    """Which part of a report answers a field that the law asks for."""

    CONTENT = "content"
    RELATIONSHIP = "relationship"
    HARM = "harm"
    STATEMENT = "statement"
    CONTACT = "contact"
    TICK = "tick"
    WORDS = "words"


class Trouble(StrEnum):
    """What is wrong with a field."""

    REQUIRED = "required"
    TOO_LONG = "too_long"
    CONTROL_CHARACTERS = "control_characters"
    NOT_AN_ADDRESS = "not_an_address"
    NOT_A_HASH = "not_a_hash"
    UNKNOWN_CHOICE = "unknown_choice"
    NOT_ASKED = "not_asked"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend: the field's name and a code; ``limit`` is the number of characters allowed, if that is it."""

    field: str
    trouble: Trouble
    limit: int = 0


class ReportError(CaseError):
    """A report that cannot be accepted as it stands; ``problems`` say what to mend."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(
            "The report cannot be accepted as it stands.",
            not_done="Nothing was filed.",
            next_step=f"Mend: {', '.join(sorted({problem.field for problem in problems}))}.",
        )
        self.problems = problems


@dataclass(frozen=True, slots=True)
class AskedField:
    """A field that the law asks for: how it is answered, which rules ask, label and reason in two languages."""

    name: str
    answered_by: AnsweredBy
    rule_ids: tuple[str, ...]
    en: str
    ja: str
    why_en: str
    why_ja: str

    def label(self, language: str) -> str:
        """The question in Japanese for ``ja`` (and ``ja-*``), otherwise in English."""
        return self.ja if language.lower().split("-")[0] == "ja" else self.en

    def why(self, language: str) -> str:
        """The reason in Japanese for ``ja`` (and ``ja-*``), otherwise in English."""
        return self.why_ja if language.lower().split("-")[0] == "ja" else self.why_en


@dataclass(frozen=True, slots=True)
class ReportDraft:
    """A report as it was typed. ``answers`` holds ticks (any text but empty) and words, by field name."""

    content: str
    harm: str
    relationship: str = Relationship.SELF.value
    claimed_pdq: str = ""
    is_child: bool | None = None
    jurisdictions: tuple[str, ...] = ()
    language: str = "en"
    statement: str = ""
    contact: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Report:
    """A report that can be filed. Everything from ``statement`` on is personal and must be kept encrypted.

    ``jurisdictions`` are those whose law the person called on; ``contact`` empty means: through the receipt.
    """

    content: str
    is_url: bool
    harm: Harm
    relationship: Relationship
    claimed_pdq: PdqHex | None
    register: Register
    jurisdictions: tuple[str, ...]
    language: str
    statement: str = field(repr=False)
    contact: str = field(repr=False)
    answers: Mapping[str, str] = field(repr=False)


def asked_fields(
    book: RuleBook, jurisdictions: tuple[str, ...], *, depiction: Depiction, is_child: bool | None = None
) -> tuple[AskedField, ...]:
    """What the law of these jurisdictions asks a person who files, in the order of its rules, each field once."""
    rules = [rule for rule in book.of(jurisdictions) if _asks(rule, depiction)]
    wanted: dict[str, list[str]] = {}
    for rule in rules:
        for name in rule.notice_fields or ():
            if not (is_child and name == "name_and_email"):
                wanted.setdefault(name, []).append(rule.id)
    return tuple(_asked(name, tuple(rule_ids)) for name, rule_ids in wanted.items())


def accept(draft: ReportDraft, *, book: RuleBook, installation: Installation) -> Report:
    """The report in ``draft``; ``ReportError`` with every problem at once if something must be mended."""
    found = problems(draft, book=book, installation=installation)
    if found:
        raise ReportError(found)
    return Report(
        content=draft.content.strip(),
        is_url=_is_url(draft.content.strip()),
        harm=Harm(draft.harm),
        relationship=Relationship(draft.relationship),
        claimed_pdq=parse_pdq(draft.claimed_pdq) if draft.claimed_pdq else None,
        register=register_of(is_child=draft.is_child),
        jurisdictions=tuple(sorted(set(draft.jurisdictions))),
        language=draft.language,
        statement=draft.statement.strip(),
        contact=draft.contact.strip(),
        answers=MappingProxyType({name: text.strip() for name, text in draft.answers.items() if text.strip()}),
    )


def problems(draft: ReportDraft, *, book: RuleBook, installation: Installation) -> tuple[Problem, ...]:
    """Everything that must be mended before ``draft`` can be filed; empty when nothing must."""
    found = [*_content_problems(draft.content.strip()), *_choice_problems(draft, installation)]
    found += _text_problems("statement", draft.statement, STATEMENT_LIMIT)
    found += _text_problems("contact", draft.contact, WORDS_LIMIT)
    for name, text in draft.answers.items():
        found += _text_problems(name, text, WORDS_LIMIT)
    if draft.claimed_pdq and not re.fullmatch(r"[0-9a-f]{64}", draft.claimed_pdq):
        found.append(Problem("claimed_pdq", Trouble.NOT_A_HASH))
    if any(problem.trouble is Trouble.UNKNOWN_CHOICE for problem in found):
        return tuple(found)
    asked = asked_fields(book, draft.jurisdictions, depiction=Harm(draft.harm).depiction, is_child=draft.is_child)
    found += [Problem(name, Trouble.NOT_ASKED) for name in draft.answers if name not in {field.name for field in asked}]
    found += [
        Problem(_where(field), Trouble.REQUIRED)
        for field in asked
        if not _answered(field, draft) and field.answered_by is not AnsweredBy.CONTENT
    ]
    return tuple(dict.fromkeys(found))


def _asks(rule: Rule, depiction: Depiction) -> bool:
    """Whether a person who files meets this rule: not the order of an authority, not another sort of picture."""
    if rule.starts is EventKind.ORDER_RECEIVED:
        return False
    if rule.applies_to is AppliesTo.PHOTOGRAPHED:
        return depiction is Depiction.PHOTOGRAPHED
    return not (rule.applies_to is AppliesTo.SYNTHETIC and depiction is Depiction.PHOTOGRAPHED)


def _asked(name: str, rule_ids: tuple[str, ...]) -> AskedField:
    known = _notice_fields().get(name)
    if known is None:
        law_file.refuse("notice_fields.yaml", f"the field {name} has no question")
    return AskedField(
        name=name,
        answered_by=AnsweredBy(known["answered_by"]),
        rule_ids=rule_ids,
        en=known["en"],
        ja=known["ja"],
        why_en=known["why_en"],
        why_ja=known["why_ja"],
    )


@lru_cache(maxsize=1)
def _notice_fields() -> Mapping[str, Mapping[str, Any]]:
    where = "notice_fields.yaml"
    table = law_file.parse(where, law_file.read("consentry.cases", where))
    for name, entry in table.items():
        law_file.exactly(f"{where}: {name}", entry, ("answered_by", "en", "ja", "why_en", "why_ja"))
        law_file.choice(f"{where}: {name}", entry["answered_by"], AnsweredBy)
        for key in ("en", "ja", "why_en", "why_ja"):
            law_file.text(f"{where}: {name}", entry[key])
    return MappingProxyType(table)


def _where(field: AskedField) -> str:
    """The part of the form in which the answer is missing."""
    own = {AnsweredBy.TICK, AnsweredBy.WORDS}
    return field.name if field.answered_by in own else field.answered_by.value


def _answered(field: AskedField, draft: ReportDraft) -> bool:
    match field.answered_by:
        case AnsweredBy.STATEMENT:
            return bool(draft.statement.strip())
        case AnsweredBy.TICK | AnsweredBy.WORDS:
            return bool(draft.answers.get(field.name, "").strip())
        case _:  # content, relationship and harm are checked as choices; the receipt is always a contact
            return True


def _content_problems(content: str) -> list[Problem]:
    if not content:
        return [Problem("content", Trouble.REQUIRED)]
    if len(content) > ADDRESS_LIMIT:
        return [Problem("content", Trouble.TOO_LONG, ADDRESS_LIMIT)]
    if _is_url(content) or re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._:@#~-]{0,199}", content):
        return []
    return [Problem("content", Trouble.NOT_AN_ADDRESS)]


def _is_url(content: str) -> bool:
    if re.search(r"[\x00-\x20\x7f\s\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]", content):
        return False  # nothing that hides in print, or turns it round
    try:
        parts = urlsplit(content)
        host = parts.hostname
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(host) and "@" not in parts.netloc


def _choice_problems(draft: ReportDraft, installation: Installation) -> list[Problem]:
    known: dict[str, tuple[str, set[str]]] = {
        "harm": (draft.harm, set(Harm)),
        "relationship": (draft.relationship, set(Relationship)),
        "language": (draft.language, {"en", "ja"}),
    }
    found = [Problem(name, Trouble.UNKNOWN_CHOICE) for name, (value, allowed) in known.items() if value not in allowed]
    if not set(draft.jurisdictions) <= set(installation.jurisdictions):
        found.append(Problem("jurisdictions", Trouble.UNKNOWN_CHOICE))
    return found


def _text_problems(name: str, text: str, limit: int) -> list[Problem]:
    found = []
    if len(text) > limit:
        found.append(Problem(name, Trouble.TOO_LONG, limit))
    if re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", text):
        found.append(Problem(name, Trouble.CONTROL_CHARACTERS))
    return found
