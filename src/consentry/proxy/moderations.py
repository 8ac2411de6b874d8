"""``POST /v1/moderations``: what the guard's screens say, in OpenAI's shape.

What the numbers mean, honestly: ``sexual`` is the strongest of the guard's readings for undressing, sexual content
and exposed bodies; ``sexual/minors`` is read from text alone; the other eleven categories are not looked for here:
they are 0, never flagged, and say so by an empty list of input types. ``flagged`` also holds for what the guard
refuses for another reason. Nothing is made, so nothing is recorded. An input that could not be read is an error,
never "not flagged".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from consentry.basics.ids import new_id
from consentry.guard.decision import GuardDecision, Outcome
from consentry.guard.request import Person, Role, Route, TextPart
from consentry.proxy.asking import fetch_pictures, screen_request
from consentry.proxy.body import read_body
from consentry.proxy.errors import Overloaded, ProxyRefusal
from consentry.proxy.fields import FIELDS, refuse_unknown
from consentry.proxy.image_call import PictureSource
from consentry.proxy.json_body import parse_json_object
from consentry.proxy.parts import Parts
from consentry.proxy.reading import MAX_INPUTS, is_json, read_address
from consentry.proxy.replies import UNAVAILABLE, UNUSABLE_INPUT, Stopped
from consentry.proxy.routes import RouteRow

CATEGORIES = (
    "harassment",
    "harassment/threatening",
    "hate",
    "hate/threatening",
    "illicit",
    "illicit/violent",
    "self-harm",
    "self-harm/instructions",
    "self-harm/intent",
    "sexual",
    "sexual/minors",
    "violence",
    "violence/graphic",
)
FLAG_FROM = 0.5
MODEL = "consentry-guard"


@dataclass(frozen=True, slots=True)
class Question:
    """One input to be judged by itself."""

    texts: tuple[TextPart, ...]
    pictures: tuple[PictureSource, ...] = ()


async def answer_moderations(parts: Parts, row: RouteRow, request: Request) -> Response:
    """One result for a text, one for each text of a list, one for a list of parts together."""
    caller = await parts.caller(request)
    if parts.judging.crowded:
        raise Overloaded(parts.settings.retry_after)
    content_type = "".join(request.headers.getlist("content-type"))
    if not is_json(content_type):
        accepted = "application/json (UTF-8)"
        raise ProxyRefusal(415, "content_type_not_accepted", given=ascii(content_type[:80]), accepted=accepted)
    with parts.admission.enter() as lease:
        settings = parts.settings
        body = await read_body(request, limit=settings.body_bytes, seconds=settings.body_seconds, take=lease.take)
        questions = await parts.parsing.run(lambda: read_questions(parse_json_object(body)), seconds=60)
        results = []
        for question in questions:
            asked = screen_request(
                caller,
                route=Route.EDIT if question.pictures else Route.GENERATE,
                texts=question.texts,
                images=await fetch_pictures(parts, question.pictures, lease.take),
                person=Person.UNSTATED,
                subject=None,
            )
            screening = await parts.judged(lambda asked=asked: parts.guard.screen(asked))  # type: ignore[misc]
            parts.metrics.count_decision(row.name, "request", screening.decision)
            _refuse_unread(screening.decision, settings.consent_link)
            results.append(result(screening.decision, question))
    return JSONResponse({"id": new_id("modr"), "model": MODEL, "results": results})


def read_questions(body: Mapping[str, Any]) -> list[Question]:
    """The inputs of a request; 400 for anything else."""
    refuse_unknown(body, frozenset({"input", "model"}))
    if body.get("model") is not None:
        FIELDS["model"]("model", body["model"])
    given = body.get("input")
    if given is None:
        raise ProxyRefusal(400, "missing_required_parameter", param="input")
    if isinstance(given, str):
        return [Question((TextPart("input", given),))]
    if isinstance(given, list) and given and len(given) > MAX_INPUTS * 2:
        raise ProxyRefusal(400, "too_many_images", param="input", limit=str(MAX_INPUTS * 2))
    if isinstance(given, list) and given and all(isinstance(one, str) for one in given):
        return [Question((TextPart(f"input[{place}]", one),)) for place, one in enumerate(given)]
    if isinstance(given, list) and given and all(isinstance(one, dict) for one in given):
        return [_one_of_parts(given)]
    raise ProxyRefusal(400, "invalid_value", param="input", why="it must be text, a list of texts, or a list of parts")


def _one_of_parts(given: list[dict[str, Any]]) -> Question:
    texts: list[TextPart] = []
    pictures: list[PictureSource] = []
    for place, part in enumerate(given):
        name = f"input[{place}]"
        if part.keys() == {"type", "text"} and part["type"] == "text" and isinstance(part["text"], str):
            texts.append(TextPart(name, part["text"]))
        elif part.keys() == {"type", "image_url"} and part["type"] == "image_url" and _is_address(part["image_url"]):
            pictures.append(read_address(name, Role.INPUT, part["image_url"]["url"]))
        else:
            accepted = '{"type": "text", "text"} / {"type": "image_url", "image_url": {"url"}}'
            raise ProxyRefusal(400, "invalid_value", param=name, why="a part must be {accepted}", accepted=accepted)
    return Question(tuple(texts), tuple(pictures))


def _is_address(value: Any) -> bool:
    return isinstance(value, dict) and value.keys() == {"url"}


def _refuse_unread(decision: GuardDecision, link: str) -> None:
    if any(one.code == UNAVAILABLE or one.code in UNUSABLE_INPUT for one in decision.reasons):
        raise Stopped(decision, None, link=link)


def result(decision: GuardDecision, question: Question) -> dict[str, Any]:
    """One result; ``consentry`` in it is ours: the decision that the guard would take."""
    signals = decision.signals
    scores = dict.fromkeys(CATEGORIES, 0.0)
    seen = ("text_undress", "text_sexual", "nudity_exposure")
    scores["sexual"] = round(max(signals.get(name, 0.0) for name in seen), 6)
    scores["sexual/minors"] = round(signals.get("text_minor", 0.0), 6)
    categories = {name: score >= FLAG_FROM for name, score in scores.items()}
    kinds = (["text"] if question.texts else []) + (["image"] if question.pictures else [])
    applied: dict[str, list[str]] = {name: [] for name in CATEGORIES}
    applied["sexual"] = kinds
    applied["sexual/minors"] = ["text"] if question.texts else []
    return {
        "flagged": any(categories.values()) or decision.decision is Outcome.DENY,
        "categories": categories,
        "category_scores": scores,
        "category_applied_input_types": applied,
        "consentry": {
            "decision": decision.decision.value,
            "decision_id": decision.decision_id,
            "policy": decision.policy,
            "reasons": [one.code for one in decision.reasons],
        },
    }
