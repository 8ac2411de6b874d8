"""Columns that several tables share: random identifiers with a prefix, and choices from a ``StrEnum``."""

from enum import StrEnum
from functools import partial
from typing import Any

from django.db import models

from consentry.basics.ids import new_id


def id_column(prefix: str) -> "models.CharField[str, str]":
    """A primary key ``<prefix>_<26 characters>`` that tells neither time nor order."""
    return models.CharField(primary_key=True, max_length=40, default=partial(new_id, prefix), editable=False)


def choice_column(kind: type[StrEnum], **options: Any) -> "models.CharField[str, str]":
    """A text column that holds one value of ``kind``; pair it with ``allowed`` in the table's constraints."""
    return models.CharField(max_length=40, choices=[(item.value, item.value) for item in kind], **options)


def allowed(table: str, column: str, kind: type[StrEnum]) -> models.CheckConstraint:
    """The database itself refuses a value that ``kind`` does not have."""
    return models.CheckConstraint(
        condition=models.Q(**{f"{column}__in": [item.value for item in kind]}), name=f"{table}_{column}_known"
    )
