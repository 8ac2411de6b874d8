"""``consentry bench start``: how much memory a warm guard holds, and how long ``consentry --help`` takes.

``rss_mb`` is the resident memory of this process with all default detectors loaded and used, plus that of its decoding
processes. ``help_s`` is the median of five starts.
"""

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from consentry.adapters.decoding.pool import DecodingPool
from consentry.wiring.core import build_guard, warm_up_picture


def bench_start(
    *, json_output: Annotated[bool, Parameter(name="--json", negative=(), help="Print one flat object.")] = False
) -> int:
    """Measure memory and start-up time on this machine."""
    pool = DecodingPool(2)
    try:
        pool.start()
        guard = build_guard(decoder=pool)
        health = guard.warm_up(warm_up_picture())
        if set(health.values()) != {"ok"}:
            print(f"A part of the guard is down; nothing was measured: {dict(health)}.", file=sys.stderr)
            return 1
        resident = _resident_mb("self") + sum(_resident_mb(str(pid)) for pid in pool.processes())
    finally:
        pool.close()
    numbers = {"rss_mb": round(resident, 1), "help_s": round(statistics.median(_help_seconds() for _ in range(5)), 3)}
    if json_output:
        print(json.dumps(numbers))
    else:
        for name, number in numbers.items():
            print(f"{name:8} {number}")
    return 0


def _resident_mb(process: str) -> float:
    for line in Path(f"/proc/{process}/status").read_text("ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def _help_seconds() -> float:
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, "-c", "from consentry.cli import main; main()", "--help"],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return time.perf_counter() - began
