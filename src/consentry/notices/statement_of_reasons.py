"""The statement of reasons: what was done to a picture and why, for its uploader and for the public database.

Invariants: it is made of codes and of law, never of what a reporter wrote; the uploader's text is the same whether
somebody reported or we found it ourselves; the public form holds nothing personal and is checked before it exists
(docs/spec/statement-of-reasons.md). Not done here: who may decide, sending.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from consentry.notices.dsa import Violation, violations, vocabulary
from consentry.notices.errors import NoticeError
from consentry.notices.phrases import sentence, spoken


class Measure(StrEnum):
    """What was done to the picture."""

    REMOVED = "removed"
    """Out of view after a person's decision (kept restorable while an appeal is open)."""
    DISABLED = "disabled"
    """Out of view until a person decides."""
    LABELLED = "labelled"


class Subject(StrEnum):
    """What the picture is."""

    SYNTHETIC = "synthetic"
    PHOTOGRAPHED = "photographed"
    UNKNOWN = "unknown"


class SourceOf(StrEnum):
    """What made us look. Goes to the public database, never to the uploader."""

    NOTICE = "notice"
    TRUSTED_FLAGGER = "trusted_flagger"
    OTHER_NOTICE = "other_notice"
    OWN_INITIATIVE = "own_initiative"


class StatementError(NoticeError):
    """A statement that may not leave; ``violations`` say which field breaks which rule, and never repeat its text."""

    def __init__(self, found: tuple[Violation, ...]) -> None:
        super().__init__(
            "The statement of reasons breaks the rules of the public database.",
            not_done="It was not published.",
            next_step=f"Mend: {', '.join(f'{v.field} ({v.fault.value})' for v in found)}.",
        )
        self.violations = found


@dataclass(frozen=True, slots=True)
class StatementOfReasons:
    """One statement. ``id`` is random and opaque (it becomes the public ``puid``).

    ``law`` is the citation of a rule (``Rule.citation``), ``term`` a code of the house terms; at least one is given.
    ``facts`` are codes. ``content_date`` is the day of the post, null when the platform did not say.
    ``territory``: EU and EEA country codes for the public form, empty means all of them.
    """

    id: str
    measure: Measure
    facts: tuple[str, ...]
    subject: Subject
    application_date: date
    source: SourceOf
    law: str = ""
    term: str = ""
    content_date: date | None = None
    territory: tuple[str, ...] = ()
    found_by_machine: bool = False
    hidden_by_machine: bool = False

    def __post_init__(self) -> None:
        missing = []
        if not self.law and not self.term:
            missing.append("law or term")
        if not self.facts:
            missing.append("facts")
        if missing:
            raise NoticeError(
                f"A statement of reasons lacks: {', '.join(missing)}.",
                not_done="It was not made.",
                next_step="Give the ground and at least one fact.",
            )

    def text(self, language: str) -> str:
        """What the uploader reads: measure, facts, ground, automation, redress, one sentence a line."""
        lines = [sentence("measure", self.measure.value, language)]
        lines += [sentence("fact", fact, language) for fact in self.facts]
        if self.term:
            lines.append(sentence("ground", self.term, language))
        if self.law:
            lines.append(_LAW[spoken(language)].format(law=self.law))
        lines.append(sentence("automation", self._automation, language))
        lines.append(sentence("redress", "appeal", language))
        return "\n".join(lines)

    def to_dsa(self, *, known_personal: Iterable[str] = ()) -> dict[str, Any]:
        """The body of ``POST /api/v1/statement``, in English; ``StatementError`` if it may not be published.

        ``known_personal``: names, accounts and addresses of the case that must not occur anywhere in it.
        """
        category, keyword, content_type = _ABOUT[self.subject]
        payload: dict[str, Any] = {
            "decision_visibility": [_VISIBILITY[self.measure]],
            **self._ground(),
            "category": category,
            "category_specification": [keyword],
            "content_type": content_type,
            "content_date": self.content_date.isoformat() if self.content_date else None,
            "application_date": self.application_date.isoformat(),
            "territorial_scope": sorted(self.territory or vocabulary()["countries"]),
            "decision_facts": " ".join(sentence("fact", fact, "en") for fact in self.facts),
            "source_type": _SOURCES[self.source],
            "automated_detection": "Yes" if self.found_by_machine else "No",
            "automated_decision": (
                "AUTOMATED_DECISION_PARTIALLY" if self.hidden_by_machine else "AUTOMATED_DECISION_NOT_AUTOMATED"
            ),
            "puid": self.id,
        }
        found = violations(payload, known_personal)
        if found:
            raise StatementError(found)
        return payload

    @property
    def _automation(self) -> str:
        return "machine_then_person" if self.measure is Measure.DISABLED and self.hidden_by_machine else "person"

    def _ground(self) -> dict[str, str]:
        facts = " ".join(sentence("fact", fact, "en") for fact in self.facts)
        if self.law:
            return {
                "decision_ground": "DECISION_GROUND_ILLEGAL_CONTENT",
                "illegal_content_legal_ground": self.law,
                "illegal_content_explanation": facts,
            }
        return {
            "decision_ground": "DECISION_GROUND_INCOMPATIBLE_CONTENT",
            "incompatible_content_ground": f"House terms: {self.term}",
            "incompatible_content_explanation": sentence("ground", self.term, "en"),
        }


_LAW = {"en": "Law: {law}.", "ja": "法令: {law}"}
_CYBER = "STATEMENT_CATEGORY_CYBER_VIOLENCE"
_ABOUT: dict[Subject, tuple[str, str, list[str]]] = {
    Subject.SYNTHETIC: (
        _CYBER,
        "KEYWORD_NON_CONSENSUAL_MATERIAL_DEEPFAKE",
        ["CONTENT_TYPE_IMAGE", "CONTENT_TYPE_SYNTHETIC_MEDIA"],
    ),
    Subject.PHOTOGRAPHED: (_CYBER, "KEYWORD_NON_CONSENSUAL_IMAGE_SHARING", ["CONTENT_TYPE_IMAGE"]),
    Subject.UNKNOWN: (_CYBER, "KEYWORD_NON_CONSENSUAL_IMAGE_SHARING", ["CONTENT_TYPE_IMAGE"]),
}
_VISIBILITY = {
    Measure.REMOVED: "DECISION_VISIBILITY_CONTENT_REMOVED",
    Measure.DISABLED: "DECISION_VISIBILITY_CONTENT_DISABLED",
    Measure.LABELLED: "DECISION_VISIBILITY_CONTENT_LABELLED",
}
_SOURCES = {
    SourceOf.NOTICE: "SOURCE_ARTICLE_16",
    SourceOf.TRUSTED_FLAGGER: "SOURCE_TRUSTED_FLAGGER",
    SourceOf.OTHER_NOTICE: "SOURCE_TYPE_OTHER_NOTIFICATION",
    SourceOf.OWN_INITIATIVE: "SOURCE_VOLUNTARY",
}
