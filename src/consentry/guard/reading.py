"""What a reading finds: scores by meaning, with the words that led to them.

Invariants: scores only grow (the strictest sentence counts, so harmless padding never dilutes an offence); every
score names the lexicon entry behind it. Not done here: languages (``reading_en``, ``reading_ja``), thresholds
(the policy's).
"""

from dataclasses import dataclass, field

from consentry.guard.outfit import Exposure

MEANINGS = ("undress", "sexual", "swimwear", "body_shape", "kiss", "head_cover")
"""The meanings that may need a refusal or a person's consent."""

CUES = ("person", "real_person", "no_person", "self", "shop", "minor", "evasion")
"""What else the words tell about the request."""


@dataclass(slots=True)
class Findings:
    """Scores between 0 and 1 by meaning and cue, and the ids of the lexicon entries behind them."""

    scores: dict[str, float] = field(default_factory=lambda: dict.fromkeys(MEANINGS + CUES, 0.0))
    matched: dict[str, None] = field(default_factory=dict)

    def raise_to(self, name: str, score: float, because: str) -> None:
        """Let ``name`` be at least ``score``, because of the entry or rule ``because``."""
        if score > 0.0:
            self.scores[name] = max(self.scores[name], score)
            self.matched[f"{name}: {because}"] = None

    def expose(self, exposure: Exposure, because: str, *, weight: float = 1.0) -> None:
        """Take over the arithmetic's result, times ``weight``."""
        self.raise_to("undress", exposure.undress * weight, because)
        self.raise_to("swimwear", exposure.swimwear * weight, because)
        self.raise_to("head_cover", exposure.head * weight, because)

    def join(self, other: "Findings") -> None:
        """Take over whatever is stricter in ``other``."""
        for name, score in other.scores.items():
            self.scores[name] = max(self.scores[name], score)
        self.matched.update(other.matched)

    @property
    def gravest(self) -> float:
        """The largest score of any meaning."""
        return max(self.scores[name] for name in MEANINGS)
