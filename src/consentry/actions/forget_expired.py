"""Delete what was kept for a stated time, once that time is over."""

from consentry.access import Actor, Permission
from consentry.actions.context import Context
from consentry.actions.transaction import action
from consentry.records.remembered_picture import RememberedPicture

MOST = 1000


@action
def forget_expired(ctx: Context, *, by: Actor) -> int:
    """Delete up to ``MOST`` remembered fingerprints whose time is over; how many there were."""
    by.require(Permission.RUN_SYSTEM)
    over = RememberedPicture.objects.filter(expires_at__lte=ctx.clock.now()).order_by("expires_at")
    gone, _ = RememberedPicture.objects.filter(pk__in=list(over.values_list("pk", flat=True)[:MOST])).delete()
    return gone
