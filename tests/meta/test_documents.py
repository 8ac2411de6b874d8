"""Documents tell the truth about the project: links lead somewhere, commands exist, tests that are named exist."""

import re
from pathlib import Path

from tests.meta.project import ROOT, SOURCE, documents, name

LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")
MAKE = re.compile(r"`make ([a-z]+)")
TEST = re.compile(r"`(tests/[\w/.-]+)(?:::(\w+))?`")
COMMAND = re.compile(r"`consentry ([a-z]+)")


def prose(path: Path) -> str:
    """A page without its fenced code."""
    return re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)


def anchors(path: Path) -> set[str]:
    """The heading anchors of a page, as the usual renderers make them."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def test_every_link_inside_the_project_leads_somewhere() -> None:
    broken = []
    for page in documents():
        for target in (one or other for one, other in LINK.findall(prose(page))):
            if "://" in target or target.startswith("mailto:"):
                continue
            file, _, anchor = target.partition("#")
            path = page if not file else (page.parent / file).resolve()
            if not path.exists() or (anchor and path.suffix == ".md" and anchor not in anchors(path)):
                broken.append(f"{name(page)}: {target}")
    assert broken == []


def test_every_make_command_that_a_page_names_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {(name(page), target) for page in documents() for target in MAKE.findall(prose(page))}
    assert {pair for pair in named if pair[1] not in targets} == set()
    assert {target for _, target in named} >= {"demo", "test", "check"}


def test_the_help_lists_every_target() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", text, re.MULTILINE))
    assert set(re.findall(r'"make ([a-z]+) ', text)) | {"help"} == targets


def test_every_script_that_the_makefile_calls_exists() -> None:
    called = set(re.findall(r"scripts/\w+\.py", (ROOT / "Makefile").read_text(encoding="utf-8")))
    assert called
    assert {script for script in called if not (ROOT / script).exists()} == set()


def test_every_command_that_a_page_names_has_its_file() -> None:
    files = {path.stem.split("_")[0] for path in (SOURCE / "cli").rglob("*.py")}
    named = {(name(page), command) for page in documents() for command in COMMAND.findall(prose(page))}
    assert {pair for pair in named if pair[1] not in files} == set()


def test_every_test_that_a_page_names_exists() -> None:
    missing = []
    for page in documents():
        for file, test in TEST.findall(prose(page)):
            path = ROOT / file
            if not path.exists() or (test and f"def {test}(" not in path.read_text(encoding="utf-8")):
                missing.append(f"{name(page)}: {file}::{test}")
    assert missing == []


def test_every_decision_record_is_in_the_list() -> None:
    folder = ROOT / "docs" / "adr"
    listed = (folder / "README.md").read_text(encoding="utf-8")
    assert [path.name for path in sorted(folder.glob("0*.md")) if f"({path.name})" not in listed] == []
