"""The guard's answer: allow, challenge or deny, with reasons that a person can read.

Invariants: a decision always carries at least one reason unless it allows; the strictest rule wins; whoever reads
``decision`` alone is safe, because everything unsure has already become ``deny``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from consentry.basics.ids import DecisionId, RequestId, Sha256Hex


class Outcome(StrEnum):
    """Ordered by strictness: ``ALLOW`` < ``CHALLENGE`` < ``DENY``."""

    ALLOW = "allow"
    CHALLENGE = "challenge"
    DENY = "deny"

    @property
    def severity(self) -> int:
        """0, 1 or 2: the larger is the stricter."""
        return ("allow", "challenge", "deny").index(self.value)


class OutputCheck(StrEnum):
    """How hard the output is looked at before it is released."""

    NORMAL = "normal"
    STRICT = "strict"


@dataclass(frozen=True, slots=True)
class Reason:
    """A stable machine ``code`` and one plain sentence in each language that we speak."""

    code: str
    en: str
    ja: str

    def message(self, language: str) -> str:
        """The sentence in Japanese for ``ja`` (and ``ja-*``), otherwise in English."""
        return self.ja if language.lower().split("-")[0] == "ja" else self.en


@dataclass(frozen=True, slots=True)
class PartRead:
    """Proof of reading (rule 14): which detectors saw a part, and how much of it.

    ``name`` is the field, ``digest`` the SHA-256 of the part's bytes, ``seen_by`` maps a detector's name to the
    number of frames (pictures) or characters (texts) that it read. An empty map means "saw nothing", not "clean".
    """

    name: str
    digest: Sha256Hex
    seen_by: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class GuardDecision:
    """One answer of the guard. ``policy`` is ``name@version``, ``policy_digest`` its SHA-256.

    ``signals`` are the named numbers that the policy saw: for staff and the library's caller, not for the public.
    """

    decision: Outcome
    output_check: OutputCheck
    reasons: tuple[Reason, ...]
    policy: str
    policy_digest: Sha256Hex
    request_id: RequestId
    decision_id: DecisionId
    signals: Mapping[str, float] = field(default_factory=dict, repr=False)
    parts: tuple[PartRead, ...] = ()
    rules: tuple[str, ...] = ()
    ms: float = 0.0

    @property
    def allowed(self) -> bool:
        """True only for ``ALLOW``: challenge and deny both stop the request."""
        return self.decision is Outcome.ALLOW
