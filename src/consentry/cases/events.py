"""What happens to a case, as events with a time: the only thing that starts or stops a clock.

Invariants: a time is UTC and carries its zone; opening, viewing or assigning a case is not an event and so can never
move a clock. The words of ``STARTS`` are those of the jurisdiction files (docs/spec/clocks.md).
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from consentry.cases.errors import ClockError


class EventKind(StrEnum):
    """One thing that happened. The first block is the vocabulary of the law files, the second is the house's own."""

    REPORT_RECEIVED = "report_received"
    DECISION_REQUEST = "decision_request"
    ORDER_RECEIVED = "order_received"
    SENDER_INQUIRY = "sender_inquiry"
    ACKNOWLEDGEMENT_SENT = "acknowledgement_sent"
    DELAY_KNOWN = "delay_known"
    DECISION_MADE = "decision_made"
    RESTRICTION_IMPOSED = "restriction_imposed"
    DECISION_NOTIFIED = "decision_notified"
    ACTION_NOTIFIED = "action_notified"
    USER_INQUIRY = "user_inquiry"
    ACTUAL_KNOWLEDGE = "actual_knowledge"
    REPORT_SUBMITTED = "report_submitted"
    UPLOAD_ATTEMPT = "upload_attempt"

    INTERIM_HIDDEN = "interim_hidden"
    """The case became ``hidden``: hiding was ordered, a person has yet to decide."""
    CASE_REOPENED = "case_reopened"
    APPEAL_FILED = "appeal_filed"
    APPEAL_DECIDED = "appeal_decided"
    PERSON_LOOKED = "person_looked"
    """A reviewer looked and left the picture visible for now."""
    CONTENT_HIDDEN = "content_hidden"
    """The platform confirmed that the picture is out of view."""
    CONTENT_REMOVED = "content_removed"
    """The platform confirmed the removal that a person decided (hidden for good counts: hide before delete)."""
    CONTENT_RESTORED = "content_restored"
    """The platform confirmed that the picture is in view again."""
    RESTRICTION_LIFTED = "restriction_lifted"
    STATUS_SENT = "status_sent"
    DELAY_NOTICE_SENT = "delay_notice_sent"
    REASONS_SENT = "reasons_sent"
    INQUIRY_ANSWERED = "inquiry_answered"
    ORDER_EFFECT_REPORTED = "order_effect_reported"
    REPORT_WITHDRAWN = "report_withdrawn"
    CONTENT_GONE = "content_gone"
    """Its author edited or removed the picture; nobody decided anything."""
    OUT_OF_SCOPE = "out_of_scope"
    CASE_MERGED = "case_merged"


STARTS: frozenset[EventKind] = frozenset(list(EventKind)[:14])
"""The events that a law file may name."""

OF_ONE_REPORT: frozenset[EventKind] = frozenset(
    {
        EventKind.ACKNOWLEDGEMENT_SENT,
        EventKind.STATUS_SENT,
        EventKind.DELAY_NOTICE_SENT,
        EventKind.DECISION_NOTIFIED,
        EventKind.INQUIRY_ANSWERED,
        EventKind.ORDER_EFFECT_REPORTED,
        EventKind.REPORT_WITHDRAWN,
    }
)
"""Events that concern one report of a case, not all: their ``ref`` is the report's (or the order's) id."""


@dataclass(frozen=True, slots=True)
class CaseEvent:
    """Something that happened at ``at`` (any zone; kept in UTC).

    ``ref`` names what it happened to: the report's id for events of one report, else the decision's, appeal's or
    order's id, or nothing. ``kept`` is the outcome of a ``decision_made``; ``hidden`` says whether the picture was
    hidden at that moment. ``None`` means "not known" and is read the protective way.
    """

    kind: EventKind
    at: datetime
    ref: str = ""
    kept: bool | None = None
    hidden: bool | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "at", utc(self.at))


def utc(moment: datetime) -> datetime:
    """``moment`` in UTC; ``ClockError`` if it does not say its zone."""
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise ClockError(
            "A time without a zone was given.",
            not_done="No clock was started or stopped.",
            next_step="Give times in UTC.",
        )
    return moment.astimezone(UTC)
