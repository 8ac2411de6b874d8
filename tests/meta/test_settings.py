"""Every setting is documented, and nothing is documented that is no setting."""

import re

from consentry.config import setting_names
from tests.meta.project import ROOT

PAGE = ROOT / "docs" / "operating.md"


def test_every_setting_is_in_the_table_and_nothing_else_is() -> None:
    rows = re.findall(r"^\| `(CONSENTRY_\w+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(rows) == sorted(setting_names())
