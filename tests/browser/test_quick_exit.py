"""Quick exit leaves at once, clears what was typed, and the back button does not bring a page of ours back."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.static_site import Site, served

pytestmark = pytest.mark.browser

PAGE = """<!doctype html><html lang="en" data-exit-to="/elsewhere"><meta charset="utf-8"><title>Report</title>
<script src="/static/consentry/quick-exit.js"></script>
<h1>Private {number}</h1><form><input name="words"></form><a href="/two">next</a>
<a data-quick-exit rel="noreferrer" href="/elsewhere">Leave quickly</a></html>"""


@pytest.fixture
def site() -> Iterator[Site]:
    with served() as running:
        running.pages["/one"] = PAGE.replace("{number}", "one")
        running.pages["/two"] = PAGE.replace("{number}", "two")
        running.pages["/elsewhere"] = "<!doctype html><title>Weather</title><p>sunny</p>"
        yield running


@pytest.fixture
def page(chromium: Any, site: Site) -> Iterator[Any]:
    context = chromium.new_context()
    opened = context.new_page()
    opened.goto(f"{site.address}/one")
    opened.click("text=next")
    opened.wait_for_url("**/two")
    yield opened
    context.close()


def press_escape_twice(page: Any) -> None:
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")


def test_escape_twice_leaves_from_inside_a_field(page: Any) -> None:
    page.fill("input[name=words]", "my own words")
    page.focus("input[name=words]")
    press_escape_twice(page)
    page.wait_for_url("**/elsewhere")
    assert page.evaluate("history.length") == 2 + 1  # the empty tab, /one, and /elsewhere in the place of /two


def test_the_button_leaves(page: Any) -> None:
    page.click("[data-quick-exit]")
    page.wait_for_url("**/elsewhere")
    assert page.is_visible("text=sunny")


def test_the_back_button_does_not_bring_a_page_of_ours_back(page: Any, site: Site) -> None:
    press_escape_twice(page)
    page.wait_for_url("**/elsewhere")
    before = len([path for _, path, _, _ in site.requests if path == "/elsewhere"])
    page.evaluate("history.back()")
    page.wait_for_function("document.title === 'Weather'")
    page.wait_for_timeout(500)
    assert page.url.endswith("/elsewhere")
    assert len([path for _, path, _, _ in site.requests if path == "/elsewhere"]) > before
    assert "Private" not in page.content()


def test_coming_back_on_purpose_shows_the_page(page: Any, site: Site) -> None:
    press_escape_twice(page)
    page.wait_for_url("**/elsewhere")
    page.goto(f"{site.address}/one")
    assert page.is_visible("text=Private one")


def test_one_escape_or_two_slow_ones_stay(page: Any) -> None:
    page.keyboard.press("Escape")
    page.wait_for_timeout(1200)
    page.keyboard.press("Escape")
    page.wait_for_timeout(300)
    assert page.url.endswith("/two")


def test_without_script_the_button_is_a_link(chromium: Any, site: Site) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site.address}/two")
    page.click("[data-quick-exit]")
    page.wait_for_url("**/elsewhere")
    assert page.is_visible("text=sunny")
    context.close()
