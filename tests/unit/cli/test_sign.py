"""``consentry sign`` and ``consentry inspect``: what one writes, the other reads."""

import json
from pathlib import Path

import pytest

from consentry.cli.inspect import inspect
from consentry.cli.sign import sign
from tests.fakes.image_upstream import picture


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A picture without a credential."""
    file = tmp_path / "photo.png"
    file.write_bytes(picture())
    return file


def test_what_is_signed_can_be_inspected(photo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = photo.with_name("signed.png")
    assert sign(photo, out, source=(photo,), keys=photo.parent / "keys", demo=True) == 0
    assert "DEMO key" in capsys.readouterr().err
    assert inspect(out, as_json=True) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["state"] == "well_formed_untrusted"
    assert inspect(out, as_json=True, trust=photo.parent / "keys/c2pa-es256.chain.pem") == 0
    assert json.loads(capsys.readouterr().out)["state"] == "trusted"


def test_a_file_is_never_overwritten_and_the_reason_is_said(photo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert sign(photo, photo, keys=photo.parent / "keys", demo=True) == 1
    assert photo.read_bytes() == picture()
    assert "Nothing was signed" in capsys.readouterr().err


def test_without_a_key_nothing_is_written(photo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = photo.with_name("signed.png")
    assert sign(photo, out, keys=photo.parent / "keys") == 1
    assert not out.exists()
    assert "c2pa-es256" in capsys.readouterr().err


def test_a_changed_file_is_invalid_and_an_unsigned_one_is_not(photo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert inspect(photo) == 0
    assert "proves nothing" in capsys.readouterr().out
    out = photo.with_name("signed.png")
    sign(photo, out, keys=photo.parent / "keys", demo=True)
    data = bytearray(out.read_bytes())
    data[data.rindex(b"IDAT") + 8] ^= 1
    out.write_bytes(data)
    assert inspect(out) == 1
    assert "not what was signed" in capsys.readouterr().out


def test_what_cannot_be_read_is_said_to_be_unread(photo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    photo.write_bytes(b"no picture")
    assert inspect(photo) == 2
    assert inspect(photo.with_name("missing.png")) == 2
    assert capsys.readouterr().err
