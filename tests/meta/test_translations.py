"""Every marked text has a Japanese translation, and the compiled catalogues are of the present text."""

from pathlib import Path

import polib
import pytest

from scripts import translations


def test_every_catalogue_is_complete() -> None:
    found = [line for path, texts in translations.marked().items() for line in translations.problems(path, texts)]
    assert found == []


def test_no_catalogue_lies_unused() -> None:
    assert set(translations.SOURCE.rglob("*.po")) - set(translations.marked()) == set()


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('{% translate "Send" %}', [(("", "Send"), "")]),
        ('{{ word|default:_("none") }}', [(("", "none"), "")]),
        ('{% translate "May" context "month" %}', [(("month", "May"), "")]),
        ("{% blocktranslate trimmed %}\n One\n 5%\n{% endblocktranslate %}", [(("", "One 5%%"), "")]),
        (
            "{% blocktranslate count n=n %}one{% plural %}{{ n }} many{% endblocktranslate %}",
            [(("", "one"), "%(n)s many")],
        ),
        ('{% comment %}{% translate "not this" %}{% endcomment %}', []),
    ],
)
def test_templates_are_read(source: str, expected: list[object]) -> None:
    assert list(translations.in_template(source)) == expected


def test_modules_are_read() -> None:
    source = '_("a" "b")\nx.gettext_lazy("c")\nngettext("one", "many", n)\npgettext("month", "May")\ngettext(name)\n'
    assert list(translations.in_python(source, "x.py")) == [
        (("", "ab"), ""),
        (("", "c"), ""),
        (("", "one"), "many"),
        (("month", "May"), ""),
    ]


def test_a_text_built_at_run_time_is_refused() -> None:
    with pytest.raises(translations.CannotTranslate, match=r"x\.py:1"):
        list(translations.in_python('_(f"hello {name}")', "x.py"))


def test_each_kind_of_fault_is_found(tmp_path: Path) -> None:
    path = tmp_path / "ja" / "LC_MESSAGES" / "django.po"
    texts = {("", text): translations.Marked(places={"a.py"}) for text in ("Open", "Sent to %(who)s", "Close")}
    translations.update(path, texts)
    catalogue = polib.pofile(str(path), wrapwidth=0)
    catalogue.find("Open").msgstr = "開く"
    catalogue.find("Sent to %(who)s").msgstr = "送信しました"
    catalogue.append(polib.POEntry(msgid="Gone", msgstr="なし"))
    catalogue.save()
    found = " ".join(translations.problems(path, texts))
    assert "nothing uses 'Gone'" in found
    assert "no translation of 'Close'" in found
    assert "other placeholders or tags than in 'Sent to %(who)s'" in found
    assert "the compiled catalogue is not of this text" in found
    assert "'Open'" not in found


def test_an_update_keeps_what_was_translated_and_compiles_it(tmp_path: Path) -> None:
    path = tmp_path / "django.po"
    texts = {("", "Open"): translations.Marked(places={"a.py"})}
    assert translations.update(path, texts) == ["Open"]
    catalogue = polib.pofile(str(path), wrapwidth=0)
    catalogue.find("Open").msgstr = "開く"
    catalogue.save()
    assert translations.update(path, texts) == []
    assert translations.problems(path, texts) == []
    assert polib.mofile(str(path.with_suffix(".mo"))).find("Open").msgstr == "開く"
