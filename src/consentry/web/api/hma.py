"""HMA-shaped look-ups (facebook/ThreatExchange, hasher-matcher-actioner), behind authentication.

Invariants: a file that cannot be read is an error, never "no match"; every hit is counted in the log as stay-down;
hashes come back only to the caller who sent the picture. ``distance`` is a string in look-ups and a number in
``compare``, as HMA has it. Not here yet: writing to banks (a decision does that) and exchanges.
"""

import json

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from consentry.actions.count_blocked_upload import count_blocked_upload
from consentry.actions.machine_access import Machine
from consentry.actions.picture_memory import BankHit
from consentry.basics.errors import ConsentryError
from consentry.basics.ids import PdqHex, parse_pdq
from consentry.guard.errors import PictureRefused
from consentry.guard.picture import Picture
from consentry.records.bank import Bank
from consentry.records.machine_key import MachineScope
from consentry.web.api.machine import require_machine
from consentry.wiring.server import server

UNSUPPORTED_URL = "This installation does not fetch addresses. Send the file itself."


class LookupRefused(ConsentryError):
    """The question cannot be understood."""

    status = 400


@require_GET
def status(request: HttpRequest) -> HttpResponse:
    """``I-AM-ALIVE`` when the index answers, 503 ``INDEX-NOT-LOADED`` otherwise; needs no key and tells nothing."""
    try:
        server().memory.bank_hits(PdqHex("0" * 64))
    except Exception:
        return HttpResponse("INDEX-NOT-LOADED", status=503, content_type="text/plain")
    return HttpResponse("I-AM-ALIVE", content_type="text/plain")


@csrf_exempt
@require_http_methods(["POST", "GET"])
def hash_file(request: HttpRequest) -> JsonResponse:
    """``POST /hma/h/hash``: the PDQ of one file."""
    require_machine(request, MachineScope.MATCH)
    return JsonResponse({"pdq": _picture(request).pdq})


@csrf_exempt
@require_http_methods(["POST", "GET"])
def lookup(request: HttpRequest) -> JsonResponse:
    """``/hma/m/lookup``: by file (POST) or by ``signal`` and ``signal_type`` (GET), grouped by bank."""
    machine = require_machine(request, MachineScope.MATCH)
    banks = _banks(request)
    if request.method == "POST":
        picture = _picture(request)
        hits = _hits_of(picture, banks)
        _count(machine, hits)
        return JsonResponse({"pdq": _by_bank(hits)})
    hits = server().memory.bank_hits(_signal(request), banks)
    _count(machine, hits)
    return JsonResponse(_by_bank(hits))


@require_GET
def raw_lookup(request: HttpRequest) -> JsonResponse:
    """``/hma/m/raw_lookup``: by ``signal``; ids, with distances when asked."""
    require_machine(request, MachineScope.MATCH)
    hits = server().memory.bank_hits(_signal(request), _banks(request))
    if request.GET.get("include_distance", "false").lower() == "true":
        return JsonResponse({"matches": _plain(hits)})
    return JsonResponse({"matches": [hit.entry for hit in hits]})


@csrf_exempt
@require_http_methods(["POST"])
def compare(request: HttpRequest) -> JsonResponse:
    """``/hma/m/compare``: exactly two PDQ hashes; ``[matched, {"distance": n}]``."""
    require_machine(request, MachineScope.MATCH)
    try:
        first, second = (parse_pdq(value) for value in json.loads(request.body)["pdq"])
    except (ValueError, KeyError, TypeError) as error:
        raise LookupRefused(
            'The body is not `{"pdq": [hash, hash]}` with two PDQ hashes.', not_done="Nothing was compared."
        ) from error
    distance = (int(first, 16) ^ int(second, 16)).bit_count()
    return JsonResponse({"pdq": [distance <= 31, {"distance": distance}]})


@require_GET
def banks(request: HttpRequest) -> JsonResponse:
    """``/hma/c/banks``: names and whether they match."""
    require_machine(request, MachineScope.MATCH)
    rows = [
        {"name": bank.name, "matching_enabled_ratio": float(bank.enabled)} for bank in Bank.objects.order_by("name")
    ]
    return JsonResponse(rows, safe=False)


def _picture(request: HttpRequest) -> Picture:
    files = [file for _, group in request.FILES.lists() for file in group]
    if len(files) != 1:
        raise LookupRefused(
            f"This route takes exactly one file; {len(files)} came. {UNSUPPORTED_URL}",
            not_done="Nothing was looked up.",
            next_step="Send multipart/form-data with the file in the field `photo`.",
        )
    data = files[0].read()
    try:
        return server().decoder.decode(data)
    except PictureRefused as refusal:
        raise LookupRefused(
            f"The file was not looked up: {refusal.happened}",
            not_done="Do not take this for `no match`.",
            next_step="Refuse the upload, or send a picture in an accepted format.",
        ) from refusal


def _signal(request: HttpRequest) -> PdqHex:
    if request.GET.get("signal_type", "pdq") != "pdq":
        raise LookupRefused("The only signal type here is `pdq`.", not_done="Nothing was looked up.")
    try:
        return parse_pdq(request.GET.get("signal", ""))
    except ValueError as error:
        raise LookupRefused(f"`signal` is not usable: {error}.", not_done="Nothing was looked up.") from error


def _banks(request: HttpRequest) -> frozenset[str] | None:
    names = [name for name in request.GET.get("banks", "").split(",") if name]
    return frozenset(names) if names else None


def _hits_of(picture: Picture, banks: frozenset[str] | None) -> list[BankHit]:
    nearest: dict[int, BankHit] = {}
    for value in picture.pdq_all:
        for hit in server().memory.bank_hits(value, banks):
            if hit.entry not in nearest or hit.distance < nearest[hit.entry].distance:
                nearest[hit.entry] = hit
    return sorted(nearest.values(), key=lambda hit: (hit.distance, hit.entry))


def _count(machine: Machine, hits: list[BankHit]) -> None:
    if hits:
        server().act(count_blocked_upload, by=machine.actor, platform=machine.platform, distance=hits[0].distance)


def _plain(hits: list[BankHit]) -> list[dict[str, object]]:
    return [{"bank_content_id": hit.entry, "distance": str(hit.distance)} for hit in hits]


def _by_bank(hits: list[BankHit]) -> dict[str, list[dict[str, object]]]:
    groups: dict[str, list[BankHit]] = {}
    for hit in hits:
        groups.setdefault(hit.bank, []).append(hit)
    return {bank: _plain(group) for bank, group in groups.items()}
