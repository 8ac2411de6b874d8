"""``consentry policy``: exit status 0 only when every example agrees."""

from pathlib import Path

import pytest

from consentry.cli.policy import explain, try_examples
from consentry.guard.policy import house_policy_bytes


def test_the_house_policy_agrees_with_itself(capsys: pytest.CaptureFixture[str]) -> None:
    assert try_examples() == 0
    assert "examples agree" in capsys.readouterr().out


def test_one_example_that_differs_is_a_failure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = house_policy_bytes().decode()
    assert text.count("expect: allow") > 1
    file = tmp_path / "policy.yaml"
    file.write_text(text.replace("expect: allow", "expect: deny", 1), "utf-8")
    assert try_examples(file) == 1
    assert "differs" in capsys.readouterr().out


@pytest.mark.parametrize("text", ["", "name: x", "\ud7ff: [", "name: a\nversion: '1'\nsignals: []\nrules: []\n"])
def test_what_does_not_load_is_told_in_words(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text(text, "utf-8")
    assert try_examples(file) == 1
    assert explain(file) == 1
    assert "policy" in capsys.readouterr().err.lower()


def test_a_policy_without_examples_was_not_tried(tmp_path: Path) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text(house_policy_bytes().decode().split("\nexamples:")[0], "utf-8")
    assert try_examples(file) == 1


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    assert try_examples(tmp_path / "absent.yaml") == 1


def test_explain_prints_every_rule(capsys: pytest.CaptureFixture[str]) -> None:
    assert explain() == 0
    assert "text_undress" in capsys.readouterr().out
