"""Builds a guard from its parts, without Django: for the library, the command line, and the guard process.

Invariants: a detector that cannot be built stays in the guard as one that refuses to look, so its absence denies
pictures and never lets one pass; a policy that does not load stops the start.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from importlib import resources
from pathlib import Path

from consentry.adapters.clock import SystemClock
from consentry.adapters.decoding.pool import DecodingPool
from consentry.adapters.detectors.down import DownDetector
from consentry.adapters.detectors.faces import FaceDetector
from consentry.adapters.detectors.nudity import NudityDetector
from consentry.basics.clock import Clock
from consentry.guard.detector import Detector
from consentry.guard.errors import DetectorDown
from consentry.guard.limits import Limits
from consentry.guard.looking import Decoder
from consentry.guard.memory import EmptyMemory, PictureMemory
from consentry.guard.pipeline import Guard
from consentry.guard.policy import Policy, house_policy_bytes, load_policy
from consentry.guard.prompt import PromptScreen
from consentry.guard.signals import KNOWN_SIGNALS


def load_house_policy(file: str = "") -> Policy:
    """The policy in ``file``, or the one of the package when that is empty; ``PolicyError`` or ``OSError``."""
    return load_policy(Path(file).read_bytes() if file else house_policy_bytes(), known_signals=KNOWN_SIGNALS)


def default_detectors() -> tuple[Detector, ...]:
    """Nudity and faces; one that cannot be built is replaced by one that refuses to look."""
    return (
        _or_down(NudityDetector, NudityDetector.name, NudityDetector.signals),
        _or_down(FaceDetector, FaceDetector.name, FaceDetector.signals),
    )


def _or_down(build: Callable[[], Detector], name: str, signals: tuple[str, ...]) -> Detector:
    try:
        return build()
    except DetectorDown as why:
        return DownDetector(name, signals, why)


def build_guard(
    *,
    decoder: Decoder,
    memory: PictureMemory | None = None,
    policy: Policy | None = None,
    clock: Clock | None = None,
    limits: Limits | None = None,
    detector_seconds: float | None = None,
    detectors: Sequence[Detector] | None = None,
) -> Guard:
    """A guard of the given parts; what is not given is the default of the package, and memory is empty."""
    bounds = limits or Limits()
    return Guard(
        decoder=decoder,
        detectors=default_detectors() if detectors is None else detectors,
        prompt=PromptScreen(),
        policy=policy or load_house_policy(),
        memory=memory or EmptyMemory(),
        clock=clock or SystemClock(),
        limits=bounds if detector_seconds is None else replace(bounds, detector_seconds=detector_seconds),
    )


@contextmanager
def local_guard(
    *, policy_file: str = "", processes: int = 1, limits: Limits | None = None, warm: bool = False
) -> Iterator[Guard]:
    """A guard for one program: no database, no memory of pictures. Its decoding processes end with the block."""
    bounds = limits or Limits()
    pool = DecodingPool(processes, bounds)
    try:
        guard = build_guard(decoder=pool, policy=load_house_policy(policy_file), limits=bounds)
        if warm:
            guard.warm_up(warm_up_picture())
        yield guard
    finally:
        pool.close()


def warm_up_picture() -> bytes:
    """A small drawn picture with which a guard is tried before the first request."""
    return resources.files("consentry.wiring").joinpath("warm_up.png").read_bytes()
