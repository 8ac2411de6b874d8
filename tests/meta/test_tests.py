"""A test that cannot fail is a defect: each one asserts something, and none waits for a measured time."""

import ast
import re
from pathlib import Path

from tests.meta.project import ROOT, functions, name, tree

TESTS = ROOT / "tests"
SAYS_SO = re.compile(r"assert|expect|raises|fail|check|verify|wait_for", re.IGNORECASE)


def asserts(test: ast.AST, helpers: set[str]) -> bool:
    """Whether a test holds an assertion, or calls something of this module or by a name that does."""
    for node in ast.walk(test):
        if isinstance(node, ast.Assert | ast.Raise):
            return True
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if SAYS_SO.search(called) or called in helpers:
                return True
    return False


def hollow(path: Path) -> list[str]:
    """The tests of one file that can only pass."""
    module = tree(path)
    helpers = {
        function.name
        for function in functions(module)
        if not function.name.startswith("test") and any(isinstance(node, ast.Assert) for node in ast.walk(function))
    }
    tests = [function for function in functions(module) if function.name.startswith("test_")]
    return [f"{name(path)}:{test.lineno}: {test.name}" for test in tests if not asserts(test, helpers)]


def test_every_test_asserts_something() -> None:
    assert [line for path in TESTS.rglob("test_*.py") for line in hollow(path)] == []


def test_a_hollow_test_is_found(tmp_path: Path) -> None:
    source = "def test_nothing():\n    x = 1\n\ndef test_something():\n    assert 1 + 1 == 2\n"
    module = ast.parse(source)
    assert [asserts(function, set()) for function in functions(module)] == [False, True]


def test_unit_tests_lie_where_their_code_lies() -> None:
    source = ROOT / "src" / "consentry"
    folders = {path.parent.relative_to(TESTS / "unit") for path in (TESTS / "unit").rglob("test_*.py")}
    assert [folder.as_posix() for folder in folders if not (source / folder).is_dir()] == []
