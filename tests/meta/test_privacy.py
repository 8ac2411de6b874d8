"""Every column of every table is classified for privacy and retention (docs/privacy.yaml), and erasure names it."""

import ast
from typing import Any

import pytest
import yaml
from django.apps import apps
from django.db.models import Model

from tests.meta.project import ROOT, SOURCE, tree

CLASSES = ("none", "pseudonym", "personal", "secret")
PAGE: dict[str, Any] = yaml.safe_load((ROOT / "docs" / "privacy.yaml").read_text(encoding="utf-8"))
TABLES: dict[str, dict[str, Any]] = PAGE["tables"]


def ours() -> list[type[Model]]:
    """Our own tables."""
    return list(apps.get_app_config("records").get_models())


def test_every_table_is_on_the_page_and_nothing_else_is() -> None:
    assert sorted(TABLES) == sorted(model.__name__ for model in ours())


def test_every_table_of_other_packages_is_on_the_page() -> None:
    labels = {model._meta.label for model in apps.get_models() if model._meta.app_label != "records"}
    assert labels - set(PAGE["others"]) == set()


def test_every_column_is_in_exactly_one_class() -> None:
    for model in ours():
        classified = [column for kind in CLASSES for column in TABLES[model.__name__].get(kind, [])]
        columns = [field.name for field in model._meta.concrete_fields]
        assert sorted(classified) == sorted(columns), model.__name__


@pytest.mark.parametrize("table", sorted(TABLES))
def test_every_table_says_how_long_it_is_kept(table: str) -> None:
    assert len(TABLES[table]["kept"]) > 5


@pytest.mark.parametrize("table", sorted(TABLES))
def test_every_personal_column_says_what_erases_it_and_that_does(table: str) -> None:
    erased_by = TABLES[table].get("erased_by", {})
    assert sorted(erased_by) == sorted(TABLES[table].get("personal", []))
    for column, by in erased_by.items():
        if not by.startswith("stays: "):
            assert column in names(by), f"{by} never mentions {table}.{column}"


def names(action: str) -> set[str]:
    """The attributes and keyword arguments that an action's code uses."""
    nodes = list(ast.walk(tree(SOURCE / "actions" / f"{action}.py")))
    attributes = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    return attributes | {node.arg for node in nodes if isinstance(node, ast.keyword) and node.arg}
