"""Every detector on every picture, under one deadline, and nothing believed that was not checked.

Invariants: a picture is decoded once and shared by all detectors; a reading counts only when it has exactly the
promised signals, each a finite number from 0 to 1, and covers every view; anything else (raise, hang, NaN, text,
missing signal, partial reading) is ``ScreeningLost``, which the pipeline turns into a denial.
Not done here: what a reading means (``policy``), which threads are used (``lanes``).
"""

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from consentry.basics.clock import Clock
from consentry.guard.detector import Detector, Reading
from consentry.guard.errors import PictureRefused
from consentry.guard.lanes import Lane, Ticket, WorkLost
from consentry.guard.limits import Limits
from consentry.guard.picture import Picture


class ScreeningLost(Exception):
    """Something that had to be read was not read; says nothing about what it would have shown."""


class Decoder(Protocol):
    """Turns one file into a picture. Called from several threads at once."""

    def decode(self, data: bytes) -> Picture:
        """The decoded picture; ``PictureRefused`` for one that is not accepted, anything else when it cannot tell."""
        ...


@dataclass(frozen=True, slots=True)
class Look:
    """What all detectors saw in one picture: signals as ``<detector>_<signal>``, views read by each detector."""

    signals: Mapping[str, float]
    seen_by: Mapping[str, int]


Decoding = Sequence[Ticket[bytes, Picture] | PictureRefused]
"""Files being decoded, in the order given."""


class Looker:
    """Decodes files and shows them to all detectors; one lane each, so that one that hangs stops no other."""

    def __init__(self, decoder: Decoder, detectors: Sequence[Detector], limits: Limits, clock: Clock) -> None:
        names = [detector.name for detector in detectors]
        if len(set(names)) != len(names):
            raise ValueError("two detectors have one name")
        self._limits = limits
        self._clock = clock
        self._detectors = tuple(detectors)
        self._decoding = Lane(
            "decoder", decoder.decode, threads=limits.images, abandoned_limit=limits.abandoned_threads
        )
        self._lanes: tuple[Lane[Picture, Reading], ...] = tuple(
            Lane(one.name, one.read, threads=limits.threads, abandoned_limit=limits.abandoned_threads)
            for one in detectors
        )

    def health(self) -> dict[str, str]:
        """``ok``, ``down`` or ``stuck`` for the decoder and each detector, by the last pieces of work."""
        states = {self._decoding.name: self._decoding.state.value}
        return states | {lane.name: lane.state.value for lane in self._lanes}

    def begin(self, files: Sequence[bytes]) -> Decoding:
        """Start decoding, without waiting; ``ScreeningLost`` when no work is taken."""
        try:
            return [self._begin_one(data) for data in files]
        except WorkLost as lost:
            raise ScreeningLost(str(lost)) from lost

    def _begin_one(self, data: bytes) -> Ticket[bytes, Picture] | PictureRefused:
        if len(data) > self._limits.file_bytes:
            return PictureRefused(f"The file has more than {self._limits.file_bytes} bytes.", code="image_too_large")
        return self._decoding.submit(data)

    def finish(self, decoding: Decoding) -> list[Picture | PictureRefused]:
        """The pictures, or why each is refused; ``ScreeningLost`` when decoding itself failed."""
        end = self._clock.monotonic() + self._limits.decode_seconds
        done: list[Picture | PictureRefused] = []
        try:
            for ticket in decoding:
                done.append(ticket if isinstance(ticket, PictureRefused) else self._finish_one(ticket, end))
        except WorkLost as lost:
            for ticket in decoding:
                if isinstance(ticket, Ticket):
                    self._decoding.give_up(ticket)
            raise ScreeningLost(str(lost)) from lost
        return done

    def _finish_one(self, ticket: Ticket[bytes, Picture], end: float) -> Picture | PictureRefused:
        try:
            picture = self._decoding.wait(ticket, end - self._clock.monotonic())
        except WorkLost as lost:
            if isinstance(lost.__cause__, PictureRefused):
                return lost.__cause__
            raise
        if picture.sha256 != hashlib.sha256(ticket.given).hexdigest():
            raise ScreeningLost("the decoder answered with another picture")
        if not picture.views or len(picture.views) < picture.frames:
            raise ScreeningLost("the decoder left out frames")
        return picture

    def look(self, pictures: Sequence[Picture]) -> list[Look]:
        """Show every picture to every detector; ``ScreeningLost`` unless each was read whole and in time."""
        end = self._clock.monotonic() + self._limits.detector_seconds
        tickets: list[tuple[Lane[Picture, Reading], Ticket[Picture, Reading]]] = []
        try:
            tickets.extend((lane, lane.submit(picture)) for picture in pictures for lane in self._lanes)
            readings = [lane.wait(ticket, end - self._clock.monotonic()) for lane, ticket in tickets]
        except WorkLost as lost:
            for lane, ticket in tickets:
                lane.give_up(ticket)
            raise ScreeningLost(str(lost)) from lost
        each = len(self._detectors)
        return [
            self._believe(picture, readings[place * each : (place + 1) * each])
            for place, picture in enumerate(pictures)
        ]

    def _believe(self, picture: Picture, readings: Sequence[Reading]) -> Look:
        signals: dict[str, float] = {}
        seen_by: dict[str, int] = {}
        for detector, reading in zip(self._detectors, readings, strict=True):
            problem = _problem(detector, reading, len(picture.views))
            if problem:
                raise ScreeningLost(f"{detector.name}: {problem}")
            seen_by[detector.name] = reading.frames_read
            signals |= {f"{detector.name}_{name}": float(number) for name, number in reading.signals.items()}
        return Look(signals, seen_by)


def _problem(detector: Detector, reading: object, views: int) -> str:
    """Why ``reading`` is not believed; empty when it is."""
    if not isinstance(reading, Reading) or not isinstance(reading.signals, Mapping):
        return "not a reading"
    if set(reading.signals) != set(detector.signals):
        return "other signals than promised"
    for number in reading.signals.values():
        if isinstance(number, bool) or not isinstance(number, int | float):
            return "a signal is not a number"
        if not math.isfinite(number) or not 0.0 <= number <= 1.0:
            return "a signal is not between 0 and 1"
    if isinstance(reading.frames_read, bool) or reading.frames_read != views:
        return "not every view was read"
    return ""
