"""What the output check needs to know of the request, and what it answers.

Invariants: an output context is plain values, can be stored as JSON and read back by another process; one that
cannot be read denies. An output that is no readable picture is the upstream's fault, never a strike (rule 14).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from consentry.basics.ids import DecisionId, PdqHex, RequestId
from consentry.guard.decision import GuardDecision, OutputCheck
from consentry.guard.picture import Picture

CONTEXT_VERSION = 1


@dataclass(frozen=True, slots=True)
class OutputContext:
    """What was known when the request was allowed.

    ``root_exposure`` (0-1) and ``root_pdq`` are of the first picture of the lineage, ``None`` without an input
    picture; ``inputs_faces`` is the best face score (0-1) over the inputs; ``signals`` are all signals of the request.
    """

    request_id: RequestId
    decision_id: DecisionId
    route: str
    person: str
    subject_known: bool
    output_check: str
    root_exposure: float | None
    root_pdq: PdqHex | None
    inputs_faces: float
    signals: Mapping[str, float] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Plain values, with a version."""
        return {
            "version": CONTEXT_VERSION,
            "request_id": self.request_id,
            "decision_id": self.decision_id,
            "route": self.route,
            "person": self.person,
            "subject_known": self.subject_known,
            "output_check": self.output_check,
            "root_exposure": self.root_exposure,
            "root_pdq": self.root_pdq,
            "inputs_faces": self.inputs_faces,
            "signals": dict(self.signals),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """The context that ``to_json`` wrote; ``ValueError`` when anything is missing or of another kind."""
        if value.get("version") != CONTEXT_VERSION:
            raise ValueError("an output context of another version")
        try:
            root = value["root_exposure"]
            return cls(
                request_id=RequestId(_text(value["request_id"])),
                decision_id=DecisionId(_text(value["decision_id"])),
                route=_text(value["route"]),
                person=_text(value["person"]),
                subject_known=value["subject_known"] is True,
                output_check=OutputCheck(value["output_check"]).value,
                root_exposure=None if root is None else _number(root),
                root_pdq=None if value["root_pdq"] is None else PdqHex(_text(value["root_pdq"])),
                inputs_faces=_number(value["inputs_faces"]),
                signals={_text(name): _number(number) for name, number in value["signals"].items()},
            )
        except (KeyError, AttributeError, TypeError) as broken:
            raise ValueError("not an output context") from broken


@dataclass(frozen=True, slots=True)
class OutputScreening:
    """The verdict on one answer; ``pictures`` in the order of the outputs, ``None`` where one could not be read.

    ``fault`` is True when the upstream sent no readable picture: stopped, but nobody's offence.
    """

    decision: GuardDecision
    pictures: tuple[Picture | None, ...]
    fault: bool = False


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("text expected")
    return value


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise TypeError("finite number expected")
    return float(value)
