"""``consentry report``: make a transparency report, or prove one from the log (docs/spec/report.md)."""

import json
import sys
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from consentry.audit.checkpoint import read_unsigned
from consentry.audit.errors import AuditError
from consentry.basics.errors import ConsentryError
from consentry.cli.log_place import UNCHECKED, open_place, progress_bar, read_key
from consentry.oversight.disclosure import Package, parse_package
from consentry.oversight.errors import DisclosureError, ReportError
from consentry.oversight.metrics import Number
from consentry.oversight.recompute import Verdict, open_disclosures, verify_report
from consentry.oversight.report import Report, make_report, parse_period, parse_report

app = App(name="report", help="Make a transparency report, or prove one from the log.")

Log = Annotated[str, Parameter(help="The log's folder, or its http(s) address.")]
Disclosures = Annotated[Path, Parameter(help="The auditor's package (JSON lines).")]
SHOWN = 12


@app.command
def make(
    *,
    period: Annotated[str, Parameter(help="2026, 2026-01, 2026-01-31, or FROM..TO (TO not included); UTC days.")],
    log: Log,
    disclosures: Disclosures,
    platform: Annotated[str | None, Parameter(help="Only events of this platform.")] = None,
    out: Annotated[Path | None, Parameter(help="Where to write it; the terminal when absent.")] = None,
) -> int:
    """Compute every number over the period, from leaves that were all opened; writes JSON. Exit status 0 only then."""
    try:
        span = parse_period(period)
        package = load_disclosures(disclosures)
        with open_place(log) as reader, progress_bar("opening") as progress:
            missing, unopened = open_disclosures(reader, read_unsigned(package.checkpoint), package, progress)
        if missing or unopened:
            raise ReportError(
                f"{len(missing)} leaves are not disclosed and {len(unopened)} disclosures are false.",
                not_done="No report was made.",
                next_step=f"Begin with index {min(missing + unopened)}.",
            )
        report = make_report(
            package.events(),
            origin=package.origin,
            period=span,
            checkpoint=package.checkpoint,
            platform=platform,
        )
        text = json.dumps(report.to_data(), indent=1, ensure_ascii=False) + "\n"
        if out is None:
            print(text, end="")
        else:
            out.write_text(text, encoding="utf-8")
    except (AuditError, ConsentryError) as problem:
        print(problem, file=sys.stderr)
        return 1
    except OSError as problem:
        print(f"{problem.filename}: {problem.strerror}. No report was written.", file=sys.stderr)
        return 1
    return 0


@app.command
def verify(
    report: Annotated[Path, Parameter(help="The report (JSON).")],
    *,
    log: Log,
    disclosures: Disclosures,
    vkey: Annotated[str, Parameter(help="The log's public key: a vkey, or a file that holds one.")],
) -> int:
    """Compute every number again as an outsider; names what differs. Exit status 0 only when all is proved."""
    try:
        stated = load_report(report)
        verdict = prove(stated, log=log, disclosures=disclosures, vkey=vkey)
    except (AuditError, ConsentryError) as problem:
        print(problem, file=sys.stderr)
        return 1
    _print_verdict(verdict)
    return 0 if verdict.proved else 1


def load_report(file: Path) -> Report:
    """The report in a file; ``ReportError`` when it cannot be read."""
    try:
        return parse_report(file.read_bytes())
    except OSError as error:
        raise ReportError(f"{file} cannot be read: {error.strerror}.") from error


def load_disclosures(file: Path) -> Package:
    """The auditor's package in a file, as an installation exports it; ``DisclosureError`` when it cannot be read."""
    try:
        with file.open(encoding="utf-8") as lines:
            return parse_package(lines)
    except (OSError, UnicodeError) as error:
        raise DisclosureError(f"{file} cannot be read.", next_step="Ask the installation for its package.") from error


def prove(report: Report, *, log: str, disclosures: Path, vkey: str) -> Verdict:
    """Check a report against a log, an auditor's package and a key."""
    verifier = read_key(vkey)
    if verifier is None:
        raise ReportError(UNCHECKED)
    package = load_disclosures(disclosures)
    with open_place(log) as reader, progress_bar("opening") as progress:
        return verify_report(report, package, reader, [verifier], progress)


def _print_verdict(verdict: Verdict) -> None:
    if verdict.fault:
        print(f"NOT PROVED: {verdict.fault}")
        return
    print(f"{verdict.opened} of {verdict.size} leaves opened; {verdict.numbers} numbers computed.")
    for name, indices in (("not disclosed", verdict.missing), ("does not open its leaf", verdict.unopened)):
        for index in indices[:SHOWN]:
            print(f"index {index}: {name}")
        if len(indices) > SHOWN:
            print(f"... and {len(indices) - SHOWN} more")
    for each in verdict.differences:
        print(f"{each.metric} {each.by or 'total'}: stated {_say(each.stated)}, found {_say(each.found)}")
    print("PROVED: every number follows from the log." if verdict.proved else "NOT PROVED.")
    print("What was never entered cannot be seen here; receipts and promises cover that.")


def _say(number: Number | None) -> str:
    return "nothing" if number is None else f"{number.value} (n {number.n}, {number.low} to {number.high})"
