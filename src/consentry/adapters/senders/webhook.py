"""Sends one signed webhook to a platform and says plainly how it ended (docs/spec/webhook.md).

Invariants: one call is one attempt; every ending is a value, never an exception; "delivered" is said only of an answer
that has the agreed shape (an HTML page with status 200 is a fault, to be tried again); the same message must be sent
with the same bytes each time, which ``encode_message`` sees to. Not done here: retries and leases (the outbox's), and
whether what the platform claims is true (the connector's).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from standardwebhooks.webhooks import EmptyWebhookSecretError, Webhook

from consentry.adapters.errors import AddressRefused, AnswerRefused, NoAnswer
from consentry.adapters.outward import Outward, Reply
from consentry.basics.clock import Clock

MAX_ANSWER = 16_384
MAX_WAIT = 3600.0
_WORTH_RETRYING = frozenset({408, 425, 429})


@dataclass(frozen=True, slots=True)
class Delivered:
    """The platform says that it has obeyed: the ``state`` reached, when, and whether a later message stood already."""

    state: str
    acted_at: datetime
    superseded: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """The platform will not obey this message however often it comes, or may not be called: a person must look.

    ``status`` is 0 when nothing was sent. ``reason`` holds no personal data.
    """

    reason: str
    status: int = 0


@dataclass(frozen=True, slots=True)
class Unreachable:
    """No usable answer this time; send the same message again, not before ``retry_after`` seconds where given."""

    reason: str
    retry_after: float | None = None


Sent = Delivered | Refused | Unreachable


def encode_message(message: Mapping[str, Any]) -> bytes:
    """The body of a message: UTF-8 JSON that is the same bytes however a database ordered the keys."""
    return json.dumps(message, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


class WebhookSender:
    """Signs and posts; keeps no state, so that threads may share it.

    ``clock`` stamps each attempt. ``allow_private`` lets loopback and private addresses be called.
    ``seconds`` bounds one whole attempt, name look-up included.
    """

    def __init__(self, clock: Clock, *, allow_private: bool = False, seconds: float = 10.0) -> None:
        self._clock = clock
        self._outward = Outward(allow_private=allow_private, seconds=seconds, max_bytes=MAX_ANSWER)

    def send(self, url: str, secret: str, message_id: str, body: bytes) -> Sent:
        """Make one attempt to deliver ``body``, whose ``id`` is ``message_id``, signed with ``secret`` (``whsec_``)."""
        now = self._clock.now()
        try:
            signature = Webhook(secret).sign(message_id, now, body.decode())
        except (ValueError, EmptyWebhookSecretError):
            return Refused("The webhook secret of this platform cannot be used.")
        headers = {
            "content-type": "application/json",
            "webhook-id": message_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": signature,
        }
        try:
            reply = self._outward.exchange("POST", url, headers=headers, body=body)
        except AddressRefused as error:
            return Refused(error.happened)
        except (NoAnswer, AnswerRefused) as error:
            return Unreachable(error.happened)
        return _ending(reply)


def _ending(reply: Reply) -> Sent:
    if reply.status == 200:
        return _parse_done(reply.body) or Unreachable("The platform answered 200 without saying that it obeyed.")
    if reply.status in _WORTH_RETRYING or reply.status >= 500 or reply.status < 300:
        return Unreachable(f"The platform answered {reply.status}.", _wait(reply.headers.get("retry-after", "")))
    if reply.status < 400:
        return Refused("The platform answered with a redirect, which is not followed.", reply.status)
    return Refused(f"The platform refused the message with {reply.status}.", reply.status)


def _parse_done(body: bytes) -> Delivered | None:
    try:
        answer = json.loads(body)
        acted_at = datetime.fromisoformat(answer["acted_at"])
        state = answer["state"]
        superseded = answer.get("superseded", False)
        done = answer["done"]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    named = isinstance(state, str) and 0 < len(state) <= 40
    if done is not True or not named or acted_at.tzinfo is None or not isinstance(superseded, bool):
        return None
    return Delivered(state=state, acted_at=acted_at, superseded=superseded)


def _wait(text: str) -> float | None:
    return min(float(text), MAX_WAIT) if text.isascii() and text.isdigit() and len(text) < 9 else None
