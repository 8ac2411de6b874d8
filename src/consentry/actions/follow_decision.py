"""What follows when a picture goes or comes back: orders, bank, strike, letters. Used by decisions and by rulings."""

from consentry.access import Actor
from consentry.actions.case_steps import tell
from consentry.actions.context import Context
from consentry.actions.keep_banks import bank_picture, unbank_picture
from consentry.actions.log import enter_for_case
from consentry.actions.strike_account import standing_of, strike_account, withdraw_strike
from consentry.actions.tell_platform import order_remove, order_restore, send_letter, timestamp
from consentry.actions.write_letters import removal_letter
from consentry.cases.register import Register, may_bank
from consentry.oversight.buckets import bucket_of
from consentry.oversight.events import EventType
from consentry.records.case import Case
from consentry.records.case_decision import CaseDecision


def take_down(ctx: Context, case: Case, decision: CaseDecision, *, by: Actor) -> None:
    """Order the removal, bank our fingerprint, strike the account, and tell the uploader why and how to appeal."""
    order_remove(ctx, case, keep_until=decision.appeal_until, cause=decision.pk)
    if may_bank(Register(case.register)) and bank_picture(ctx, case=case, decision=decision) is not None:
        tell(ctx, case, "banked", by=by, public=False)
    standing = "clear"
    if case.account_ref:
        strike_account(ctx, case=case, decision=decision)
        standing = standing_of(ctx, platform=case.platform, account_ref=case.account_ref).rung.value
    send_letter(
        ctx,
        case,
        kind="statement_of_reasons",
        letter=removal_letter(ctx, case=case, decision=decision, standing=standing),
        cause=decision.pk,
        appeal={"token": decision.appeal_token, "until": timestamp(decision.appeal_until)},
    )


def bring_back(ctx: Context, case: Case, decision: CaseDecision, *, by: Actor, basis: str, rule: str) -> None:
    """Order the picture back and undo what rested on ``decision``: bank entry and strike, where there are any."""
    order_restore(ctx, case, basis=basis, cause=f"{decision.pk}:{rule}")
    unbank_picture(ctx, case=case, decision=decision)
    withdraw_strike(ctx, case=case, decision=decision)
    now = ctx.clock.now()
    entered = enter_for_case(
        ctx,
        EventType.CASE_RESTORED,
        case,
        private={"decision": decision.pk},
        lane=case.lane,
        rule=rule,
        duration=bucket_of(now - (case.hidden_at or now)),
    )
    tell(ctx, case, "restored", by=by, entry=entered.entry)
