"""``/status``: what a receipt opens. By POST only, so that no code stands in an address or a log."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from consentry.access import Actor, Role
from consentry.actions.erase_report import erase_report
from consentry.actions.errors import NotFound
from consentry.actions.file_appeal import appeal_as_reporter
from consentry.actions.read_status import ReportStatus, read_status
from consentry.actions.receipts import open_report
from consentry.actions.sequence_log import highest_size
from consentry.actions.withdraw_report import withdraw_report
from consentry.cases.lifecycle import HIDES, CaseState
from consentry.web.portal.forms import AppealForm, EraseForm, ReceiptForm
from consentry.web.portal.shown import shown_clocks, shown_promise, shown_proof
from consentry.wiring.server import server


@require_http_methods(["GET", "POST"])
def status(request: HttpRequest) -> HttpResponse:
    """The field for the code, or what it opens; ``do`` asks for an appeal, a withdrawal or an erasure first."""
    form = ReceiptForm(request.POST or None)
    if request.method == "GET" or not form.is_valid():
        return render(request, "portal/status_open.html", {"form": form, "problems": []})
    app, code = server(), form.cleaned_data["receipt"]
    try:
        report = open_report(app.ctx, typed=code)
    except NotFound as error:
        problem = {"field_id": "id_receipt", "label": _("Receipt code"), "text": _("This code opens no report.")}
        context = {"form": form, "problems": [problem], "error": error}
        return render(request, "portal/status_open.html", context, status=404)
    by = Actor(Role.REPORTER, report.pk)
    match request.POST.get("do"):
        case "appeal":
            app.act(appeal_as_reporter, by=by, report_id=report.pk, text=request.POST.get("text", ""))
        case "withdraw":
            app.act(withdraw_report, by=by, report_id=report.pk)
        case "erase" if request.POST.get("sure"):
            app.act(erase_report, by=by, report_id=report.pk)
    return _page(request, read_status(app.ctx, report=open_report(app.ctx, typed=code)), code)


def _page(request: HttpRequest, found: ReportStatus, code: str) -> HttpResponse:
    decision = found.decision
    context = {
        "receipt": code,
        "erased": found.report.erased_at is not None,
        "standing": _standing(found.state),
        "content": "" if found.report.erased_at else found.report.case.content_ref,
        "story": [],
        "clocks": shown_clocks(found.clocks),
        "promise": shown_promise(found.promise),
        "proof": shown_proof(found, highest_size()),
        "kept": None,
        "letters": [],
        "decision": None,
        "appeal_form": AppealForm() if found.may_appeal else None,
        "appeal_until": decision.appeal_until if decision else None,
        "erase_form": EraseForm() if found.report.erased_at is None else None,
        "can_withdraw": found.may_withdraw,
    }
    return render(request, "portal/status.html", context)


def _standing(state: CaseState) -> dict[str, str]:
    if state in HIDES:
        return {"title": _("The picture is out of view"), "text": _("It was hidden on our word."), "tone": "good"}
    if state is CaseState.RECEIVED or state is CaseState.NEEDS_INFORMATION:
        return {"title": _("Your report is in"), "text": _("A person has yet to decide."), "tone": ""}
    if state in {CaseState.DECIDED_KEPT, CaseState.KEEP_APPEALED, CaseState.RESTORED}:
        return {"title": _("The picture stays in view"), "text": _("A person decided so."), "tone": "warn"}
    return {"title": _("The report is closed"), "text": _("Nothing more happens."), "tone": ""}
