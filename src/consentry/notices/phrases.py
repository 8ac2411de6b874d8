"""Sentences behind codes, in English and Japanese: the only words that a letter can say beyond its own."""

from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from types import MappingProxyType
from typing import Any, NoReturn

import yaml

from consentry.notices.errors import LetterError, NoticeDataError

LANGUAGES = ("en", "ja")


def sentence(table: str, code: str, language: str) -> str:
    """The sentence for ``code`` of ``table`` in Japanese for ``ja`` (and ``ja-*``), otherwise in English."""
    found = phrases().get(table, {}).get(code)
    if found is None:
        raise LetterError(
            f"There is no sentence for a code of the table {table}.",
            not_done="Nothing was written.",
            next_step="Use one of the codes in notices/phrases.yaml.",
        )
    return found[spoken(language)]


def spoken(language: str) -> str:
    """``ja`` or ``en``, whichever of the two serves ``language``."""
    return "ja" if language.lower().split("-")[0] == "ja" else "en"


@lru_cache(maxsize=1)
def phrases() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """All tables: name -> code -> language -> sentence, checked."""
    tables = read_yaml("phrases.yaml")
    for table, codes in tables.items():
        if not isinstance(codes, dict) or not codes:
            refuse("phrases.yaml", f"the table {table} is empty")
        for code, words in codes.items():
            check_words(f"phrases.yaml: {table}.{code}", words)
    return MappingProxyType(tables)


def check_words(where: str, words: Any) -> None:
    """Pass when ``words`` has text in exactly our languages."""
    if not isinstance(words, dict) or set(words) != set(LANGUAGES):
        refuse(where, f"text in exactly {', '.join(LANGUAGES)} was expected")
    if not all(isinstance(text, str) and text.strip() for text in words.values()):
        refuse(where, "a text is empty")


def read_yaml(*path: str) -> dict[str, Any]:
    """One packaged YAML mapping of this package."""
    found = yaml.safe_load(resources.files("consentry.notices").joinpath(*path).read_bytes())
    if not isinstance(found, dict):
        refuse("/".join(path), "it is not a mapping")
    return found


def refuse(where: str, what: str) -> NoReturn:
    """Raise ``NoticeDataError``: data file ``where`` breaks a rule, ``what`` says which."""
    raise NoticeDataError(
        f"The data file {where} cannot be used: {what}.",
        not_done="No letter was loaded.",
        next_step="Mend the file.",
    )
