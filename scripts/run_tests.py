"""Every test that can run on this machine: all of them on SQLite, the integration tests on PostgreSQL as well.

Usage: ``.venv/bin/python scripts/run_tests.py [PYTEST ARGUMENTS]``. With arguments only those tests run, on SQLite.
With ``CONSENTRY_TEST_SKIP_NOTHING=1`` (set by CI) a test that was skipped makes the run fail.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from scripts import postgres_for_tests  # noqa: E402 - the project's own folder has to be on the path first
from tests import skipped  # noqa: E402

NO_TESTS = 5
ON_POSTGRESQL = ["tests/integration", "tests/migrations"]


def main() -> int:
    """Run, close with one paragraph about what was skipped, and return the exit status."""
    chosen = sys.argv[1:]
    if chosen:
        return _pytest(chosen, {})
    with tempfile.NamedTemporaryFile("r", encoding="utf-8", suffix=".txt") as notes:
        told = {skipped.FILE_VARIABLE: notes.name}
        print("== all tests, on SQLite", flush=True)
        worst = _pytest(["-m", "not postgres"], told)
        if postgres_for_tests.programs() is None:
            reasons = [postgres_for_tests.HOW_TO_GET_IT]
        else:
            reasons = []
            print("== tests of the application, on PostgreSQL", flush=True)
            with postgres_for_tests.server() as address:
                worst = max(worst, _pytest(ON_POSTGRESQL, {**told, postgres_for_tests.VARIABLE: address}))
        reasons += notes.read().splitlines()
    print(skipped.paragraph(reasons), flush=True)
    if reasons and os.environ.get("CONSENTRY_TEST_SKIP_NOTHING") == "1":
        print("Here nothing may be skipped, so this run failed.", file=sys.stderr)
        return max(worst, 1)
    return worst


def _pytest(arguments: list[str], environment: dict[str, str]) -> int:
    command = [sys.executable, "-m", "pytest", *arguments]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}).returncode


if __name__ == "__main__":
    sys.exit(main())
