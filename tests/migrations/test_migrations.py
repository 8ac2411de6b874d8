"""Migrations say what the tables say, lead from nothing to the newest state, and each later one is tried with data."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests.meta.project import SOURCE

MIGRATIONS = SOURCE / "records" / "migrations"


def numbers() -> list[str]:
    """``0001`` and so on."""
    return sorted(path.stem[:4] for path in MIGRATIONS.glob("0*.py"))


@pytest.mark.django_db
def test_no_table_has_changed_without_a_migration() -> None:
    said = StringIO()
    call_command("makemigrations", "records", check_changes=True, dry_run=True, stdout=said)
    assert "No changes detected" in said.getvalue()


@pytest.mark.django_db
def test_an_empty_database_comes_to_the_newest_state() -> None:
    executor = MigrationExecutor(connection)
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []
    assert "records_logentry" in connection.introspection.table_names()


def test_migrations_follow_each_other() -> None:
    assert numbers() == [f"{number:04}" for number in range(1, len(numbers()) + 1)]


def test_every_migration_after_the_first_is_tried_with_data() -> None:
    tests = {path.stem[5:9] for path in Path(__file__).parent.glob("test_[0-9]*.py")}
    assert set(numbers()[1:]) - tests == set()
