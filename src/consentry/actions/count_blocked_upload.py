"""A platform asked whether a picture must stay down, and it must: count it in the log."""

from consentry.access import Actor, Permission
from consentry.actions.context import Context
from consentry.actions.log import enter
from consentry.actions.transaction import action
from consentry.oversight.events import EventType
from consentry.records.platform import Platform

IDENTICAL = 0
"""Distance of a copy that counts as identical; others are near (DR-06: the two rates are published apart)."""


@action
def count_blocked_upload(ctx: Context, *, by: Actor, platform: Platform, distance: int) -> None:
    """Enter one ``bank.blocked`` event; nothing about the picture or who sent it is kept."""
    by.require(Permission.LOOK_UP_PICTURE)
    enter(
        ctx,
        EventType.BANK_BLOCKED,
        private={},
        platform=platform,
        rule="identical" if distance <= IDENTICAL else "near",
        route="upload",
    )
