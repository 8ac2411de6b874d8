"""The catalogue of sentences is complete in both languages, and every detail that the code uses is in it."""

import ast
from pathlib import Path
from string import Formatter

import pytest

from consentry.adapters.fetching.errors import REASONS
from consentry.adapters.upstreams.base import FAULTS
from consentry.proxy import errors
from consentry.proxy.errors import Overloaded, ProxyRefusal, messages

SOURCES = sorted(Path(errors.__file__).parent.glob("*.py"))


def constants(keyword: str, *functions: str) -> set[str]:
    """Every text that the proxy's code gives as ``keyword`` or as first argument of ``functions``."""
    found: set[str] = set()
    for node in [node for file in SOURCES for node in ast.walk(ast.parse(file.read_text("utf-8")))]:
        if isinstance(node, ast.keyword) and node.arg == keyword:
            found |= _texts(node.value)
        if isinstance(node, ast.Assign) and [getattr(one, "id", "") for one in node.targets] == [keyword]:
            found |= _texts(node.value)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in functions:
            at = functions.index(node.func.id)  # type: ignore[attr-defined]
            found |= set().union(*(_texts(one) for one in node.args[: at + 1][-1:]))
    return found


def _texts(node: ast.expr) -> set[str]:
    if isinstance(node, ast.IfExp):
        return _texts(node.body) | _texts(node.orelse)
    return {node.value} if isinstance(node, ast.Constant) and isinstance(node.value, str) else set()


def test_every_detail_is_translated() -> None:
    used = constants("why", "_malformed", "_refuse") | set(FAULTS) | set(REASONS)
    assert used <= set(messages()["_whys"]), used - set(messages()["_whys"])


@pytest.mark.parametrize("code", [code for code in messages() if not code.startswith("_")])
def test_every_sentence_is_there_twice_and_asks_for_the_same_facts(code: str) -> None:
    english, japanese = messages()[code]["en"], messages()[code]["ja"]
    facts = [{name for _, name, _, _ in Formatter().parse(text) if name} for text in (english, japanese)]
    assert facts[0] == facts[1]
    assert any("\u3040" <= letter <= "\u30ff" for letter in japanese)


def test_what_a_caller_wrote_is_shown_as_it_is_and_never_read_as_a_template() -> None:
    refusal = ProxyRefusal(400, "field_not_screened", param="{limit}", why="sent as {kind}", kind="{why}")
    assert "'{limit}'" in refusal.message("en")
    assert "sent as {why}" in refusal.message("en")
    assert Overloaded(3).retry_after == 3
