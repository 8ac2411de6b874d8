"""The closing paragraph names everything that was not tested, and how to get it."""

from pathlib import Path

import pytest

from tests import skipped


def test_nothing_skipped_is_said() -> None:
    assert skipped.paragraph([]) == "Nothing was skipped."


def test_each_kind_is_counted_and_told_with_the_way_to_get_it() -> None:
    text = skipped.paragraph(
        [
            "chromium is not installed: apt-get install chromium",
            "chromium is not installed: apt-get install chromium",
            "outside test data not on this machine: ../shared/vectors/pdq",
            "no Japanese font on this machine",
        ]
    )
    assert "2 browser tests (chromium: apt-get install chromium)" in text
    assert "1 tests against outside data (../shared" in text
    assert "fonts-noto-cjk" in text


def test_an_unknown_cause_is_told_in_full() -> None:
    assert "the moon is full" in skipped.paragraph(["the moon is full"])


def test_a_calling_run_gets_the_reasons_instead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "notes.txt"
    monkeypatch.setenv(skipped.FILE_VARIABLE, str(file))
    said: list[str] = []
    skipped.tell(["no Japanese font on this machine"], said.append)
    assert (file.read_text(encoding="utf-8"), said) == ("no Japanese font on this machine\n", [])
