"""What anybody may fetch: the log's files, the installation's card, security.txt, health and counters.

The log's files are immutable (but for the checkpoint), so a front server may serve ``log/`` in our place.
"""

from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from consentry import __version__
from consentry.actions.health import public_counters, worker_lag
from consentry.actions.read_proof import read_proof
from consentry.wiring.server import server

IMMUTABLE = "public, max-age=31536000, immutable"


@require_GET
def checkpoint(request: HttpRequest) -> HttpResponse:
    """``/log/checkpoint``: the newest signed note (C2SP tlog-checkpoint)."""
    note = server().log_files.read("checkpoint")
    if note is None:
        raise Http404
    return HttpResponse(note, content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-cache"})


@require_GET
def tile(request: HttpRequest, path: str) -> HttpResponse:
    """``/log/tile/...``: one tile, exactly as it was written (C2SP tlog-tiles)."""
    data = server().log_files.read(f"tile/{path}")
    if data is None:
        raise Http404
    return HttpResponse(data, content_type="application/octet-stream", headers={"Cache-Control": IMMUTABLE})


@require_GET
def proof(request: HttpRequest, entry_hash: str) -> HttpResponse:
    """``/api/v1/log/proof/<entry hash>``: a ``.tlog-proof`` (C2SP), checkable with the log's public key alone."""
    app = server()
    text = read_proof(app.log_files, app.verifiers[0], entry_hash=entry_hash)
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@require_GET
def card(request: HttpRequest) -> JsonResponse:
    """``/.well-known/consentry.json``: who this is, which policy is live, where the log is and which key signs it."""
    app = server()
    return JsonResponse(
        {
            "software": f"consentry/{__version__}",
            "role": app.config.role.value,
            "demo": app.config.demo,
            "languages": ["en", "ja"],
            "jurisdictions": list(app.config.jurisdictions),
            "guard": {"url": app.config.guard_url, "policy": app.policy.label, "policy_digest": app.policy.digest},
            "log": {
                "origin": app.config.log_origin,
                "url": f"{app.config.public_url}/log",
                "verifier_key": app.verifiers[0].vkey,
                "promise_key": app.verifiers[1].vkey,
                "promise_seconds": app.config.promise_seconds,
            },
            "report_url": f"{app.config.public_url}/report",
        }
    )


@require_GET
def security_txt(request: HttpRequest) -> HttpResponse:
    """``/.well-known/security.txt`` (RFC 9116); ``Expires`` is half a year ahead of now."""
    app = server()
    expires = (app.clock.now() + timedelta(days=180)).strftime("%Y-%m-%dT%H:%M:%SZ")
    host = request.get_host().partition(":")[0]
    lines = [
        f"Contact: mailto:security@{host}",
        f"Expires: {expires}",
        "Preferred-Languages: en, ja",
        f"Canonical: {app.config.public_url}/.well-known/security.txt",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_GET
def healthz(request: HttpRequest) -> HttpResponse:
    """200 as long as this process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_GET
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when the database answers and the worker keeps up; 503 names what does not."""
    try:
        lag = worker_lag(server().ctx)
    except Exception:
        return JsonResponse({"database": "down"}, status=503)
    problems = {name: seconds for name, seconds in lag.items() if seconds > server().config.promise_seconds}
    return JsonResponse({"database": "ok", "oldest_waiting_seconds": lag}, status=503 if problems else 200)


@require_GET
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus text: counts that point to nobody."""
    lines = []
    for name, help_text, value in public_counters(server().ctx):
        lines += [f"# HELP {name} {help_text}", f"# TYPE {name} gauge", f"{name} {value}"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4; charset=utf-8")
