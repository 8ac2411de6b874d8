"""The page on pictures states every limit and every format as the code has them."""

import re
from dataclasses import asdict
from pathlib import Path

from consentry.guard.containers import ACCEPTED
from consentry.guard.limits import Limits

PAGE = Path(__file__).resolve().parents[3] / "docs" / "spec" / "pictures.md"


def test_the_page_states_every_limit() -> None:
    rows = re.findall(r"^\| `(\w+)`[^|]*\| ([\d.]+) \|", PAGE.read_text("utf-8"), re.MULTILINE)
    assert {name: float(value) for name, value in rows} == {name: float(one) for name, one in asdict(Limits()).items()}


def test_the_page_lists_every_format() -> None:
    rows = re.findall(r"^\| ([A-Z]+) \| (image/\w+) \|", PAGE.read_text("utf-8"), re.MULTILINE)
    assert dict(rows) == ACCEPTED
