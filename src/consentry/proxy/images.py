"""The walk of one image request: parse, screen, record, upstream, screen again, sign, record, answer.

Invariants: nothing is forwarded before its decision is durable; nothing is returned before every output was screened,
signed and recorded; what is forwarded are the guard's clean pictures and the screened words. A stream says nothing
but comments until the final pictures have passed; partial pictures are never released.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from consentry.adapters.fetching.errors import FetchRefused
from consentry.adapters.upstreams import base
from consentry.basics.ids import Sha256Hex
from consentry.guard.picture import Picture
from consentry.guard.pipeline import Screening
from consentry.guard.request import Role, ScreenRequest, TextPart
from consentry.provenance.errors import ProvenanceError
from consentry.provenance.signing import ReleasedPicture, SignedPicture, SourcePicture
from consentry.proxy.admission import Lease
from consentry.proxy.asking import fetch_pictures, find_person, find_subject, screen_request
from consentry.proxy.body import read_body
from consentry.proxy.errors import SERVER_ERROR, Overloaded, ProxyRefusal
from consentry.proxy.image_call import ImageCall
from consentry.proxy.language import preferred_language
from consentry.proxy.ledger import Caller, Promise
from consentry.proxy.parts import Parts, log
from consentry.proxy.reading import read_image_call
from consentry.proxy.replies import (
    Made,
    Stopped,
    completed_event,
    decision_headers,
    error_event,
    images_body,
    promise_header,
    sse,
)
from consentry.proxy.routes import RouteRow

MEDIA_TYPES = {
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "WEBP": "image/webp",
    "GIF": "image/gif",
    "AVIF": "image/avif",
}

MOST_OUTPUTS = 10
"""The most that a caller can ask for; an upstream that sends more did not understand us."""


@dataclass(frozen=True, slots=True)
class Admitted:
    """One request that the guard allowed and whose decision is durable."""

    row: RouteRow
    caller: Caller
    call: ImageCall
    request: ScreenRequest
    screening: Screening
    promise: Promise
    language: str


async def answer_images(parts: Parts, row: RouteRow, request: Request) -> Response:
    """The whole walk; raises ``ProxyRefusal`` or ``Stopped`` for anything but pictures (or their stream)."""
    caller = await parts.caller(request)
    if parts.judging.crowded:
        raise Overloaded(parts.settings.retry_after)
    with contextlib.ExitStack() as stack:
        lease = stack.enter_context(parts.admission.enter())
        admitted = await _admit(parts, row, request, caller, lease)
        if admitted.call.stream:
            keep = stack.pop_all()
            task = asyncio.create_task(_make(parts, admitted, lease))
            task.add_done_callback(lambda _: keep.close())
            return StreamingResponse(
                _events(parts, admitted, task), media_type="text/event-stream", headers=_headers(admitted)
            )
        made = await _make(parts, admitted, lease)
        body = await parts.parsing.run(
            lambda: JSONResponse(images_body(admitted.call, made, parts.clock.now())), seconds=60
        )
        body.headers.update(_headers(admitted))
        if made.promise:
            body.headers["X-Consentry-Output-Promise"] = promise_header(made.promise)
        return body


async def _admit(parts: Parts, row: RouteRow, request: Request, caller: Caller, lease: Lease) -> Admitted:
    """Read, parse, screen and record; ``Stopped`` unless the guard allows."""
    assert row.makes is not None
    route, settings = row.makes, parts.settings
    content_types = request.headers.getlist("content-type")
    if len(content_types) > 1:
        raise ProxyRefusal(400, "field_not_screened", param="Content-Type", why="it is there twice")
    body = await read_body(request, limit=settings.body_bytes, seconds=settings.body_seconds, take=lease.take)
    call = await parts.parsing.run(lambda: read_image_call(route, "".join(content_types), body), seconds=60)
    subject = await find_subject(parts, request, caller, call.user)
    asked = screen_request(
        caller,
        route=route,
        texts=() if call.prompt is None else (TextPart("prompt", call.prompt),),
        images=await fetch_pictures(parts, call.pictures, lease.take),
        person=find_person(request),
        subject=subject,
    )
    if call.lowered:
        parts.metrics.count("consentry_guard_moderation_lowered_total")
    screening = await parts.judged(lambda: parts.guard.screen(asked))
    parts.metrics.count_decision(row.name, "request", screening.decision)
    promise = await parts.kept(parts.ledger.record_screening(caller, asked, screening))
    if not screening.decision.allowed:
        raise Stopped(screening.decision, promise, link=settings.consent_link)
    language = preferred_language(request.headers.get("accept-language"))
    return Admitted(row, caller, call, asked, screening, promise, language)


async def _make(parts: Parts, admitted: Admitted, lease: Lease) -> Made:
    """From an allowed request to signed and recorded pictures."""
    try:
        reply = await _ask_upstream(parts, admitted, lease.take)
        outputs = [await _output_bytes(parts, one, lease.take) for one in reply.outputs]
    except base.UpstreamFault as fault:
        raise await _fault(parts, admitted, fault.why) from fault
    except base.UpstreamBusy as busy:
        await parts.kept(parts.ledger.record_fault(admitted.caller, admitted.screening, "busy"))
        raise ProxyRefusal(429, "upstream_busy", type_="rate_limit_error", retry_after=10) from busy
    except base.UpstreamRefused as refused:
        await parts.kept(parts.ledger.record_fault(admitted.caller, admitted.screening, "refused"))
        raise ProxyRefusal(400, "upstream_refused", said=refused.said) from refused
    except Overloaded:  # there was no room for the reply
        await parts.kept(parts.ledger.record_fault(admitted.caller, admitted.screening, "overloaded"))
        raise
    pictures, promise = await _screen_outputs(parts, admitted, outputs)
    signed = await _sign(parts, admitted, pictures)
    released = [_released(one, picture) for one, picture in zip(signed, pictures, strict=True)]
    await parts.kept(parts.ledger.record_release(admitted.caller, admitted.screening, released))
    parts.metrics.count("consentry_guard_outputs_total", len(signed), result="released")
    return Made(signed, reply.facts, promise)


async def _ask_upstream(parts: Parts, admitted: Admitted, take: Callable[[int], None]) -> base.UpstreamReply:
    pairs = list(zip(admitted.request.images, admitted.screening.pictures, strict=True))
    clean = [(part.role, _forwarded(picture)) for part, picture in pairs]
    request = base.UpstreamRequest(
        route=admitted.request.route,
        prompt=admitted.call.prompt,
        images=tuple(picture for role, picture in clean if role is not Role.MASK),
        mask=next((picture for role, picture in clean if role is Role.MASK), None),
        options=admitted.call.options,
        stream=admitted.call.stream,
    )
    settings = parts.settings
    try:
        async with asyncio.timeout(settings.upstream_seconds + 1):
            reply = await parts.upstream.make(
                request, seconds=settings.upstream_seconds, limit=settings.reply_bytes, take=take
            )
    except TimeoutError:
        raise base.UpstreamFault(base.TOO_SLOW) from None
    except (base.UpstreamError, ProxyRefusal):
        raise
    except Exception as error:  # an adapter's own mistake is a fault as well, never a picture
        log.error("the upstream adapter failed: %s", type(error).__name__)
        raise base.UpstreamFault(base.ITS_FAULT) from error
    if not reply.outputs:
        raise base.UpstreamFault(base.NO_PICTURE)
    if len(reply.outputs) > MOST_OUTPUTS:
        raise base.UpstreamFault(base.NOT_UNDERSTOOD)
    return reply


def _forwarded(picture: Picture | None) -> base.UpstreamPicture:
    """The screened bytes; an allowed request without a read picture would be a broken promise of the guard."""
    if picture is None:
        raise RuntimeError("the guard allowed a picture that it did not read")
    return base.UpstreamPicture(picture.clean, picture.clean_media_type)


async def _output_bytes(parts: Parts, output: bytes | base.ResultAddress, take: Callable[[int], None]) -> bytes:
    if isinstance(output, bytes):
        return output
    settings = parts.settings
    try:
        return await parts.fetcher.fetch(
            output.url,
            seconds=settings.fetch_seconds,
            limit=settings.reply_bytes,
            take=take,
            origin=parts.upstream.origin,
        )
    except FetchRefused:
        raise base.UpstreamFault(base.NOT_FETCHED) from None


async def _screen_outputs(parts: Parts, admitted: Admitted, outputs: list[bytes]) -> tuple[list[Picture], Promise]:
    """Every output, judged together and recorded; the pictures when they may leave."""
    context = admitted.screening.context
    output = await parts.judged(lambda: parts.guard.screen_output(context, outputs))
    parts.metrics.count_decision(admitted.row.name, "output", output.decision)
    promise = await parts.kept(parts.ledger.record_output(admitted.caller, admitted.screening, output))
    if output.fault:
        parts.metrics.count("consentry_guard_outputs_total", len(outputs), result="fault")
        parts.metrics.count("consentry_guard_upstream_faults_total", kind=base.NOT_READABLE)
        raise _fault_refusal(base.NOT_READABLE)
    pictures = [one for one in output.pictures if one is not None]
    if not output.decision.allowed or len(pictures) != len(outputs):
        parts.metrics.count("consentry_guard_outputs_total", len(outputs), result="stopped")
        raise Stopped(output.decision, promise, link=parts.settings.consent_link)
    return pictures, promise


async def _sign(parts: Parts, admitted: Admitted, pictures: list[Picture]) -> tuple[SignedPicture, ...]:
    pairs = zip(admitted.request.images, admitted.screening.pictures, strict=True)
    sources = [
        SourcePicture(part.data, MEDIA_TYPES.get(seen.format, seen.clean_media_type))
        for part, seen in pairs
        if seen is not None and part.role is not Role.MASK
    ]
    generator = parts.upstream.generator
    try:
        return tuple(
            [
                await parts.signing.run(
                    lambda one=one: parts.signer.sign(  # type: ignore[misc]
                        one.clean, one.clean_media_type, sources=sources, generator=generator
                    ),
                    seconds=parts.settings.guard_seconds,
                )
                for one in pictures
            ]
        )
    except (ProvenanceError, TimeoutError) as error:
        log.error("a picture could not be signed: %s", type(error).__name__)
        parts.metrics.count("consentry_guard_outputs_total", len(pictures), result="not_signed")
        raise ProxyRefusal(503, "credential_unavailable", type_=SERVER_ERROR, retry_after=10) from error


def _released(signed: SignedPicture, picture: Picture) -> ReleasedPicture:
    return ReleasedPicture(
        Sha256Hex(signed.sha256), picture.pdq, picture.pdq_quality, signed.media_type, signed.manifest_id
    )


async def _fault(parts: Parts, admitted: Admitted, why: str) -> ProxyRefusal:
    """Record a fault of the upstream, and what to answer."""
    parts.metrics.count("consentry_guard_upstream_faults_total", kind=why)
    await parts.kept(parts.ledger.record_fault(admitted.caller, admitted.screening, why))
    return _fault_refusal(why)


def _fault_refusal(why: str) -> ProxyRefusal:
    status = 504 if why == base.TOO_SLOW else 502
    return ProxyRefusal(status, "upstream_fault", type_=SERVER_ERROR, why=why)


def _headers(admitted: Admitted) -> dict[str, str]:
    return decision_headers(admitted.screening.decision, admitted.promise) | {
        "Cache-Control": "no-store",
        "Content-Language": admitted.language,
    }


async def _events(parts: Parts, admitted: Admitted, task: "asyncio.Task[Made]") -> AsyncIterator[bytes]:
    """Comment lines while waiting, then the final pictures, or one error event and nothing else."""
    while not task.done():
        await asyncio.wait([task], timeout=parts.settings.heartbeat_seconds)
        if not task.done():
            yield b": waiting\n\n"
    try:
        made = task.result()
    except (ProxyRefusal, Stopped) as problem:
        yield error_event(problem, admitted.language)
        return
    except Exception as error:
        log.error("a stream ended unforeseen: %s", type(error).__name__)
        yield error_event(ProxyRefusal(500, "internal_error", type_=SERVER_ERROR), admitted.language)
        return
    for picture in made.pictures:
        yield sse(completed_event(admitted.call, picture, made, parts.clock.now()))
