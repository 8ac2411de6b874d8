"""Put a fingerprint into the stay-down bank after a person's decision, and take it out when the decision falls.

Invariants (rule 5): only the fingerprint that we computed from the platform's own bytes, only with good quality, only
with the decision that it rests on. Every change moves ``BankRevision``, by which all processes notice it.
"""

from django.db.models import F

from consentry.actions.context import Context
from consentry.actions.log import enter_for_case
from consentry.basics.ids import PdqHex
from consentry.matching.bank import check_bankable
from consentry.matching.errors import NotBankable
from consentry.oversight.events import EventType
from consentry.records.bank import Bank, BankEntry, BankRevision
from consentry.records.case import Case
from consentry.records.case_decision import CaseDecision

STAY_DOWN = "STAY_DOWN"


def bank_picture(ctx: Context, *, case: Case, decision: CaseDecision) -> BankEntry | None:
    """Bank the case's own fingerprint; ``None`` when we have none, or it is too poor or too common to act on."""
    quality = case.server_quality or 0
    if not case.server_pdq:
        return None
    try:
        check_bankable(PdqHex(case.server_pdq), quality)
    except NotBankable:
        return None
    bank, _ = Bank.objects.get_or_create(name=STAY_DOWN)
    entry, made = BankEntry.objects.get_or_create(
        bank=bank,
        pdq=case.server_pdq,
        removed_at=None,
        defaults={"quality": quality, "decision": decision, "created_at": ctx.clock.now()},
    )
    if made:
        _moved()
        enter_for_case(ctx, EventType.BANK_ADDED, case, private={"decision": decision.pk}, rule="stay_down", body=None)
    return entry


def unbank_picture(ctx: Context, *, case: Case, decision: CaseDecision) -> int:
    """Take out what rested on ``decision`` alone; how many entries went."""
    gone = BankEntry.objects.filter(decision=decision, removed_at__isnull=True).update(removed_at=ctx.clock.now())
    if gone:
        _moved()
        enter_for_case(
            ctx, EventType.BANK_REMOVED, case, private={"decision": decision.pk}, rule="overturned", body=None
        )
    return gone


def _moved() -> None:
    BankRevision.objects.get_or_create(pk=1)
    BankRevision.objects.filter(pk=1).update(number=F("number") + 1)
