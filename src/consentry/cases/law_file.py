"""Reads packaged YAML strictly: an unknown, missing or doubled key stops the program instead of meaning something.

Not done here: the meaning of the rules (``jurisdictions``), and any look at files outside the package.
"""

import hashlib
from collections.abc import Callable, Collection, Hashable, Mapping
from datetime import date
from enum import StrEnum
from importlib import resources
from typing import Any, NoReturn, TypeVar

import yaml

from consentry.cases.errors import LawDataError

Choice = TypeVar("Choice", bound=StrEnum)


class _OnceLoader(yaml.SafeLoader):
    """A safe loader that refuses a key given twice, which plain YAML loaders silently let win."""


def _mapping_once(loader: _OnceLoader, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
    seen: dict[Hashable, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in seen:
            raise yaml.constructor.ConstructorError(None, None, f"the key {key!r} stands twice", key_node.start_mark)
        seen[key] = loader.construct_object(value_node, deep=True)
    return seen


_OnceLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping_once)


def refuse(where: str, what: str) -> NoReturn:
    """Raise ``LawDataError``: data file ``where`` breaks a rule, ``what`` says which."""
    raise LawDataError(
        f"The data file {where} cannot be used: {what}.",
        not_done="No rule was loaded.",
        next_step="Mend the file as docs/spec/clocks.md describes.",
    )


def read(package: str, *path: str) -> bytes:
    """The bytes of one data file inside ``package``."""
    return resources.files(package).joinpath(*path).read_bytes()


def names(package: str, folder: str) -> list[str]:
    """The YAML files in a folder inside ``package``, in order of their names."""
    entries = resources.files(package).joinpath(folder).iterdir()
    return sorted(entry.name for entry in entries if entry.name.endswith(".yaml"))


def parse(where: str, text: bytes) -> dict[str, Any]:
    """One YAML mapping; ``LawDataError`` for anything else, for a doubled key, or for a key that is not text."""
    try:
        found = yaml.load(text, Loader=_OnceLoader)  # noqa: S506 - a SafeLoader subclass
    except yaml.YAMLError as trouble:
        refuse(where, f"it is not readable YAML ({trouble})")
    if not isinstance(found, dict):
        refuse(where, "it is not a mapping")
    return found


def exactly(where: str, table: Any, keys: Collection[str]) -> Mapping[str, Any]:
    """``table`` if it is a mapping with exactly ``keys``."""
    if not isinstance(table, dict):
        refuse(where, "a mapping was expected")
    wrong = set(table) ^ set(keys)
    if wrong:
        refuse(where, f"keys missing or unknown: {', '.join(sorted(map(str, wrong)))}")
    return table


def text(where: str, value: Any) -> str:
    """``value`` if it is text with something in it."""
    if not isinstance(value, str) or not value.strip():
        refuse(where, f"text was expected, not {value!r}")
    return value


def text_or_none(where: str, value: Any) -> str | None:
    """``value`` if it is text with something in it, or null."""
    return None if value is None else text(where, value)


def day(where: str, value: Any) -> date:
    """``value`` if it is a date (and not a time of day, which is a date too in Python)."""
    if type(value) is not date:
        refuse(where, f"a date was expected, not {value!r}")
    return value


def whole(where: str, value: Any) -> int:
    """``value`` if it is a whole number above 0 (and not true or false, which are numbers in Python)."""
    if type(value) is not int or value <= 0:
        refuse(where, f"a whole number above 0 was expected, not {value!r}")
    return value


def choice(where: str, value: Any, kind: type[Choice]) -> Choice:
    """The member of ``kind`` that ``value`` names."""
    if not isinstance(value, str) or value not in {item.value for item in kind}:
        refuse(where, f"{value!r} is not one of {', '.join(kind)}")
    return kind(value)


def listed(where: str, value: Any, each: Callable[[str, Any], str]) -> tuple[str, ...]:
    """``value`` if it is a list without repetitions, each item checked by ``each``."""
    if not isinstance(value, list):
        refuse(where, "a list was expected")
    items = tuple(each(where, item) for item in value)
    if len(set(items)) != len(items):
        refuse(where, "an item stands twice")
    return items


def digest(*parts: bytes) -> str:
    """SHA-256 in hex over the parts, each with its length before it."""
    total = hashlib.sha256()
    for part in parts:
        total.update(len(part).to_bytes(8))
        total.update(part)
    return total.hexdigest()
