"""Words that must not stand in any file of the project: index addresses, paths of one machine, work put off."""

import re

from tests.meta.project import files, name

# Each pattern is written so that it does not match itself.
FORBIDDEN = {
    "a package index's address": r"pypi[.]org|files[.]pythonhosted|registry[.]npmjs|--(extra-)?index-url[ =]",
    "a path of one machine": r"(?<![\w./])/(work|root|home/\w+|Users/\w+)/\w",
    "work put off": r"\b(TO" + r"DO|FIX" + r"ME)\b|#.*\b(XX" + r"X|HA" + r"CK)\b|NotImplemented" + r"Error",
    "hollow text": r"lorem" + r" ipsum|\bplace" + r"holder text\b",
}
TEXT = {".py", ".md", ".html", ".css", ".js", ".yaml", ".yml", ".json", ".toml", ".txt", ".lock", ".po", ".svg", ""}


def test_no_file_has_a_forbidden_word() -> None:
    found = []
    for path in files():
        if path.suffix not in TEXT or path.name == "LICENSE":
            continue
        text = path.read_text(encoding="utf-8")
        for what, pattern in FORBIDDEN.items():
            found += [f"{name(path)}: {what}: {match[0]!r}" for match in re.finditer(pattern, text)]
    assert found == []


def test_the_patterns_find_what_they_are_for() -> None:
    examples = ["https://pypi" + ".org/simple", "see /ro" + "ot/x", "# TO" + "DO: later"]
    assert all(any(re.search(pattern, text) for pattern in FORBIDDEN.values()) for text in examples)
