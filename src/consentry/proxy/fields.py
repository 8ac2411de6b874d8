"""Which fields each image route accepts, and how their values are read: default deny.

Invariants: a field that is not in ``FIELDS`` for its route is refused by name; an option is a number, a switch or one
short token, so that no sentence and no picture can hide in it; picture fields are read in ``pictures``.
docs/spec/guard-api.md lists the same fields; a test compares the two.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from consentry.guard.request import Route
from consentry.proxy.errors import ProxyRefusal
from consentry.proxy.image_call import ImageCall, Option, PictureSource
from consentry.proxy.json_body import shown

Read = Callable[[str, Any], Option]


def _refuse(name: str, why: str, facts: Mapping[str, str] | None = None) -> ProxyRefusal:
    return ProxyRefusal(400, "invalid_value", param=name, facts={"why": why, **(facts or {})})


def _text(limit: int) -> Read:
    def read(name: str, value: Any) -> Option:
        if not isinstance(value, str):
            raise _refuse(name, "it must be text")
        if len(value) > limit:
            raise _refuse(name, "it is longer than {limit} characters", {"limit": str(limit)})
        return value

    return read


def _token(pattern: str, says: str, facts: Mapping[str, str] | None = None) -> Read:
    compiled = re.compile(pattern)

    def read(name: str, value: Any) -> Option:
        if not isinstance(value, str) or not compiled.fullmatch(value):
            raise _refuse(name, says, facts)
        return value

    return read


def _one_of(*accepted: str) -> Read:
    return _token("|".join(map(re.escape, accepted)), "accepted are {accepted}", {"accepted": ", ".join(accepted)})


def _number(low: int, high: int) -> Read:
    def read(name: str, value: Any) -> Option:
        if isinstance(value, str) and re.fullmatch(r"[0-9]{1,6}", value):
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise _refuse(name, "it must be a whole number from {low} to {high}", {"low": str(low), "high": str(high)})
        return value

    return read


def _switch(name: str, value: Any) -> Option:
    if value in ("true", "false"):
        return bool(value == "true")
    if not isinstance(value, bool):
        raise _refuse(name, "it must be true or false")
    return value


PROMPT_CHARACTERS = 32_000
FIELDS: Mapping[str, Read] = {
    "prompt": _text(PROMPT_CHARACTERS),
    "user": _text(256),
    "model": _token(r"[A-Za-z0-9._:/-]{1,80}", "it must be one word of at most 80 characters"),
    "n": _number(1, 10),
    "quality": _one_of("standard", "hd", "low", "medium", "high", "auto"),
    "response_format": _one_of("url", "b64_json"),
    "output_format": _one_of("png", "jpeg", "webp"),
    "output_compression": _number(0, 100),
    "stream": _switch,
    "partial_images": _number(0, 3),
    "size": _token(r"auto|[1-9][0-9]{1,4}x[1-9][0-9]{1,4}", "it must be auto or WIDTHxHEIGHT"),
    "moderation": _one_of("auto", "low"),
    "background": _one_of("transparent", "opaque", "auto"),
    "style": _one_of("vivid", "natural"),
    "input_fidelity": _one_of("high", "low"),
}

_COMMON = {"model", "n", "quality", "response_format", "output_format", "output_compression", "stream"} | {
    "partial_images",
    "size",
    "moderation",
    "background",
    "user",
    "prompt",
}
PICTURE_FIELDS = frozenset({"image", "image[]", "mask"})
JSON_PICTURE_FIELDS = frozenset({"images", "mask"})


@dataclass(frozen=True, slots=True)
class Accepted:
    """What one route accepts: value fields, picture fields by form of body, and what must be there."""

    values: frozenset[str]
    form_pictures: frozenset[str]
    json_pictures: frozenset[str]
    required: tuple[str, ...]


ACCEPTED: Mapping[Route, Accepted] = {
    Route.GENERATE: Accepted(frozenset(_COMMON | {"style"}), frozenset(), frozenset(), ("prompt",)),
    Route.EDIT: Accepted(
        frozenset(_COMMON | {"input_fidelity"}), PICTURE_FIELDS, JSON_PICTURE_FIELDS, ("image", "prompt")
    ),
    Route.VARIATION: Accepted(
        frozenset({"model", "n", "response_format", "size", "user"}), frozenset({"image"}), frozenset(), ("image",)
    ),
}

_NOT_FORWARDED = {"prompt", "user", "stream", "partial_images", "response_format", "moderation"}


def refuse_unknown(names: Iterable[str], accepted: frozenset[str]) -> None:
    """Refuse the first name that is not accepted, by name."""
    for name in names:
        if name not in accepted:
            raise ProxyRefusal(400, "field_not_screened", param=shown(name), why="unknown here")


def build_call(route: Route, values: Mapping[str, Any], pictures: tuple[PictureSource, ...]) -> ImageCall:
    """The call that ``values`` (already known to be accepted names) and ``pictures`` make."""
    read = {name: FIELDS[name](name, value) for name, value in values.items() if value is not None}
    present = set(read) | ({"image"} if any(one.role.value == "input" for one in pictures) else set())
    for name in ACCEPTED[route].required:
        if name not in present:
            raise ProxyRefusal(400, "missing_required_parameter", param=name)
    options = {name: value for name, value in read.items() if name not in _NOT_FORWARDED}
    if "moderation" in read:
        options["moderation"] = "auto"  # a caller may not lower it (rule: the operator decides)
    prompt, user = read.get("prompt"), read.get("user")
    return ImageCall(
        route=route,
        prompt=str(prompt) if prompt is not None else None,
        pictures=pictures,
        options=options,
        user=str(user) if user is not None else None,
        stream=read.get("stream") is True,
        wants_url=read.get("response_format") == "url",
        lowered=read.get("moderation") == "low",
    )
