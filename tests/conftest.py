"""What every test stands on: a settled environment, no network, and an honest account of what was skipped."""

import shutil
import subprocess
from collections.abc import Iterator

import pytest

from tests import network, skipped
from tests.environment import engine, prepare

prepare()
network.close()


@pytest.fixture(autouse=True)
def no_network() -> Iterator[None]:
    """Fails a test that tried to leave this machine, even when the code under test swallowed the refusal."""
    network.ATTEMPTS.clear()
    yield
    attempts = list(network.ATTEMPTS)
    network.ATTEMPTS.clear()
    assert not attempts, f"the test tried to reach {', '.join(attempts)}; tests may use loopback only"


@pytest.fixture(scope="session")
def database_engine() -> str:
    """``sqlite`` or ``postgresql``: what this run is on."""
    return engine()


@pytest.fixture(scope="session")
def japanese_font() -> str:
    """The name of an installed font that has Japanese; skips without one."""
    tool = shutil.which("fc-list")
    found = subprocess.run([tool, ":lang=ja", "family"], capture_output=True, text=True) if tool else None
    families = sorted(found.stdout.splitlines()) if found else []
    if not families:
        pytest.skip("no Japanese font on this machine")
    return families[0].split(",")[0]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests about the other database: skipped on SQLite (PostgreSQL can be had), left out on PostgreSQL."""
    if engine() == "postgresql":
        left_out = [item for item in items if item.get_closest_marker("sqlite")]
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=left_out)
        return
    for item in items:
        if item.get_closest_marker("postgres"):
            item.add_marker(pytest.mark.skip(reason="needs PostgreSQL, and this run is on SQLite"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was skipped and how to get it, or leave that to the run that called us."""
    reports = terminalreporter.stats.get("skipped", [])
    skipped.tell([skipped.reason(report.longrepr) for report in reports], terminalreporter.write_line)
