"""The seam for anything that looks at pixels: one verb, and a promise about what was read.

Invariants: a reading names finite numbers between 0 and 1 (the pipeline refuses anything else) and says how many
frames were seen (rule 14). A detector may raise, hang or lie; the pipeline turns each of these into
``screening_unavailable``, never into *allow*.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from consentry.guard.picture import Picture


@dataclass(frozen=True, slots=True)
class Reading:
    """What one detector saw in one picture.

    ``signals`` are the detector's own names without prefix (``exposure``); the worst frame counts.
    ``frames_read`` must equal the number of views that it was given, otherwise the reading counts as partial: deny.
    """

    signals: Mapping[str, float]
    frames_read: int


class Detector(Protocol):
    """Looks at one decoded picture. Called from several threads at once; must keep no state between calls."""

    @property
    def name(self) -> str:
        """Short and stable, such as ``nudity``; prefixes its signals."""
        ...

    @property
    def signals(self) -> tuple[str, ...]:
        """The complete list of signals that a reading has, so that a missing one is noticed."""
        ...

    def read(self, picture: Picture) -> Reading:
        """Look at every view of ``picture``; raise rather than guess."""
        ...
