"""``consentry hash`` and ``consentry match`` on drawn pictures."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from consentry.cli.hash import hash_files
from consentry.cli.match import match
from examples.pictures.drawn import portrait
from examples.pictures.scenes import landscape
from tests.factories.picture_files import encoded


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    pictures = {
        "portrait.png": encoded(Image.fromarray(portrait(0)), "PNG"),
        "again.jpg": encoded(Image.fromarray(portrait(0)).resize((300, 300)), "JPEG", quality=50),
        "mirror.png": encoded(Image.fromarray(np.ascontiguousarray(portrait(0)[:, ::-1])), "PNG"),
        "scene.png": encoded(Image.fromarray(landscape(0)), "PNG"),
        "grey.png": encoded(Image.new("RGB", (200, 200), (128, 128, 128)), "PNG"),
        "broken.png": b"\x89PNG\r\n\x1a\n",
    }
    for name, data in pictures.items():
        (tmp_path / name).write_bytes(data)
    return {name: tmp_path / name for name in pictures}


def test_hash_prints_a_line_a_file_and_says_which_was_not_read(
    files: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert hash_files(files["portrait.png"], files["broken.png"], files["grey.png"]) == 1
    out, err = capsys.readouterr()
    lines = [line.split() for line in out.splitlines()]
    assert [(len(one[0]), Path(one[2]).name) for one in lines] == [(64, "portrait.png"), (64, "grey.png")]
    assert int(lines[0][1]) >= 50 > int(lines[1][1])
    assert "broken.png" in err
    assert hash_files() == 1


def test_match_finds_copies_and_turned_copies_only(
    files: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert hash_files(files["portrait.png"], files["scene.png"]) == 0
    hashes = tmp_path / "hashes.txt"
    hashes.write_text(capsys.readouterr().out, encoding="utf-8")
    for name in ("again.jpg", "mirror.png"):
        assert match(files[name], against=hashes) == 0
        (line,) = capsys.readouterr().out.splitlines()
        assert line.split()[1] == "1"
    hashes.write_text(hashes.read_text("utf-8").splitlines()[1], encoding="utf-8")
    assert match(files["again.jpg"], against=hashes) == 1


@pytest.mark.parametrize("name", ["grey.png", "broken.png"])
def test_a_question_without_an_answer_is_neither_match_nor_miss(
    name: str, files: dict[str, Path], tmp_path: Path
) -> None:
    hashes = tmp_path / "hashes.txt"
    hashes.write_text("ab" * 32, encoding="utf-8")
    assert match(files[name], against=hashes) == 2
    hashes.write_text("no hash", encoding="utf-8")
    assert match(files["portrait.png"], against=hashes) == 2
