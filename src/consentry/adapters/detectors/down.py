"""A detector that could not be built: stands in its place and refuses to look, so that pictures are denied."""

from consentry.guard.detector import Reading
from consentry.guard.errors import DetectorDown
from consentry.guard.picture import Picture


class DownDetector:
    """A ``guard.detector.Detector`` that raises ``why`` for every picture."""

    def __init__(self, name: str, signals: tuple[str, ...], why: DetectorDown) -> None:
        self.name = name
        self.signals = signals
        self.why = why

    def read(self, picture: Picture) -> Reading:
        """Raise: nothing was seen, and nothing seen is not clean."""
        raise self.why
