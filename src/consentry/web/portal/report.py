"""``/report``: take a report in. The file never leaves the device; what comes here is an address and words."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from consentry.access import ANONYMOUS
from consentry.actions.errors import Invalid
from consentry.actions.file_report import file_report
from consentry.actions.read_status import read_status
from consentry.actions.receipts import new_receipt
from consentry.cases.clocks import Depiction
from consentry.cases.register import Register
from consentry.cases.report import Problem, ReportDraft, ReportError, Trouble, accept, asked_fields
from consentry.web.portal.forms import ReportForm, asked_inputs
from consentry.web.portal.shown import shown_clocks, shown_promise
from consentry.wiring.server import Server, server


@require_http_methods(["GET", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """The form, or the receipt once it is filed."""
    app = server()
    countries = _countries(app)
    if request.method == "GET":
        form = ReportForm(initial={"content": request.GET.get("url", "")[:2000]}, countries=countries)
        return _page(request, app, form, countries, ())
    form = ReportForm(request.POST, countries=countries)
    if not form.is_valid():
        found = tuple(Problem(name, Trouble.REQUIRED) for name in form.errors)
        return _page(request, app, form, countries, found, status=422)
    try:
        filing = accept(_draft(request, form), book=app.ctx.rules, installation=app.ctx.installation)
        receipt = new_receipt(app.ctx)
        filed = app.act(file_report, by=ANONYMOUS, filing=filing, receipt=receipt)
    except ReportError as error:
        return _page(request, app, form, countries, error.problems, status=422)
    except Invalid:
        return _page(request, app, form, countries, (Problem("content", Trouble.UNKNOWN_CHOICE),), status=422)
    status = read_status(app.ctx, report=filed.report)
    context = {
        "receipt": receipt.code,
        "clocks": shown_clocks(status.clocks),
        "promise": shown_promise(filed.promise),
        "proof": None,
        "kept": None,
        "is_child": filing.register is Register.CHILD,
    }
    return render(request, "portal/received.html", context)


def _draft(request: HttpRequest, form: ReportForm) -> ReportDraft:
    data = form.cleaned_data
    chosen = data["jurisdiction"]
    prefix = f"answer-{chosen}-"
    answers = {
        name.removeprefix(prefix): value
        for name, value in request.POST.items()
        if chosen and name.startswith(prefix) and isinstance(value, str) and value.strip()
    }
    return ReportDraft(
        content=data["content"],
        harm=data["harm"],
        relationship=data["relationship"],
        claimed_pdq=data["claimed_pdq"] or "",
        is_child=data["is_child"] or None,
        jurisdictions=(chosen,) if chosen else (),
        language="ja" if (get_language() or "en").startswith("ja") else "en",
        statement=data["statement"],
        contact=data["contact"],
        answers=answers,
    )


def _page(
    request: HttpRequest,
    app: Server,
    form: ReportForm,
    countries: list[tuple[str, str]],
    problems: tuple[Problem, ...],
    status: int = 200,
) -> HttpResponse:
    language = get_language() or "en"
    asked = [
        {
            "code": code,
            "country": name,
            "inputs": asked_inputs(
                code, asked_fields(app.ctx.rules, (code,), depiction=Depiction.UNKNOWN), language, {}, {}
            ),
        }
        for code, name in countries
    ]
    steps = [
        {"id": "what", "label": _("What is it?"), "done": False, "current": True},
        {"id": "about", "label": _("About you"), "done": False, "current": False},
        {"id": "check", "label": _("Check and send"), "done": False, "current": False},
    ]
    context = {
        "form": form,
        "asked": asked,
        "problems": [_shown(form, problem) for problem in problems],
        "steps": steps,
    }
    return render(request, "portal/report.html", context, status=status)


def _shown(form: ReportForm, problem: Problem) -> dict[str, Any]:
    field = form.fields.get(problem.field)
    texts = {
        Trouble.REQUIRED: _("Please fill this in."),
        Trouble.NOT_AN_ADDRESS: _("This is not an address or a post number."),
        Trouble.TOO_LONG: _("This is too long."),
        Trouble.UNKNOWN_CHOICE: _("No connected platform has this address. Check it, or tell that platform itself."),
    }
    return {
        "field_id": f"id_{problem.field}",
        "label": str(field.label) if field is not None and field.label else problem.field,
        "text": texts.get(problem.trouble, _("This cannot be used.")),
    }


def _countries(app: Server) -> list[tuple[str, str]]:
    names = {rule.jurisdiction: rule.jurisdiction_name for rule in app.ctx.rules.rules.values()}
    translated = {"jp": _("Japan"), "us": _("United States"), "uk": _("United Kingdom")}
    return [(code, translated.get(code, names.get(code, code))) for code in app.config.jurisdictions]
