"""The locks agree with each other, hold only hashed files, name no address, and cover what the code imports."""

import ast
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.meta.project import DOMAIN, ROOT, SOURCE, name, tree

LOCKS = ("core", "server", "demo", "dev")
NEVER = {"torch", "tensorflow", "nudenet", "insightface", "pymerkle", "pyvips-binary", "mediapipe", "litellm", "av"}
"""Licences that we cannot pass on, weights that are fetched at run time, or packages that pull such in (ADR 0006)."""

# Imported by the core only where an optional part is asked for; the message there says which extra to install.
OPTIONAL_IN_CORE = {"c2pa"}
LIBRARY = SOURCE / "wiring" / "core.py"


def pins(lock: str) -> dict[str, set[str]]:
    """Name -> versions (one for each range of Python versions) of a lock."""
    text = (ROOT / "requirements" / f"{lock}.lock").read_text(encoding="utf-8")
    found: dict[str, set[str]] = {}
    for package, version in re.findall(r"^([a-z0-9-]+)==([^ ;\\]+)", text, re.MULTILINE):
        found.setdefault(package, set()).add(version)
    return found


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_a_hash(lock: str) -> None:
    text = (ROOT / "requirements" / f"{lock}.lock").read_text(encoding="utf-8")
    blocks = re.split(r"^(?=[a-z0-9-]+==)", text, flags=re.MULTILINE)[1:]
    assert blocks
    assert [block.splitlines()[0] for block in blocks if "--hash=sha256:" not in block] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_no_lock_names_an_address(lock: str) -> None:
    assert "://" not in (ROOT / "requirements" / f"{lock}.lock").read_text(encoding="utf-8")


@pytest.mark.parametrize(("small", "large"), [("core", "server"), ("server", "demo"), ("demo", "dev")])
def test_a_package_has_one_version_in_all_locks(small: str, large: str) -> None:
    inner, outer = pins(small), pins(large)
    assert {package: versions for package, versions in inner.items() if outer.get(package) != versions} == {}


@pytest.mark.parametrize("lock", LOCKS)
def test_nothing_unwanted_comes_in(lock: str) -> None:
    assert NEVER & set(pins(lock)) == set()


def imported(path: Path) -> set[str]:
    """Top-level names of the outside packages that a module imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found.add((node.module or "").split(".")[0])
    return found - set(sys.stdlib_module_names) - {"consentry", "tests", "scripts", "examples"}


def closure(starts: list[Path]) -> set[Path]:
    """``starts`` and every module of ours that importing them imports."""
    found: set[Path] = set()
    waiting = list(starts)
    while waiting:
        path = waiting.pop()
        if path in found or not path.exists():
            continue
        found.add(path)
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("consentry"):
                base = SOURCE.parent.joinpath(*(node.module or "").split("."))
                waiting += [base.with_suffix(".py"), base / "__init__.py"]
                waiting += [base / f"{alias.name}.py" for alias in node.names]
    return found


def unlocked(paths: list[Path], lock: str, but: set[str]) -> list[str]:
    """Which imports of ``paths`` the lock does not provide."""
    provided, locked = packages_distributions(), set(pins(lock))
    found = []
    for path in paths:
        for module in imported(path) - but:
            owners = {re.sub(r"[-_.]+", "-", owner).lower() for owner in provided.get(module, [])}
            if not owners & locked:
                found.append(f"{name(path)}: {module} is in no package of {lock}.lock")
    return found


def test_the_application_imports_only_what_its_lock_has() -> None:
    assert unlocked(sorted(SOURCE.rglob("*.py")), "demo", set()) == []


def test_the_default_install_has_what_the_library_imports() -> None:
    domain = [path for package in DOMAIN for path in (SOURCE / package).rglob("*.py")]
    assert unlocked(sorted(closure([*domain, LIBRARY])), "core", OPTIONAL_IN_CORE) == []


def test_the_library_needs_no_django() -> None:
    modules = {module for path in closure([LIBRARY]) for module in imported(path)}
    assert modules & {"django", "ninja", "allauth", "starlette", "psycopg"} == set()
