"""Letters and statements for what just happened: picks the letter and fills its fields from the records.

Invariants: a letter to an uploader is made from the case and the decision alone, never from a report (DR-09).
"""

from typing import Any

from consentry.actions.context import Context
from consentry.cases.decision import DecisionOutcome
from consentry.notices.letters import FieldValue, render
from consentry.notices.phrases import LANGUAGES
from consentry.notices.statement_of_reasons import Measure, SourceOf, StatementOfReasons, Subject
from consentry.oversight.events import EventLane
from consentry.records.case import Case
from consentry.records.case_decision import CaseDecision

BothLanguages = dict[str, dict[str, str]]

_SOURCES = {
    EventLane.PORTAL: SourceOf.NOTICE,
    EventLane.HOTLINE: SourceOf.TRUSTED_FLAGGER,
    EventLane.AUTHORITY: SourceOf.OTHER_NOTICE,
    EventLane.PLATFORM: SourceOf.OWN_INITIATIVE,
}


def hidden_letter(case: Case) -> BothLanguages:
    """To the uploader: out of view until a person decides."""
    return _both("uploader_hidden", content=_own_post(case))


def removal_letter(ctx: Context, *, case: Case, decision: CaseDecision, standing: str) -> BothLanguages:
    """To the uploader: removed, why, and how to appeal."""
    return _both(
        "uploader_removed",
        content=_own_post(case),
        decided_on=decision.decided_at.date(),
        fact=str(decision.facts[0]),
        ground=decision.term or "nonconsensual_sexualised",
        standing=standing,
        appeal_link=case.platform.base_url,
        appeal_until=decision.appeal_until.date(),
    )


def appeal_received_letter(case: Case) -> BothLanguages:
    """To the uploader: the appeal has arrived."""
    return _both("uploader_appeal_received", content=_own_post(case))


def appeal_outcome_letter(case: Case, *, result: str) -> BothLanguages:
    """To the uploader: what the second person ruled."""
    return _both("uploader_appeal_outcome", content=_own_post(case), result=result)


def reasons_for(ctx: Context, *, case: Case, decision: CaseDecision) -> dict[str, Any]:
    """The statement of reasons of a removal in both languages, with its public form; empty for what is kept."""
    if decision.outcome != DecisionOutcome.REMOVE:
        return {}
    rule = ctx.rules.rules.get(decision.rule_id)
    statement = StatementOfReasons(
        id=decision.pk.replace("dec_", "sor-"),
        measure=Measure.REMOVED,
        facts=tuple(decision.facts),
        subject=Subject(case.depiction),
        application_date=decision.decided_at.date(),
        source=_SOURCES[EventLane(case.lane)],
        law=rule.citation if rule else "",
        term=decision.term,
        content_date=case.opened_at.date(),
        hidden_by_machine=bool(case.grounds),
    )
    public = statement.to_dsa(known_personal=[case.content_ref, case.account_ref] if case.account_ref else [])
    return {"en": statement.text("en"), "ja": statement.text("ja"), "dsa": public}


def _own_post(case: Case) -> str:
    """The post's address; before the platform has told it, the platform's own (the message names the post itself)."""
    return case.content_ref if "://" in case.content_ref else case.platform.base_url


def _both(letter_id: str, **fields: FieldValue) -> BothLanguages:
    letters = {language: render(letter_id, language, **fields) for language in LANGUAGES}
    return {language: {"subject": letter.subject, "text": letter.body} for language, letter in letters.items()}
