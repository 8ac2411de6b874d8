"""From an HTTP request to a question for the guard: who asks, about whom, in which words, with which bytes.

Invariants: the subject is the authenticated platform's word and needs a scope; without it the strictest tier holds
(rule 7). A picture given by address is fetched here, once; what is screened and forwarded are those bytes.
"""

import asyncio
import re
from collections.abc import Callable, Sequence

from starlette.requests import Request

from consentry.adapters.fetching.errors import FetchRefused
from consentry.basics.ids import RequestId, new_id
from consentry.guard.request import ImagePart, Person, Route, ScreenRequest, TextPart
from consentry.proxy.errors import ProxyRefusal
from consentry.proxy.image_call import PictureSource
from consentry.proxy.ledger import Caller
from consentry.proxy.parts import Parts

SUBJECT_HEADER = "x-consentry-subject"
PERSON_HEADER = "x-consentry-person"
_SUBJECT = re.compile(r"[A-Za-z0-9._:-]{1,128}")


async def find_subject(parts: Parts, request: Request, caller: Caller, user: str | None) -> str | None:
    """The pseudonym of the person who asks: the header, else the field ``user``, from a caller with the scope."""
    header = _single(request, SUBJECT_HEADER)
    trusted = "subject" in caller.scopes
    if header is not None and not trusted:
        raise ProxyRefusal(403, "scope_missing", param="X-Consentry-Subject", scope="subject")
    if header is not None and user is not None and header != user:
        raise ProxyRefusal(400, "invalid_value", param="user", why="it differs from the header X-Consentry-Subject")
    subject = header if header is not None else user if trusted else None
    if subject is None:
        return None
    if not _SUBJECT.fullmatch(subject):
        why = "accepted are letters, digits and . _ : - up to 128"
        raise ProxyRefusal(400, "invalid_value", param="user" if header is None else "X-Consentry-Subject", why=why)
    if not await parts.kept(parts.ledger.may_ask(caller, subject)):
        raise ProxyRefusal(403, "subject_suspended")
    return subject


def find_person(request: Request) -> Person:
    """What the caller says about the person shown; ``UNSTATED`` without the header."""
    value = _single(request, PERSON_HEADER)
    if value is None:
        return Person.UNSTATED
    if value not in (Person.REAL, Person.FICTIONAL, Person.NONE):
        accepted = "real, fictional, none"
        raise ProxyRefusal(
            400, "invalid_value", param="X-Consentry-Person", why="accepted are {accepted}", accepted=accepted
        )
    return Person(value)


async def fetch_pictures(
    parts: Parts, sources: Sequence[PictureSource], take: Callable[[int], None]
) -> tuple[ImagePart, ...]:
    """The bytes of every picture, those at addresses fetched side by side within one deadline."""
    async with asyncio.TaskGroup() as group:
        waiting = [group.create_task(_fetch_one(parts, one, take)) for one in sources]
    found: list[ImagePart] = []
    for one in waiting:
        result = one.result()
        if isinstance(result, ProxyRefusal):
            raise result
        found.append(result)
    return tuple(found)


async def _fetch_one(parts: Parts, source: PictureSource, take: Callable[[int], None]) -> ImagePart | ProxyRefusal:
    if source.url is None:
        return ImagePart(source.name, source.role, source.data or b"")
    settings = parts.settings
    try:
        data = await parts.fetcher.fetch(
            source.url, seconds=settings.fetch_seconds, limit=settings.picture_bytes, take=take
        )
    except FetchRefused as refused:
        return ProxyRefusal(400, "picture_not_fetched", param=source.name, why=refused.why)
    except ProxyRefusal as refused:
        return refused
    return ImagePart(source.name, source.role, data)


def screen_request(
    caller: Caller,
    *,
    route: Route,
    texts: Sequence[TextPart],
    images: Sequence[ImagePart],
    person: Person,
    subject: str | None,
) -> ScreenRequest:
    """The question to the guard."""
    return ScreenRequest(
        request_id=RequestId(new_id("req")),
        route=route,
        texts=tuple(texts),
        images=tuple(images),
        person=person,
        subject=subject,
        platform=caller.platform,
    )


def _single(request: Request, name: str) -> str | None:
    values = request.headers.getlist(name)
    if len(values) > 1:
        raise ProxyRefusal(400, "field_not_screened", param=name, why="it is there twice")
    return values[0] if values else None
