"""Every gate that needs no running system, one after another, with one table at the end.

Usage: ``.venv/bin/python scripts/check.py [NAME...]`` (``make check``). Stops at nothing, so that one run shows all.
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
GATES: dict[str, list[str]] = {
    "style": ["-m", "ruff", "check", "."],
    "format": ["-m", "ruff", "format", "--check", "--quiet", "."],
    "types": ["-m", "mypy"],
    "imports": ["-c", "from importlinter.cli import lint_imports_command as main; main()", "--no-cache"],
    "translations": ["scripts/translations.py", "check"],
    "migrations": ["-m", "django", "makemigrations", "--check", "--dry-run", "--settings", "consentry.wiring.settings"],
    "lists": ["-m", "pytest", "tests/meta"],
}


def main() -> int:
    """Run the gates named on the command line, or all; returns 1 when one failed."""
    chosen = sys.argv[1:] or list(GATES)
    unknown = [name for name in chosen if name not in GATES]
    if unknown:
        print(f"No such gate: {', '.join(unknown)}. There are: {', '.join(GATES)}.", file=sys.stderr)
        return 2
    data = ROOT / "build" / "check"
    data.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "CONSENTRY_DATA_DIR": str(data)}
    results = {}
    for name in chosen:
        print(f"== {name}", flush=True)
        results[name] = subprocess.run([PYTHON, *GATES[name]], cwd=ROOT, env=environment).returncode
    print()
    for name, status in results.items():
        print(f"{name:14}{'ok' if status == 0 else 'FAILED'}")
    return int(any(results.values()))


if __name__ == "__main__":
    sys.exit(main())
