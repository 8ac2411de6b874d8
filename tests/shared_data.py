"""Where the outside test data lies, if it is on this machine; tests that need it skip with a clear line."""

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"


def shared(relative: str) -> Path:
    """The path of an outside data file or folder; skips the calling test when it is absent."""
    path = SHARED / relative
    if not path.exists():
        pytest.skip(f"outside test data not on this machine: ../shared/{relative}")
    return path
