"""``consentry bench guard``: one 512 px edit through the whole guard, warm, with all default detectors.

How each number is measured: ``p50_ms`` and ``p99_ms`` over all requests, one at a time. ``detectors_sum_ms`` is the
median of the detectors' own times, added, run alone on the same picture. ``overhead_ms`` is the median request with
detectors that answer at once: decoding in another process, fingerprint, words, policy, threads. ``two_core_ratio`` is
requests a second of two callers on two cores, divided by that of the same two callers when the guard and its decoding
processes are held to one core; null where that cannot be done. The request is an ordinary one that is allowed.
"""

import contextlib
import json
import os
import statistics
import sys
import threading
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from PIL import Image
from rich.console import Console
from rich.progress import Progress

from consentry.adapters.decoding.pool import DecodingPool
from consentry.basics.ids import RequestId
from consentry.guard.detector import Detector, Reading
from consentry.guard.picture import Picture
from consentry.guard.pipeline import Guard
from consentry.guard.request import ImagePart, Role, Route, ScreenRequest, TextPart
from consentry.wiring.core import build_guard, default_detectors, warm_up_picture


class _Instant:
    """A detector that has seen everything already: what is left is the guard's own time."""

    def __init__(self, real: Detector) -> None:
        self.name, self.signals = real.name, real.signals

    def read(self, picture: Picture) -> Reading:
        """Zeroes for every view."""
        return Reading(dict.fromkeys(self.signals, 0.0), len(picture.views))


def bench_guard(
    *,
    requests: Annotated[int, Parameter(help="Requests for the percentiles.")] = 200,
    json_output: Annotated[bool, Parameter(name="--json", negative=(), help="Print one flat object.")] = False,
) -> int:
    """Measure the guard on this machine."""
    request = _request()
    detectors = default_detectors()
    pool = DecodingPool(2)
    try:
        pool.start()
        guard = build_guard(decoder=pool, detectors=detectors)
        bare = build_guard(decoder=pool, detectors=[_Instant(one) for one in detectors])
        for one in (guard, bare):
            one.warm_up(warm_up_picture())
        if not guard.screen(request).decision.allowed:
            print("The benchmark's own request was stopped; nothing was measured.", file=sys.stderr)
            return 1
        picture = pool.decode(request.images[0].data)
        with Progress(console=Console(stderr=True), transient=True) as progress:
            task = progress.add_task("measuring", total=4)
            times = _times(lambda: guard.screen(request), requests)
            progress.advance(task)
            overhead = statistics.median(_times(lambda: bare.screen(request), requests))
            progress.advance(task)
            alone = sum(statistics.median(_times(lambda d=one: d.read(picture), 40)) for one in detectors)  # type: ignore[misc]
            progress.advance(task)
            ratio = _two_core_ratio(guard, request, pool.processes())
            progress.advance(task)
    finally:
        pool.close()
    numbers = {
        "p50_ms": round(statistics.median(times), 2),
        "p99_ms": round(sorted(times)[max(0, int(len(times) * 0.99) - 1)], 2),
        "overhead_ms": round(overhead, 2),
        "detectors_sum_ms": round(alone, 2),
        "two_core_ratio": ratio,
    }
    if json_output:
        print(json.dumps(numbers))
    else:
        for name, number in numbers.items():
            print(f"{name:18} {number}")
    return 0


def _request() -> ScreenRequest:
    """The warm-up picture as a JPEG photograph would come, and ordinary words."""
    file = BytesIO()
    Image.open(BytesIO(warm_up_picture())).convert("RGB").save(file, "JPEG", quality=90)
    return ScreenRequest(
        RequestId("req_bench"),
        Route.EDIT,
        texts=(TextPart("prompt", "make the sky behind the person a warm sunset and brighten the picture a little"),),
        images=(ImagePart("image", Role.INPUT, file.getvalue()),),
        subject="bench",
    )


def _times(work: Callable[[], object], count: int) -> list[float]:
    """Milliseconds of each of ``count`` calls."""
    times = []
    for _ in range(count):
        began = time.perf_counter()
        work()
        times.append((time.perf_counter() - began) * 1000)
    return times


def _two_core_ratio(guard: Guard, request: ScreenRequest, decoders: tuple[int, ...]) -> float | None:
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    if len(cores) < 2:
        return None
    processes = (os.getpid(), *decoders)
    try:
        _hold(processes, cores[:1])
        one = _per_second(guard, request)
        _hold(processes, cores[:2])
        return round(_per_second(guard, request) / one, 2)
    finally:
        _hold(processes, cores)


def _hold(processes: tuple[int, ...], cores: list[int]) -> None:
    """Let every thread of ``processes`` run on ``cores`` only; threads begun later inherit it."""
    for process in processes:
        for thread in Path(f"/proc/{process}/task").iterdir():
            with contextlib.suppress(OSError):  # a thread may have ended since it was listed
                os.sched_setaffinity(int(thread.name), cores)


def _per_second(guard: Guard, request: ScreenRequest, callers: int = 2, each: int = 60) -> float:
    def ask() -> None:
        for _ in range(each):
            guard.screen(request)

    threads = [threading.Thread(target=ask) for _ in range(callers)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return callers * each / (time.perf_counter() - began)
