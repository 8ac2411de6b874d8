"""A ledger in memory: knows fixed keys, keeps every verb's arguments in order, and can be told to fail."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from consentry.guard.output import OutputScreening
from consentry.guard.pipeline import Screening
from consentry.guard.request import ScreenRequest
from consentry.provenance.signing import ReleasedPicture
from consentry.proxy.ledger import Caller

KEY = "csk-platform"
KEY_WITHOUT_SUBJECT = "csk-plain"
KEY_WITHOUT_SCREEN = "csk-match-only"


@dataclass(frozen=True, slots=True)
class FakeCaller:
    """A caller with fixed scopes."""

    machine_id: str
    platform: str
    scopes: frozenset[str]


CALLERS = {
    KEY: FakeCaller("key_1", "plt_example", frozenset({"screen", "subject"})),
    KEY_WITHOUT_SUBJECT: FakeCaller("key_2", "plt_example", frozenset({"screen"})),
    KEY_WITHOUT_SCREEN: FakeCaller("key_3", "plt_example", frozenset({"match"})),
}


@dataclass
class MemoryLedger:
    """Implements ``proxy.ledger.Ledger``. ``failing`` names verbs that raise; ``suspended`` are subjects."""

    verbs: list[tuple[str, Any]] = field(default_factory=list)
    failing: set[str] = field(default_factory=set)
    suspended: set[str] = field(default_factory=set)

    def of(self, verb: str) -> list[Any]:
        """What was recorded with ``verb``."""
        return [given for name, given in self.verbs if name == verb]

    async def authenticate(self, bearer: str) -> FakeCaller | None:
        """The caller of a fixed key."""
        self._maybe_fail("authenticate")
        return CALLERS.get(bearer)

    async def may_ask(self, caller: Caller, subject: str) -> bool:
        """``False`` for suspended subjects."""
        return subject not in self.suspended

    async def record_screening(self, caller: Caller, request: ScreenRequest, screening: Screening) -> Mapping[str, Any]:
        """Keep request and screening."""
        self._keep("screening", (request, screening))
        return {"entry": screening.decision.decision_id, "by": "2026-01-01T00:01:00Z"}

    async def record_output(self, caller: Caller, screening: Screening, output: OutputScreening) -> Mapping[str, Any]:
        """Keep the output's verdict."""
        self._keep("output", output)
        return {"entry": f"{screening.decision.decision_id}/output"}

    async def record_fault(self, caller: Caller, screening: Screening, why: str) -> None:
        """Keep the fault."""
        self._keep("fault", why)

    async def record_release(self, caller: Caller, screening: Screening, released: Sequence[ReleasedPicture]) -> None:
        """Keep what leaves."""
        self._keep("release", tuple(released))

    def _keep(self, verb: str, given: Any) -> None:
        self._maybe_fail(verb)
        self.verbs.append((verb, given))

    def _maybe_fail(self, verb: str) -> None:
        if verb in self.failing:
            raise OSError("no space left on the disk")
