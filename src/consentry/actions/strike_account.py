"""A strike for an account whose picture was removed, and its withdrawal when the removal falls."""

from consentry.actions.context import Context
from consentry.actions.log import enter_for_case
from consentry.actions.tell_platform import tell_strike, tell_strike_withdrawn
from consentry.cases.strikes import Standing, load_ladder, standing
from consentry.cases.strikes import Strike as StrikeValue
from consentry.oversight.events import EventType
from consentry.records.case import Case
from consentry.records.case_decision import CaseDecision
from consentry.records.platform import Platform
from consentry.records.strike import Strike


def standing_of(ctx: Context, *, platform: Platform, account_ref: str) -> Standing:
    """Where an account stands now on the published ladder."""
    rows = Strike.objects.filter(platform=platform, account_ref=account_ref)
    values = [StrikeValue(row.issued_at, row.withdrawn_at) for row in rows]
    return standing(values, ctx.clock.now())


def strike_account(ctx: Context, *, case: Case, decision: CaseDecision) -> Strike:
    """One strike for one decision, told to the platform with the step of the ladder that it reaches."""
    now = ctx.clock.now()
    strike, made = Strike.objects.get_or_create(
        decision=decision,
        defaults={
            "platform": case.platform,
            "account_ref": case.account_ref,
            "issued_at": now,
            "expires_at": now + load_ladder().expires_after,
        },
    )
    if made:
        rung = standing_of(ctx, platform=case.platform, account_ref=case.account_ref).rung.value
        enter_for_case(ctx, EventType.STRIKE_ISSUED, case, private={"strike": strike.pk}, rule=rung, body=None)
        tell_strike(ctx, case, strike_id=strike.pk, level=rung, expires_at=strike.expires_at)
    return strike


def withdraw_strike(ctx: Context, *, case: Case, decision: CaseDecision) -> None:
    """Take back the strike that rests on ``decision``, if there is one in force."""
    strike = Strike.objects.filter(decision=decision, withdrawn_at__isnull=True).first()
    if strike is None:
        return
    strike.withdrawn_at = ctx.clock.now()
    strike.save(update_fields=["withdrawn_at"])
    enter_for_case(
        ctx, EventType.STRIKE_WITHDRAWN, case, private={"strike": strike.pk}, rule="decision_overturned", body=None
    )
    tell_strike_withdrawn(ctx, case, strike_id=strike.pk)
