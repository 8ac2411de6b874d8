"""The house keeps its shape: contracts name every package, names speak, nothing lies deep, the domain is pure."""

import ast
import tomllib

from tests.meta.project import DOMAIN, ROOT, SOURCE, name, tree

SAYS_NOTHING = {"utils", "util", "helpers", "helper", "common", "manager", "services", "misc"}
REACHES_OUT = {"open", "input", "print", "exec", "eval"}
DEEPEST = 3


def contracts() -> list[dict[str, object]]:
    """The import contracts of pyproject.toml."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        return list(tomllib.load(file)["tool"]["importlinter"]["contracts"])


def packages() -> set[str]:
    """The packages and modules right below ``consentry``."""
    folders = {path.parent.name for path in SOURCE.glob("*/__init__.py")}
    return folders | {path.stem for path in SOURCE.glob("*.py")} - {"__init__"}


def test_the_layers_name_every_package() -> None:
    layers = next(contract["layers"] for contract in contracts() if contract["type"] == "layers")
    assert isinstance(layers, list)
    named = {part.strip().removeprefix("consentry.") for layer in layers for part in layer.split("|")}
    assert packages() - named == set()


def test_the_purity_contract_names_every_domain_package() -> None:
    pure = next(contract for contract in contracts() if "pure" in str(contract["name"]))
    sources = pure["source_modules"]
    assert isinstance(sources, list)
    assert {f"consentry.{package}" for package in DOMAIN} == set(sources)


def test_no_contract_ignores_an_import() -> None:
    assert [contract["name"] for contract in contracts() if contract.get("ignore_imports")] == []


def test_domain_code_opens_nothing_by_itself() -> None:
    found = []
    for path in (path for package in DOMAIN for path in (SOURCE / package).rglob("*.py")):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {
                "open",
                "input",
                "print",
                "exec",
                "eval",
            }:
                found.append(f"{name(path)}:{node.lineno}")
    assert found == []


def test_domain_code_fetches_nothing() -> None:
    """Import-linter sees whole packages only, and of ``urllib`` the domain may parse addresses."""
    paths = [path for package in DOMAIN for path in (SOURCE / package).rglob("*.py")]
    text = {name(path): path.read_text(encoding="utf-8") for path in paths}
    assert [path for path, code in text.items() if "urllib.request" in code or "urllib import request" in code] == []


def test_file_names_say_what_is_inside() -> None:
    assert [name(path) for path in SOURCE.rglob("*.py") if path.stem in SAYS_NOTHING] == []


def test_modules_lie_at_most_three_folders_deep() -> None:
    depths = {name(path): len(path.relative_to(SOURCE).parts) - 1 for path in SOURCE.rglob("*.py")}
    assert {path: depth for path, depth in depths.items() if depth > DEEPEST} == {}
