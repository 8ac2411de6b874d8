"""``consentry screen``: one request, or a file of them with one JSON object a line.

The shape of the lines is stable (DESIGN, "Names outsiders meet"): in ``id``, ``text``, ``route``, ``person``,
``images``, ``context``; out ``id``, ``decision``, ``output_check``, ``reasons``, ``scores``, ``ms``. A line that cannot
be used gets a denial with its id, so that every line in has its line out and nothing is allowed by accident. Notes of
the caller in other fields (a label, a source) are passed over, but not a field that may hold a picture or words.
"""

import json
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter
from rich.console import Console
from rich.progress import Progress

from consentry.basics.ids import RequestId, new_id
from consentry.guard.decision import GuardDecision
from consentry.guard.pipeline import Guard
from consentry.guard.reasons import reason
from consentry.guard.request import ImagePart, Person, Role, Route, ScreenRequest, TextPart
from consentry.wiring.core import local_guard

SUBJECT = "command-line"
"""Who asks when somebody at a shell does: known, because the shell is theirs."""


class UnusableLine(Exception):
    """A line that is no request; ``code`` is the reason in the answer."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


def screen(
    text: Annotated[str, Parameter(help="The words of the request.")] = "",
    *,
    image: Annotated[list[Path] | None, Parameter(help="An input picture; may be given several times.")] = None,
    mask: Annotated[Path | None, Parameter(help="The mask of an edit.")] = None,
    route: Annotated[Route, Parameter(help="generate, edit or variation; edit when there is a picture.")] | None = None,
    person: Annotated[Person, Parameter(help="What the caller says of the person shown.")] = Person.UNSTATED,
    policy: Annotated[str, Parameter(help="A policy file instead of the house policy.")] = "",
    json_output: Annotated[bool, Parameter(name="--json", negative=(), help="Print one JSON object.")] = False,
    batch: Annotated[
        list[Path] | None, Parameter(consume_multiple=True, help="Two files: requests in, answers out, JSON Lines.")
    ] = None,
) -> int:
    """Ask the guard. Exit status 0: allowed, 1: stopped (denied or challenged), 2: the question could not be read.

    With --batch the exit status is 0 as soon as every line has its answer.
    """
    if batch is not None:
        return _batch(batch, policy)
    try:
        request = _request(
            {
                "text": text,
                "route": route or (Route.EDIT if image or mask else Route.GENERATE),
                "person": person,
                "images": [str(path) for path in image or []],
                "mask": str(mask) if mask else None,
            }
        )
    except UnusableLine as unusable:
        print(f"{unusable}", file=sys.stderr)
        return 2
    with local_guard(policy_file=policy) as guard:
        decision = guard.screen(request).decision
    _print(decision, json_output)
    return 0 if decision.allowed else 1


def _print(decision: GuardDecision, as_json: bool) -> None:
    if as_json:
        print(json.dumps(_answer(decision.request_id, decision) | _details(decision), ensure_ascii=False))
        return
    print(f"{decision.decision.value} (output check: {decision.output_check.value}, policy {decision.policy})")
    for why in decision.reasons:
        print(f"  {why.code}: {why.en}")
    for name, number in sorted(decision.signals.items()):
        if number:
            print(f"  {name} = {number:.3f}")


def _details(decision: GuardDecision) -> dict[str, Any]:
    return {
        "decision_id": decision.decision_id,
        "policy": decision.policy,
        "rules": list(decision.rules),
        "parts": [{"name": part.name, "sha256": part.digest, "seen_by": dict(part.seen_by)} for part in decision.parts],
    }


def _answer(key: Any, decision: GuardDecision) -> dict[str, Any]:
    return {
        "id": key,
        "decision": decision.decision.value,
        "output_check": decision.output_check.value,
        "reasons": [{"code": why.code, "message": why.en} for why in decision.reasons],
        "scores": {name: round(number, 4) for name, number in decision.signals.items()},
        "ms": decision.ms,
    }


def _denied(key: Any, code: str, ms: float = 0.0) -> dict[str, Any]:
    why = reason(code)
    return {
        "id": key,
        "decision": "deny",
        "output_check": "strict",
        "reasons": [{"code": why.code, "message": why.en}],
        "scores": {},
        "ms": ms,
    }


def _batch(files: list[Path], policy: str) -> int:
    if len(files) != 2:
        print("--batch takes two files: IN.jsonl OUT.jsonl.", file=sys.stderr)
        return 2
    source, target = files
    try:
        lines = source.read_bytes().split(b"\n")
    except OSError as error:
        print(f"{source} cannot be read: {error.strerror}. Nothing was screened.", file=sys.stderr)
        return 2
    asked = [line for line in lines if line.strip()]
    try:
        with (
            target.open("w", encoding="utf-8") as out,
            local_guard(policy_file=policy, processes=2, warm=True) as guard,
            Progress(console=Console(stderr=True), transient=True) as progress,
        ):
            for answer in progress.track(_answers(guard, asked), total=len(asked), description="screening"):
                out.write(json.dumps(answer, ensure_ascii=False) + "\n")
    except OSError as error:
        print(f"{target} cannot be written: {error.strerror}.", file=sys.stderr)
        return 2
    print(f"{len(asked)} requests screened: {target}", file=sys.stderr)
    return 0


def _answers(guard: Guard, lines: list[bytes]) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(lines, start=1):
        key: Any = f"line-{number}"
        began = time.monotonic()
        try:
            value = _parsed(line)
            key = value.get("id", key)
            request = _request(value)
        except UnusableLine as unusable:
            yield _denied(key, unusable.code, round((time.monotonic() - began) * 1000, 3))
            continue
        yield _answer(key, guard.screen(request).decision)


def _parsed(line: bytes) -> Mapping[str, Any]:
    try:
        value = json.loads(line.decode("utf-8-sig"), object_pairs_hook=_without_doubles)
    except (ValueError, RecursionError):
        raise UnusableLine("text_not_readable", "The line is not JSON.") from None
    if not isinstance(value, dict):
        raise UnusableLine("text_not_readable", "The line is not a JSON object.")
    return value


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


_KNOWN = {"id", "text", "route", "person", "images", "mask", "context"}
_TELLING = ("image", "picture", "photo", "mask", "file", "url", "data", "prompt", "text", "message", "instruction")


def _request(value: Mapping[str, Any]) -> ScreenRequest:
    """The request in one parsed line; ``UnusableLine`` when a field is of another kind or a file is not there."""
    for name in set(value) - _KNOWN:
        if any(word in name.lower() for word in _TELLING):
            raise UnusableLine("field_not_screened", f"The request has a field that is not screened: {name[:40]}.")
    texts = []
    text = value.get("text")
    if text is not None:
        if not isinstance(text, str):
            raise UnusableLine("text_not_readable", "The text is not text.")
        texts.append(TextPart("text", text))
    texts.extend(_context_texts(value.get("context")))
    try:
        route = Route(value.get("route") or (Route.EDIT if value.get("images") else Route.GENERATE))
        person = Person(value.get("person") or Person.UNSTATED)
    except (ValueError, TypeError):
        raise UnusableLine("field_not_screened", "Route or person has a value that is not known.") from None
    images = value.get("images") or []
    if not isinstance(images, list):
        raise UnusableLine("field_not_screened", "The images are not a list of file names.")
    parts = [_image(f"images#{place + 1}", Role.INPUT, path) for place, path in enumerate(images)]
    if value.get("mask") is not None:
        parts.append(_image("mask", Role.MASK, value["mask"]))
    return ScreenRequest(
        request_id=RequestId(new_id("req")),
        route=route,
        texts=tuple(texts),
        images=tuple(parts),
        person=person,
        subject=SUBJECT,
    )


def _context_texts(context: Any) -> list[TextPart]:
    """Every piece of text in ``context``, however deep: earlier prompts, a conversation, a caption."""
    if context is None or isinstance(context, bool | int | float):
        return []
    found: list[TextPart] = []
    waiting = [context]
    while waiting:
        value = waiting.pop(0)
        if isinstance(value, str):
            found.append(TextPart(f"context#{len(found) + 1}", value))
        elif isinstance(value, Mapping):
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
    return found


def _image(name: str, role: Role, path: Any) -> ImagePart:
    if not isinstance(path, str):
        raise UnusableLine("field_not_screened", "A file name is not text.")
    try:
        return ImagePart(name, role, Path(path).read_bytes())
    except (OSError, ValueError):
        raise UnusableLine("image_not_decodable", f"{path} cannot be read.") from None
