"""Resolve ``requirements/*.lock`` anew with uv: exact versions, hashes of every file, no addresses.

Usage: ``python3 scripts/lock.py`` (``make lock``). The widest lock is made first; the others are cut from it, so that
a package has one version in all of them. Not done here: installing (``install.py``).
"""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMMAND = [
    *("uv", "pip", "compile", "pyproject.toml", "--quiet", "--universal", "--python-version", "3.11"),
    *("--generate-hashes", "--no-emit-index-url", "--no-header", "--group", "build"),
]
WIDEST = "requirements/dev.lock"
PARTS = {
    WIDEST: ["--extra", "demo", "--group", "dev"],
    "requirements/demo.lock": ["--extra", "demo", "-c", WIDEST],
    "requirements/server.lock": ["--extra", "server", "-c", WIDEST],
    "requirements/core.lock": ["-c", WIDEST],
}


def main() -> int:
    """Write every lock; returns the exit status."""
    if shutil.which("uv") is None:
        print("uv is not installed, so no lock was changed. It is on the package index as 'uv'.", file=sys.stderr)
        return 1
    (ROOT / "requirements").mkdir(exist_ok=True)
    for output, options in PARTS.items():
        subprocess.run([*COMMAND, *options, "--output-file", output], cwd=ROOT, check=True)
        print(output, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
