"""The installation's own Django settings, read after the test environment is settled; the database is a real file."""

from tests.environment import engine, prepare

_FOLDER = prepare()

from consentry.wiring.settings import *  # noqa: E402, F403 - the environment comes first, and every setting is wanted
from consentry.wiring.settings import DATABASES  # noqa: E402

if engine() == "sqlite":
    # In memory SQLite has no journal and no second connection: neither durability nor locking would be tested.
    DATABASES["default"]["TEST"] = {"NAME": str(_FOLDER / "test.sqlite3")}
