"""What makes a function an action: keyword-only after the context, and all of it or nothing."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from django.db import transaction

from consentry.actions.context import Context

P = ParamSpec("P")
T = TypeVar("T")


def action(function: Callable[Concatenate[Context, P], T]) -> Callable[Concatenate[Context, P], T]:
    """Run ``function(ctx, ...)`` in one transaction: its rows, its log entry and its outbox rows appear together.

    Inside a group commit it becomes a savepoint of the writer's transaction.
    """

    @wraps(function)
    def run(ctx: Context, /, *args: P.args, **kwargs: P.kwargs) -> T:
        with transaction.atomic():
            return function(ctx, *args, **kwargs)

    return run
