"""Every package that we ship with has a licence that we can pass on; each exception has its reason."""

import re
from importlib.metadata import PackageNotFoundError, distribution

from tests.meta.test_locks import pins

FREE = re.compile(
    r"apache|\bbsd|\bmit\b|mit-cmu|isc|psf|python software|hpnd|mpl|mozilla|unlicense|public domain|zlib|0bsd|zpl|cnri",
    re.IGNORECASE,
)
COPYLEFT = re.compile(r"\b(a?gpl|lgpl|gnu|sspl|cc-by-nc|commercial|proprietary)", re.IGNORECASE)
EXCEPTIONS = {
    "psycopg": "LGPL-3.0: used unchanged as a separate library that the operator can replace",
    "psycopg-binary": "LGPL-3.0: as psycopg",
    "qrcode": "BSD; its second classifier only says that the words QR Code are somebody's trade mark",
}


def licence(package: str) -> str | None:
    """What the installed distribution says of itself, or None when it is not installed (another platform)."""
    try:
        metadata = distribution(package).metadata
    except PackageNotFoundError:
        return None
    expression = metadata.get("License-Expression") or ""
    classifiers = [text for text in metadata.get_all("Classifier") or [] if text.startswith("License ::")]
    short = (metadata.get("License") or "").strip().splitlines()[:1]
    return "; ".join([expression, *classifiers, *short]).strip("; ")


def test_every_package_has_a_licence_that_can_be_passed_on() -> None:
    said = {package: licence(package) for package in pins("demo")}
    odd = {
        package: text
        for package, text in said.items()
        if text is not None and package not in EXCEPTIONS and (COPYLEFT.search(text) or not FREE.search(text))
    }
    assert odd == {}


def test_every_exception_is_still_needed() -> None:
    assert set(EXCEPTIONS) - set(pins("demo")) == set()
    assert [package for package in EXCEPTIONS if not COPYLEFT.search(licence(package) or "LGPL")] == []
