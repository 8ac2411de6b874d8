"""The command line: one command a file, imported only when it is called, so that ``--help`` is quick."""

import sys

from cyclopts import App

from consentry import __version__

COMMANDS: tuple[tuple[str, str, str], ...] = (
    ("demo", "consentry.cli.demo:demo", "Run everything on this machine with demo keys, to look at it."),
    ("serve", "consentry.cli.serve:serve", "Run the web process and the guard process."),
    ("worker", "consentry.cli.worker:worker", "Send what waits, investigate reports, write the log."),
    ("doctor", "consentry.cli.doctor:doctor", "Say what is wrong with this installation and how to mend it."),
    ("screen", "consentry.cli.screen:screen", "Ask the guard about one request, or about a file of them (--batch)."),
    ("policy", "consentry.cli.policy:app", "Try a policy on its own examples, or print what it says."),
    ("hash", "consentry.cli.hash:hash_files", "Print the PDQ fingerprint and quality of picture files."),
    ("sign", "consentry.cli.sign:sign", "Give a picture a content credential with this installation's key."),
    ("inspect", "consentry.cli.inspect:inspect", "Show what a picture's content credential says and is worth."),
    ("match", "consentry.cli.match:match", "Compare a picture with a list of fingerprints."),
    ("audit", "consentry.cli.audit:app", "Check the log and receipts from its public files alone."),
    ("report", "consentry.cli.report:app", "Make a transparency report, or prove one from the log."),
    ("plan", "consentry.cli.plan:app", "Say by rule where a remediation plan stands."),
)
"""(name, where it is, one line of help)."""

BENCHES: tuple[tuple[str, str, str], ...] = (
    ("guard", "consentry.cli.bench_guard:bench_guard", "One 512 px edit through the whole guard."),
    ("audit", "consentry.cli.bench_audit:bench_audit", "Durable appends to the log, and proofs at a million entries."),
    ("start", "consentry.cli.bench_start:bench_start", "Memory of a warm guard, and time of --help."),
)
"""The same, under ``consentry bench``."""


def build_app() -> App:
    """The command line with every command, none of them imported yet."""
    app = App(name="consentry", help="Keeps real people's pictures theirs.", version=__version__)
    for name, place, line in COMMANDS:
        app.command(place, name=name, help=line)
    bench = App(name="bench", help="Measure on this machine; --json prints one flat object.")
    for name, place, line in BENCHES:
        bench.command(place, name=name, help=line)
    app.command(bench)
    return app


def main() -> None:
    """Run one command; its return value is the exit status."""
    from consentry.basics.errors import ConsentryError

    try:
        build_app()()
    except ConsentryError as error:
        print(error, file=sys.stderr)
        sys.exit(1)
