"""Counts for operators, in Prometheus' text form (version 0.0.4).

Invariants: labels come from closed lists (routes, outcomes, reason codes), never from a caller; "saw nothing" is
counted apart from "read" (rule 14). Used from the event loop's thread only.
"""

from collections import Counter
from collections.abc import Callable, Mapping

from consentry.guard.decision import GuardDecision

_HELP: Mapping[str, str] = {
    "consentry_guard_requests_total": "Answers by route and status code.",
    "consentry_guard_refusals_total": "Refusals by the proxy itself, by route and code.",
    "consentry_guard_decisions_total": "Decisions of the guard by route, stage, outcome and first reason.",
    "consentry_guard_parts_total": "Parts of requests and outputs by kind: read by some detector, or seen by none.",
    "consentry_guard_outputs_total": "Pictures by what became of them.",
    "consentry_guard_upstream_faults_total": "Upstream calls without a usable picture, by kind.",
    "consentry_guard_moderation_lowered_total": "Requests that asked for lower moderation, and did not get it.",
    "consentry_guard_unsigned_outputs_total": "Pictures released without a credential. Must stay 0.",
}
Labels = tuple[tuple[str, str], ...]


class Metrics:
    """One process's counters; gauges are asked for when the page is read."""

    def __init__(self) -> None:
        self._counts: dict[str, Counter[Labels]] = {name: Counter() for name in _HELP}
        self._counts["consentry_guard_unsigned_outputs_total"][()] = 0
        self._gauges: dict[str, Callable[[], float]] = {}

    def gauge(self, name: str, read: Callable[[], float]) -> None:
        """Show ``read()`` under ``name``."""
        self._gauges[name] = read

    def count(self, name: str, amount: int = 1, /, **labels: str) -> None:
        """Add to a counter of the list above."""
        self._counts[name][tuple(sorted(labels.items()))] += amount

    def value(self, name: str, /, **labels: str) -> int:
        """One counter's present value."""
        return self._counts[name][tuple(sorted(labels.items()))]

    def count_decision(self, route: str, stage: str, decision: GuardDecision) -> None:
        """Count one decision and the parts that it read."""
        first = decision.reasons[0].code if decision.reasons else "none"
        self.count(
            "consentry_guard_decisions_total", route=route, stage=stage, outcome=decision.decision.value, reason=first
        )
        for part in decision.parts:
            kind = "text" if set(part.seen_by) == {"prompt"} else "picture"
            read = "read" if sum(part.seen_by.values()) else "saw_nothing"
            self.count("consentry_guard_parts_total", kind=kind, read=read, stage=stage)

    def page(self) -> str:
        """All counters and gauges as text."""
        lines: list[str] = []
        for name, counts in self._counts.items():
            lines += [f"# HELP {name} {_HELP[name]}", f"# TYPE {name} counter"]
            lines += [f"{name}{_shown(labels)} {number}" for labels, number in sorted(counts.items())]
        for name, read in self._gauges.items():
            lines += [f"# TYPE {name} gauge", f"{name} {read():g}"]
        return "\n".join(lines) + "\n"


def _shown(labels: Labels) -> str:
    return "{" + ",".join(f'{name}="{value}"' for name, value in labels) + "}" if labels else ""
