"""Where the tests live: a throw-away data folder and a chosen database, settled before any setting is read.

Invariants: no ``CONSENTRY_*`` variable of the caller's shell reaches a test, except ``CONSENTRY_TEST_DATABASE``
(``sqlite``, the default, or ``postgresql://user@host:port/name``); child processes of a test inherit the same.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

DATABASE_VARIABLE = "CONSENTRY_TEST_DATABASE"


def database() -> str:
    """The database that this run is on, as ``CONSENTRY_DATABASE`` wants it."""
    return os.environ.get(DATABASE_VARIABLE, "") or "sqlite"


def engine() -> str:
    """``sqlite`` or ``postgresql``."""
    return database().split(":", 1)[0]


def prepare() -> Path:
    """Set the environment of this run and return its data folder; a second call changes nothing."""
    made = os.environ.get("CONSENTRY_DATA_DIR", "")
    if os.environ.get("_CONSENTRY_TESTS_PREPARED_BY") == str(os.getpid()):
        return Path(made)
    for name in [name for name in os.environ if name.startswith("CONSENTRY_") and not _about_tests(name)]:
        del os.environ[name]
    folder = Path(tempfile.mkdtemp(prefix="consentry-tests-"))
    os.environ["CONSENTRY_DATA_DIR"] = str(folder)
    os.environ["CONSENTRY_DATABASE"] = database()
    os.environ["CONSENTRY_DEMO"] = "0"
    os.environ["CONSENTRY_SECRET_KEY"] = "a key for tests only, which everybody may know, 0123456789"
    os.environ["_CONSENTRY_TESTS_PREPARED_BY"] = str(os.getpid())
    atexit.register(_forget, folder, os.getpid())
    return folder


def _about_tests(name: str) -> bool:
    return name.startswith("CONSENTRY_TEST_")


def _forget(folder: Path, owner: int) -> None:
    if os.getpid() == owner:  # a forked child must not take its parent's folder away
        shutil.rmtree(folder, ignore_errors=True)
