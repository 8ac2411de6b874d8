"""Who may do what: one list of permissions, roles as sets of them, one question.

Invariants: whoever acts is an ``Actor`` with a role; every action names the permission it needs; a role that is not
listed may do nothing. Objects (whose case, whose lane) are checked by the action beside this.
"""

from dataclasses import dataclass
from enum import StrEnum, auto

from consentry.basics.errors import ConsentryError


class Permission(StrEnum):
    """One thing that somebody may do. Named for the act, not for the page."""

    FILE_REPORT = auto()
    FOLLOW_OWN_REPORT = auto()
    ERASE_OWN_REPORT = auto()
    APPEAL_AS_REPORTER = auto()
    APPEAL_AS_UPLOADER = auto()
    FILE_IN_LANE = auto()
    FOLLOW_LANE_CASES = auto()
    SEE_DESK = auto()
    VIEW_PICTURE = auto()
    DECIDE_CASE = auto()
    DECIDE_APPEAL = auto()
    MANAGE_ACCESS = auto()
    SEE_NUMBERS = auto()
    EXPORT_DISCLOSURES = auto()
    SCREEN = auto()
    LOOK_UP_PICTURE = auto()
    MANAGE_BANKS = auto()
    RUN_SYSTEM = auto()


class Role(StrEnum):
    """Who somebody is to this installation."""

    ANONYMOUS = auto()
    REPORTER = auto()
    UPLOADER = auto()
    REVIEWER = auto()
    SENIOR_REVIEWER = auto()
    HOTLINE = auto()
    AUTHORITY = auto()
    REGULATOR = auto()
    AUDITOR = auto()
    ADMINISTRATOR = auto()
    PLATFORM = auto()
    SYSTEM = auto()


_REVIEW = frozenset({Permission.SEE_DESK, Permission.VIEW_PICTURE, Permission.DECIDE_CASE, Permission.SEE_NUMBERS})
_LANE = frozenset({Permission.FILE_IN_LANE, Permission.FOLLOW_LANE_CASES, Permission.SEE_NUMBERS})

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.ANONYMOUS: frozenset({Permission.FILE_REPORT}),
    Role.REPORTER: frozenset(
        {
            Permission.FILE_REPORT,
            Permission.FOLLOW_OWN_REPORT,
            Permission.ERASE_OWN_REPORT,
            Permission.APPEAL_AS_REPORTER,
        }
    ),
    Role.UPLOADER: frozenset({Permission.APPEAL_AS_UPLOADER}),
    Role.REVIEWER: _REVIEW,
    Role.SENIOR_REVIEWER: _REVIEW | {Permission.DECIDE_APPEAL, Permission.MANAGE_BANKS},
    Role.HOTLINE: _LANE,
    Role.AUTHORITY: _LANE,
    Role.REGULATOR: frozenset({Permission.SEE_NUMBERS}),
    Role.AUDITOR: frozenset({Permission.SEE_NUMBERS, Permission.EXPORT_DISCLOSURES}),
    Role.ADMINISTRATOR: frozenset({Permission.MANAGE_ACCESS, Permission.SEE_NUMBERS}),
    Role.PLATFORM: frozenset({Permission.SCREEN, Permission.LOOK_UP_PICTURE, Permission.APPEAL_AS_UPLOADER}),
    Role.SYSTEM: frozenset({Permission.RUN_SYSTEM, Permission.EXPORT_DISCLOSURES}),
}


class AccessDenied(ConsentryError):
    """The actor's role does not hold the permission that an action needs."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever does something: a role and a reference within that role (a row's id, never a name)."""

    role: Role
    ref: str = ""

    @property
    def label(self) -> str:
        """``role:ref``, as written into private log payloads."""
        return f"{self.role.value}:{self.ref}"

    def require(self, permission: Permission) -> None:
        """Return if the actor holds ``permission``; raise ``AccessDenied`` otherwise."""
        if not has_permission(self, permission):
            raise AccessDenied(
                f"The role {self.role.value} may not do this ({permission.value}).",
                not_done="Nothing was changed.",
                next_step="Ask an administrator for the role that may, or sign in as somebody else.",
            )


SYSTEM = Actor(Role.SYSTEM, "worker")
ANONYMOUS = Actor(Role.ANONYMOUS)


def has_permission(actor: Actor, permission: Permission) -> bool:
    """Whether ``actor`` may do ``permission``: the only place that answers this."""
    return permission in GRANTS.get(actor.role, frozenset())
