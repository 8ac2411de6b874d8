"""Orders and letters to a platform, as outbox messages of the webhook format (docs/spec/webhook.md).

Invariants: written in the transaction of what caused them; ``once`` keeps one cause from ordering twice; no message
holds anything about a reporter.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from consentry.actions.context import Context
from consentry.actions.post_outbox import post
from consentry.records.case import Case
from consentry.records.outbox_message import OutboxKind, OutboxMessage


def order_hide(ctx: Context, case: Case, *, basis: str, cause: str) -> OutboxMessage:
    """``content.hide``: out of everybody's view, bytes kept. ``basis``: ``interim`` or ``decision``."""
    return _send(ctx, case, "content.hide", {"basis": basis}, cause)


def order_restore(ctx: Context, case: Case, *, basis: str, cause: str) -> OutboxMessage:
    """``content.restore``. ``basis``: ``appeal``, ``unfounded``, ``withdrawn`` or ``expired``."""
    return _send(ctx, case, "content.restore", {"basis": basis}, cause)


def order_remove(ctx: Context, case: Case, *, keep_until: datetime, cause: str) -> OutboxMessage:
    """``content.remove``: gone from everything public; bytes kept unseen until ``keep_until`` (rule 16)."""
    return _send(ctx, case, "content.remove", {"keep_until": timestamp(keep_until)}, cause)


def send_letter(
    ctx: Context,
    case: Case,
    *,
    kind: str,
    letter: Mapping[str, Mapping[str, str]],
    cause: str,
    appeal: Mapping[str, str] | None = None,
) -> OutboxMessage:
    """``account.notice``: a letter in both languages to the uploader, through the platform."""
    data = {"kind": kind, "letter": {lang: dict(text) for lang, text in letter.items()}, "appeal": appeal}
    return _send(ctx, case, "account.notice", data, f"{cause}:{kind}")


def tell_strike(ctx: Context, case: Case, *, strike_id: str, level: str, expires_at: datetime) -> OutboxMessage:
    """``account.strike``."""
    data = {"strike_id": strike_id, "level": level, "expires_at": timestamp(expires_at)}
    return _send(ctx, case, "account.strike", data, strike_id)


def tell_strike_withdrawn(ctx: Context, case: Case, *, strike_id: str) -> OutboxMessage:
    """``account.strike_withdrawn``."""
    return _send(ctx, case, "account.strike_withdrawn", {"strike_id": strike_id}, strike_id)


def timestamp(moment: datetime) -> str:
    """RFC 3339 in UTC with microseconds, as the webhook format writes times."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _send(ctx: Context, case: Case, kind: str, data: Mapping[str, Any], cause: str) -> OutboxMessage:
    body = {
        "type": kind,
        "created_at": timestamp(ctx.clock.now()),
        "content_ref": case.content_ref,
        "account_ref": case.account_ref or None,
        "data": dict(data),
    }
    return post(
        ctx, kind=OutboxKind.WEBHOOK, body=body, once=f"{kind}:{cause}"[:120], platform=case.platform, case=case
    )
