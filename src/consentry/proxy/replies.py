"""Answers in OpenAI's shapes: errors, refusals by the guard, pictures.

Invariants: every error has code, message, param and type (all four are required by clients); a refusal also carries
the decision's id, all its reasons and the promise; signals never leave (they are for staff).
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from starlette.responses import JSONResponse

from consentry.guard.decision import GuardDecision, Outcome
from consentry.guard.reasons import reason
from consentry.provenance.signing import SignedPicture
from consentry.proxy.errors import USER_ERROR, ProxyRefusal
from consentry.proxy.image_call import ImageCall
from consentry.proxy.ledger import Promise

UNUSABLE_INPUT = frozenset(
    {
        "image_not_decodable",
        "image_format_not_accepted",
        "image_too_large",
        "too_many_images",
        "too_many_frames",
        "text_too_long",
        "nothing_to_screen",
    }
)
"""Reasons that are about the form of a request, not about what it asks for: they keep their own code."""
UNAVAILABLE = "screening_unavailable"
RETRY_SECONDS = "5"


class Stopped(Exception):
    """A request that the guard stopped: carries the decision, or ``None`` when no decision came in time."""

    def __init__(self, decision: GuardDecision | None, promise: Promise | None, *, link: str) -> None:
        super().__init__("stopped")
        self.decision = decision
        self.promise = promise
        self.link = link

    @property
    def is_challenge(self) -> bool:
        """Whether consent would change the answer."""
        return self.decision is not None and self.decision.decision is Outcome.CHALLENGE

    @property
    def status(self) -> int:
        """403 for a challenge, otherwise 400."""
        return 403 if self.is_challenge else 400

    def error(self, language: str) -> dict[str, Any]:
        """The ``error`` object."""
        reasons = self.decision.reasons if self.decision is not None else (reason(UNAVAILABLE),)
        first = reasons[0].code
        code = "consent_required" if self.is_challenge else first if first in UNUSABLE_INPUT else "moderation_blocked"
        error: dict[str, Any] = {
            "code": code,
            "message": reasons[0].message(language),
            "param": None,
            "type": USER_ERROR,
            "decision_id": self.decision.decision_id if self.decision is not None else None,
            "reasons": [{"code": one.code, "message": one.message(language)} for one in reasons],
            "promise": self.promise,
        }
        if self.is_challenge:
            error["link"] = self.link
        return error

    def headers(self) -> dict[str, str]:
        """Headers of the answer."""
        found = {} if self.decision is None else decision_headers(self.decision, self.promise)
        unavailable = self.decision is None or any(one.code == UNAVAILABLE for one in self.decision.reasons)
        return found | ({"Retry-After": RETRY_SECONDS} if unavailable else {})


@dataclass(frozen=True, slots=True)
class Made:
    """Pictures ready to leave, with the upstream's plain facts and the promise about the output."""

    pictures: tuple[SignedPicture, ...]
    facts: Mapping[str, Any] = field(default_factory=dict)
    promise: Promise | None = None


def decision_headers(decision: GuardDecision, promise: Promise | None) -> dict[str, str]:
    """``X-Consentry-*`` headers that name a decision."""
    found = {"X-Consentry-Decision": decision.decision_id, "X-Consentry-Policy": decision.policy}
    return found if promise is None else found | {"X-Consentry-Promise": promise_header(promise)}


def promise_header(promise: Promise) -> str:
    """A promise as base64url of its JSON, without padding."""
    text = json.dumps(promise, separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def refusal_error(refusal: ProxyRefusal, language: str) -> dict[str, Any]:
    """The ``error`` object of a refusal by the proxy itself."""
    error: dict[str, Any] = {
        "code": refusal.code,
        "message": refusal.message(language),
        "param": refusal.param,
        "type": refusal.type,
        "decision_id": None,
        "reasons": [{"code": refusal.code, "message": refusal.message(language)}],
        "promise": None,
    }
    return error | ({"link": refusal.link} if refusal.link else {})


def error_response(problem: ProxyRefusal | Stopped, language: str) -> JSONResponse:
    """The HTTP answer to a request that was refused or stopped."""
    if isinstance(problem, Stopped):
        status, error, headers = problem.status, problem.error(language), problem.headers()
    else:
        status, error = problem.status, refusal_error(problem, language)
        headers = {} if problem.retry_after is None else {"Retry-After": str(problem.retry_after)}
        if status == 401:
            headers["WWW-Authenticate"] = "Bearer"
    headers |= {"Content-Language": language, "Cache-Control": "no-store"}
    return JSONResponse({"error": error}, status_code=status, headers=headers)


def images_body(call: ImageCall, made: Made, now: datetime) -> dict[str, Any]:
    """OpenAI's reply. Pictures are always in ``b64_json``; ``url`` is a data URL, and only when asked for.

    We keep no store of pictures, so there is no address to give.
    """
    data: list[dict[str, str]] = []
    for picture in made.pictures:
        text = base64.b64encode(picture.data).decode("ascii")
        data.append(
            {"b64_json": text} | ({"url": f"data:{picture.media_type};base64,{text}"} if call.wants_url else {})
        )
    return {"created": int(now.timestamp()), "data": data} | _facts(call, made.pictures[0], made.facts)


def completed_event(call: ImageCall, picture: SignedPicture, made: Made, now: datetime) -> dict[str, Any]:
    """One ``.completed`` event of a stream; every field that clients require is there."""
    no_tokens = {"input_tokens": 0, "output_tokens": 0, "total_tokens": 0}
    usage = no_tokens | {"input_tokens_details": {"text_tokens": 0, "image_tokens": 0}}
    return {
        "type": f"{event_stem(call)}.completed",
        "b64_json": base64.b64encode(picture.data).decode("ascii"),
        "created_at": int(now.timestamp()),
        "size": call.options.get("size", "auto"),
        "quality": call.options.get("quality", "auto"),
        "background": call.options.get("background", "auto"),
        "usage": usage,
    } | _facts(call, picture, made.facts)


def event_stem(call: ImageCall) -> str:
    """``image_generation`` or ``image_edit``."""
    return "image_edit" if call.pictures else "image_generation"


def _facts(call: ImageCall, picture: SignedPicture, facts: Mapping[str, Any]) -> dict[str, Any]:
    known = {name: facts[name] for name in ("background", "size", "quality", "usage") if name in facts}
    return known | {"output_format": picture.media_type.rpartition("/")[2]}


def sse(event: Mapping[str, Any]) -> bytes:
    """One server-sent event, named by its ``type``."""
    return f"event: {event['type']}\ndata: {json.dumps(event, ensure_ascii=False)}\n\n".encode()


def error_event(problem: ProxyRefusal | Stopped, language: str) -> bytes:
    """The event that ends a refused stream: the same ``error`` object as without a stream."""
    error = problem.error(language) if isinstance(problem, Stopped) else refusal_error(problem, language)
    return sse({"type": "error", "error": error})
