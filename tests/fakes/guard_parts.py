"""Stand-ins for the parts around the guard's pipeline: each does one thing that a real part may one day do."""

import hashlib
import threading
from collections.abc import Mapping, Sequence

import numpy as np

from consentry.basics.ids import PdqHex, Sha256Hex
from consentry.guard.detector import Reading
from consentry.guard.errors import PictureRefused
from consentry.guard.memory import Recollection
from consentry.guard.picture import Picture


def picture_of(data: bytes, *, views: int = 1, frames: int = 1) -> Picture:
    """A small picture whose fingerprint is the digest of ``data``."""
    digest = hashlib.sha256(data).hexdigest()
    pixels = np.frombuffer(hashlib.sha256(data).digest() * 6, dtype=np.uint8).reshape(8, 8, 3)
    return Picture(
        sha256=Sha256Hex(digest),
        format="PNG",
        width=8,
        height=8,
        frames=frames,
        views=(pixels,) * views,
        pdq=PdqHex(digest),
        pdq_quality=100,
        pdq_all=(PdqHex(digest),),
        clean=data,
    )


class TrustingDecoder:
    """Takes all bytes for a picture, except those that begin with a reason code in angle brackets."""

    def decode(self, data: bytes) -> Picture:
        if data.startswith(b"<"):
            raise PictureRefused(
                "no", code=data[1 : data.index(b">")].decode(), format="BMP" if b"format" in data else ""
            )
        return picture_of(data, views=data.count(b"F") or 1, frames=data.count(b"F") or 1)


class TableDetector:
    """Says of a picture what a table says of its bytes; 0 otherwise. Counts what it saw."""

    def __init__(self, name: str, signals: tuple[str, ...], table: Mapping[bytes, float] | None = None) -> None:
        self.name = name
        self.signals = signals
        self.table = dict(table or {})
        self.saw: list[str] = []

    def read(self, picture: Picture) -> Reading:
        self.saw.append(picture.sha256)
        return Reading(dict.fromkeys(self.signals, self.table.get(picture.clean, 0.0)), len(picture.views))


def nudity(table: Mapping[bytes, float] | None = None) -> TableDetector:
    return TableDetector("nudity", ("exposure",), table)


def faces(table: Mapping[bytes, float] | None = None) -> TableDetector:
    return TableDetector("faces", ("score",), table)


class HangingDetector(TableDetector):
    """Hangs on every picture until released."""

    def __init__(self) -> None:
        super().__init__("nudity", ("exposure",))
        self.release = threading.Event()

    def read(self, picture: Picture) -> Reading:
        self.release.wait(30)
        return super().read(picture)


class TableMemory:
    """Recalls what a table says of a fingerprint; the strictest over all."""

    def __init__(self, table: Mapping[bytes, Recollection] | None = None) -> None:
        self.table = {hashlib.sha256(data).hexdigest(): one for data, one in (table or {}).items()}

    def recall(self, hashes: Sequence[PdqHex]) -> Recollection:
        for one in hashes:
            if one in self.table:
                return self.table[one]
        return Recollection()
