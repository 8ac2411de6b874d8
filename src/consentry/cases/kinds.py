"""The kinds of legal clocks, and the class that says what a kind may be used for.

Invariants: only ``ACTION`` is a deadline; permission, retention, window and standing never drive a queue (DR-05).
The vocabulary is that of the jurisdiction files; the last three kinds are the house's own and no law file may use them.
"""

from enum import StrEnum
from types import MappingProxyType

from consentry.cases.events import EventKind


class KindClass(StrEnum):
    """What a kind may be used for."""

    ACTION = "action"
    """A deadline for the service."""
    OPTIONAL = "optional"
    """A step that the service may take."""
    PERMISSION = "permission"
    """After this time the provider may act without liability; never a deadline, never a reason to wait."""
    RETENTION = "retention"
    """Keep at least this long; never counted down to as if it were a removal."""
    WINDOW = "window"
    """Time that a user has."""
    STANDING = "standing"
    """No clock at all."""


class Kind(StrEnum):
    """What the clock asks for."""

    ACKNOWLEDGE = "acknowledge"
    STATUS_UPDATE = "status_update"
    ASSESS = "assess"
    ADDRESS = "address"
    HIDE = "hide"
    REMOVE = "remove"
    DEINDEX = "deindex"
    RESTORE = "restore"
    DECIDE_AND_NOTIFY = "decide_and_notify"
    ACKNOWLEDGE_OR_DECIDE = "acknowledge_or_decide"
    DELAY_NOTICE = "delay_notice"
    NOTIFY_OUTCOME = "notify_outcome"
    NOTIFY_SENDER = "notify_sender"
    STATEMENT_OF_REASONS = "statement_of_reasons"
    ANSWER_INQUIRY = "answer_inquiry"
    REPORT_EFFECT_OF_ORDER = "report_effect_of_order"
    REPORT_TO_AUTHORITY = "report_to_authority"
    INVESTIGATE = "investigate"
    REFER_FOR_REVIEW = "refer_for_review"
    SENDER_SILENCE = "sender_silence"
    PRESERVE = "preserve"
    APPEAL_WINDOW = "appeal_window"
    PUBLISH = "publish"
    LABEL = "label"
    PREVENT_REUPLOAD = "prevent_reupload"
    SUSPEND = "suspend"
    CONFIDENTIALITY = "confidentiality"
    COOPERATE_WITH_AUTHORITY = "cooperate_with_authority"
    PROHIBIT = "prohibit"
    OFFENCE = "offence"
    FILE_WITH_AUTHORITY = "file_with_authority"

    LOOK = "look"
    """A person looks, unless the picture was hidden first."""
    DECIDE_CASE = "decide_case"
    """A person decides a case whose picture is hidden, or that was reopened."""
    DECIDE_APPEAL = "decide_appeal"


HOUSE_KINDS = frozenset({Kind.LOOK, Kind.DECIDE_CASE, Kind.DECIDE_APPEAL})

_OTHER_CLASSES = {
    Kind.REFER_FOR_REVIEW: KindClass.OPTIONAL,
    Kind.SENDER_SILENCE: KindClass.PERMISSION,
    Kind.PRESERVE: KindClass.RETENTION,
    Kind.APPEAL_WINDOW: KindClass.WINDOW,
    Kind.PUBLISH: KindClass.STANDING,
    Kind.LABEL: KindClass.STANDING,
    Kind.PREVENT_REUPLOAD: KindClass.STANDING,
    Kind.SUSPEND: KindClass.STANDING,
    Kind.CONFIDENTIALITY: KindClass.STANDING,
    Kind.COOPERATE_WITH_AUTHORITY: KindClass.STANDING,
    Kind.PROHIBIT: KindClass.STANDING,
    Kind.OFFENCE: KindClass.STANDING,
    Kind.FILE_WITH_AUTHORITY: KindClass.STANDING,
}
CLASS_OF: MappingProxyType[Kind, KindClass] = MappingProxyType(
    {kind: _OTHER_CLASSES.get(kind, KindClass.ACTION) for kind in Kind}
)

_TOLD = frozenset({EventKind.DECISION_NOTIFIED})
MET_BY: MappingProxyType[Kind, frozenset[EventKind]] = MappingProxyType(
    {
        Kind.ACKNOWLEDGE: frozenset({EventKind.ACKNOWLEDGEMENT_SENT}),
        Kind.STATUS_UPDATE: _TOLD | {EventKind.STATUS_SENT},
        Kind.ASSESS: _TOLD | {EventKind.STATUS_SENT},
        Kind.ADDRESS: frozenset({EventKind.CONTENT_HIDDEN, EventKind.CONTENT_REMOVED}),
        Kind.HIDE: frozenset({EventKind.CONTENT_HIDDEN, EventKind.CONTENT_REMOVED}),
        Kind.REMOVE: frozenset({EventKind.CONTENT_REMOVED}),
        Kind.DEINDEX: frozenset({EventKind.CONTENT_HIDDEN, EventKind.CONTENT_REMOVED}),
        Kind.RESTORE: frozenset({EventKind.CONTENT_RESTORED}),
        Kind.DECIDE_AND_NOTIFY: _TOLD,
        Kind.ACKNOWLEDGE_OR_DECIDE: _TOLD,
        Kind.DELAY_NOTICE: _TOLD | {EventKind.DELAY_NOTICE_SENT},
        Kind.NOTIFY_OUTCOME: _TOLD,
        Kind.NOTIFY_SENDER: frozenset({EventKind.ACTION_NOTIFIED}),
        Kind.STATEMENT_OF_REASONS: frozenset({EventKind.REASONS_SENT}),
        Kind.ANSWER_INQUIRY: frozenset({EventKind.INQUIRY_ANSWERED, EventKind.APPEAL_DECIDED}),
        Kind.REPORT_EFFECT_OF_ORDER: frozenset({EventKind.ORDER_EFFECT_REPORTED}),
        Kind.REPORT_TO_AUTHORITY: frozenset({EventKind.REPORT_SUBMITTED}),
        Kind.INVESTIGATE: frozenset({EventKind.DECISION_MADE}),
        Kind.LOOK: frozenset({EventKind.PERSON_LOOKED, EventKind.INTERIM_HIDDEN, EventKind.DECISION_MADE}),
        Kind.DECIDE_CASE: frozenset({EventKind.DECISION_MADE}),
        Kind.DECIDE_APPEAL: frozenset({EventKind.APPEAL_DECIDED}),
    }
)
"""Which events fulfil an action. An interim hide disables access for a while and so does not fulfil ``remove``."""

ABOUT_CONTENT = frozenset({Kind.ADDRESS, Kind.HIDE, Kind.REMOVE, Kind.DEINDEX})
"""Kinds that a decision to keep the picture also ends: there is nothing to take away."""

OWED_TO_OTHERS = frozenset(
    {
        Kind.NOTIFY_SENDER,
        Kind.STATEMENT_OF_REASONS,
        Kind.ANSWER_INQUIRY,
        Kind.REPORT_EFFECT_OF_ORDER,
        Kind.REPORT_TO_AUTHORITY,
        Kind.DECIDE_APPEAL,
    }
)
"""Kinds that stay owed even when the picture is gone: to the uploader, an authority, or whoever appealed."""
