"""Every public name of a domain package says what it promises; every module says what it is."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.meta.project import DOMAIN, SOURCE, name, tree


def public(top: ast.Module | ast.ClassDef) -> Iterator[ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef]:
    """Public classes, functions and methods, not those inside functions."""
    for node in top.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from public(node)


def undocumented(path: Path) -> list[str]:
    """The names of one module that say nothing about themselves."""
    module = tree(path)
    nodes = [node for node in public(module) if ast.get_docstring(node) is None]
    missing = [] if ast.get_docstring(module) or not module.body else [f"{name(path)}: the module"]
    return missing + [f"{name(path)}:{node.lineno}: {node.name}" for node in nodes]


def test_domain_packages_are_documented() -> None:
    modules = [path for package in DOMAIN for path in (SOURCE / package).rglob("*.py")]
    assert modules
    assert [line for path in modules for line in undocumented(path)] == []


def test_every_other_module_says_what_it_is() -> None:
    modules = [path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts]
    assert [name(path) for path in modules if tree(path).body and not ast.get_docstring(tree(path))] == []
