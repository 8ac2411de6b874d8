"""Every text that a page shows is marked for translation: no letters outside a translate tag."""

import re
from html.parser import HTMLParser

import pytest
from django.template.base import Lexer, TokenType

from tests.meta.project import SOURCE, name

LETTERS = re.compile(r"[^\W\d_]{2,}")
SHOWN_ATTRIBUTES = {"alt", "title", "placeholder", "aria-label", "aria-description", "label"}
NOT_PROSE = {"script", "style", "code", "kbd", "samp"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
NAMES = {"Consentry", "PDQ", "SHA", "JSON", "CSV", "URL", "TOTP", "UTC", "ja", "en", "日本語", "English"}
"""Names that are the same in every language; each language is called by its own name."""


class Shown(HTMLParser):
    """Collects the text and the attributes of a page that a person reads."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Attributes are read; the inside of code, scripts and ``translate="no"`` is not."""
        given = dict(attrs)
        for attribute in SHOWN_ATTRIBUTES & set(given):
            self._note(given[attribute] or "")
        if tag == "input" and given.get("type") in {"submit", "button"}:
            self._note(given.get("value") or "")
        if tag not in VOID and (self._silent or tag in NOT_PROSE or given.get("translate") == "no"):
            self._silent.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Leave a silent element."""
        if self._silent and tag == self._silent[-1]:
            self._silent.pop()

    def handle_data(self, data: str) -> None:
        """Text between tags."""
        if not self._silent:
            self._note(data)

    def _note(self, text: str) -> None:
        words = [word for word in LETTERS.findall(text) if word not in NAMES]
        if words:
            self.found.append(" ".join(text.split())[:80])


def unmarked(template: str) -> list[str]:
    """The texts of a template that nobody marked; variables and translate tags are taken out first."""
    kept, until = [], ""
    for token in Lexer(template).tokenize():
        if until:
            until = "" if token.token_type is TokenType.BLOCK and token.contents == until else until
        elif token.token_type is TokenType.BLOCK:
            word, *rest = token.contents.split()
            if word in {"blocktranslate", "blocktrans", "comment", "verbatim"}:
                until = f"end{word}"
            elif word == "block" and rest[0].endswith("_class"):  # fills a class attribute, not the page
                until = "endblock"
        elif token.token_type is TokenType.TEXT:
            kept.append(token.contents)
    page = Shown()
    page.feed(re.sub(r"&\w+;", " ", "".join(kept)))
    return page.found


def test_every_text_of_every_template_is_marked() -> None:
    pages = sorted(SOURCE.rglob("templates/**/*.html"))
    assert [f"{name(path)}: {text}" for path in pages for text in unmarked(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize(
    "template",
    [
        "<p>Hello</p>",
        '<img alt="A picture">',
        '<input type="submit" value="Send">',
        "<p>{% translate 'Hello' %} there</p>",
        "<p>通報する</p>",
        "<code>{{ code }}</code> is wrong",
    ],
)
def test_an_unmarked_text_is_found(template: str) -> None:
    assert len(unmarked(template)) == 1


@pytest.mark.parametrize(
    "template",
    [
        "<p>{% translate 'Hello' %}, {{ name }}: 42 %</p>",
        "{% blocktranslate trimmed %}Hello <b>there</b>{% endblocktranslate %}",
        '<a href="/report?url={{ url }}" class="button primary">{% translate "Report" %}</a>',
        "{% comment %}Why this is so{% endcomment %}",
        "{% block main_class %}wide{% endblock %}",
        "<code>sha256</code><script>let x</script><span translate='no'>Nachtwacht</span>",
        "<title>Consentry</title><a lang='ja'>日本語</a>&nbsp;&mdash;",
    ],
)
def test_what_needs_no_mark_is_left_alone(template: str) -> None:
    assert unmarked(template) == []
