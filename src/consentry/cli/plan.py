"""``consentry plan``: where a remediation plan stands, by rule (docs/spec/plan.md)."""

import json
import sys
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, Parameter
from rich.console import Console
from rich.table import Table

from consentry.adapters.clock import SystemClock
from consentry.audit.errors import AuditError
from consentry.basics.errors import ConsentryError
from consentry.cli.report import load_report, prove
from consentry.oversight.errors import PlanError
from consentry.oversight.plan import MeasureStatus, Plan, example_plan, load_plan, plan_status

app = App(name="plan", help="Say by rule where a remediation plan stands.")


@app.command
def status(
    plan: Annotated[Path, Parameter(help="The plan (YAML).")],
    *,
    report: Annotated[Path, Parameter(help="The report (JSON) whose numbers are used.")],
    log: Annotated[str | None, Parameter(help="The log's folder or address; without it nothing counts as met.")] = None,
    disclosures: Annotated[Path | None, Parameter(help="The auditor's package.")] = None,
    vkey: Annotated[str | None, Parameter(help="The log's public key: a vkey, or a file that holds one.")] = None,
    today: Annotated[str | None, Parameter(help="The day to judge on (YYYY-MM-DD, UTC); today when absent.")] = None,
    language: Annotated[str, Parameter(help="en or ja.")] = "en",
    json_output: Annotated[bool, Parameter(name="--json", negative=(), help="Print one object.")] = False,
) -> int:
    """Prove the report from the log, then judge every measure. Exit status 0 when the plan could be read."""
    try:
        read = _load(plan)
        stated = load_report(report)
        proved = False
        if log is not None and disclosures is not None and vkey is not None:
            proved = prove(stated, log=log, disclosures=disclosures, vkey=vkey).proved
        rows = plan_status(read, stated, proved=proved, today=_day(today))
    except (AuditError, ConsentryError) as problem:
        print(problem, file=sys.stderr)
        return 1
    if not proved:
        print(
            "The report was NOT proved, so nothing counts as met. Give --log, --disclosures and --vkey, and see "
            "'consentry report verify' for what differs.",
            file=sys.stderr,
        )
    if json_output:
        print(json.dumps({"plan": read.name, "version": read.version, "proved": proved, "measures": _data(rows)}))
    else:
        _print_table(read, rows, language)
    return 0


@app.command
def example() -> int:
    """Print the example plan that comes with Consentry."""
    print(example_plan(), end="")
    return 0


def _load(file: Path) -> Plan:
    try:
        return load_plan(file.read_bytes())
    except OSError as error:
        raise PlanError(f"{file} cannot be read: {error.strerror}.") from error


def _day(text: str | None) -> date:
    if text is None:
        return SystemClock().now().date()
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise PlanError(f"{text!r} is not a day.", next_step="Write YYYY-MM-DD.") from error


def _data(rows: tuple[MeasureStatus, ...]) -> list[dict[str, Any]]:
    return [
        {
            "id": row.measure.id,
            "metric": row.measure.metric,
            "by": row.measure.by,
            "target": row.measure.target,
            "due": row.measure.due.isoformat(),
            "value": None if row.number is None else row.number.value,
            "n": None if row.number is None else row.number.n,
            "status": row.status.value,
            "why": row.why.en,
        }
        for row in rows
    ]


def _print_table(plan: Plan, rows: tuple[MeasureStatus, ...], language: str) -> None:
    table = Table("measure", "target", "value", "n", "due", "status", "why", title=plan.title.text(language))
    for row in rows:
        bound = "<=" if row.measure.at_most else ">="
        value, n = ("", "") if row.number is None else (str(row.number.value), str(row.number.n))
        table.add_row(
            row.measure.title.text(language),
            f"{bound} {row.measure.target}",
            value,
            n,
            row.measure.due.isoformat(),
            row.status.value,
            row.why.text(language),
        )
    Console().print(table)
