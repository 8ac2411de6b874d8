"""Look at the platform's own bytes for one report: resolve, fetch, decode, measure. No transaction is open meanwhile.

Invariants: what could not be read is reported as not read, never as harmless; the platform's bytes are decoded in the
limited processes like any other hostile file; nothing of the picture is kept but hashes and a number.
"""

from dataclasses import dataclass

from consentry.actions.picture_memory import DatabaseMemory
from consentry.actions.record_investigation import Findings
from consentry.adapters.errors import ContentGone
from consentry.adapters.platforms.connector import Content, PlatformConnector
from consentry.cases.corroboration import Trace
from consentry.guard.detector import Detector
from consentry.guard.errors import PictureRefused
from consentry.guard.looking import Decoder
from consentry.guard.picture import Picture


@dataclass(frozen=True, slots=True)
class Investigator:
    """What an investigation needs."""

    decoder: Decoder
    nudity: Detector
    memory: DatabaseMemory

    def look(self, connector: PlatformConnector, reference: str) -> Findings | None:
        """What the platform's bytes say; ``None`` when the platform knows no such content.

        Raises ``ConnectorError`` when the platform cannot be asked now: try again later.
        """
        content = connector.resolve(reference)
        if content is None:
            return None
        try:
            picture = self.decoder.decode(connector.fetch(content))
        except (ContentGone, PictureRefused):
            return _unread(content)
        return self._measured(content, picture)

    def _measured(self, content: Content, picture: Picture) -> Findings:
        reading = self.nudity.read(picture)
        exposure = float(reading.signals["exposure"]) if reading.frames_read == len(picture.views) else None
        hits = [hit for value in picture.pdq_all for hit in self.memory.bank_hits(value)]
        past = self.memory.recall(picture.pdq_all)
        trace = Trace.REFUSED if past.refused else Trace.EDIT if past.root_exposure is not None else Trace.NONE
        return Findings(
            content_ref=content.content_ref,
            account_ref=content.account_ref,
            state=content.state.value,
            sha256=content.sha256,
            pdq=picture.pdq,
            pdq_quality=picture.pdq_quality,
            exposure=exposure,
            bank_distance=min((hit.distance for hit in hits), default=None),
            trace=trace,
        )


def _unread(content: Content) -> Findings:
    return Findings(content_ref=content.content_ref, account_ref=content.account_ref, state=content.state.value)
