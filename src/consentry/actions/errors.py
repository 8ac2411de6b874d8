"""What an action refuses, and why.

::

    ActionRefused
    ├── NotFound          the thing does not exist, or is not the actor's: both say the same
    ├── NotAllowedNow     the rules do not permit this move in this state
    ├── Invalid           the input has problems, listed by field
    └── Conflict          somebody else was first
"""

from collections.abc import Mapping

from consentry.basics.errors import ConsentryError


class ActionRefused(ConsentryError):
    """An action that did nothing, on purpose."""


class NotFound(ActionRefused):
    """No such thing for this actor."""


class NotAllowedNow(ActionRefused):
    """The rules do not permit this here and now."""


class Invalid(ActionRefused):
    """The input cannot be used; ``problems`` maps a field to a stable code."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(
            f"Some fields cannot be used: {', '.join(f'{name} ({code})' for name, code in sorted(problems.items()))}.",
            not_done="Nothing was stored.",
            next_step="Correct them and send again.",
        )
        self.problems = dict(problems)


class Conflict(ActionRefused):
    """Somebody else did something first."""
