"""What every action is given: the clock, the log's promise key, the rules at work. Built once by ``wiring``."""

from dataclasses import dataclass
from datetime import timedelta

from consentry.audit.note import Signer
from consentry.basics.clock import Clock
from consentry.cases.clocks import Installation
from consentry.cases.jurisdictions import RuleBook


@dataclass(frozen=True, slots=True)
class Context:
    """Everything an action needs besides its own arguments and the database.

    ``origin`` names the log, ``promise_signer`` signs promises for it, due ``promise_within`` from now.
    ``receipt_pepper`` goes into the slow hash of receipt secrets. ``public_url`` is the portal's address.
    """

    clock: Clock
    origin: str
    promise_signer: Signer
    promise_within: timedelta
    rules: RuleBook
    installation: Installation
    receipt_pepper: bytes
    public_url: str
