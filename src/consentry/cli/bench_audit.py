"""``consentry bench audit``: durable appends a second, and the time of an inclusion proof in a large log.

Everything is real files in a temporary folder, every file and folder synced before an append counts; only the batch
size differs: appends are measured in batches of ``--batch`` leaves, the large log is then grown to ``--entries`` in
batches of 16,384, which cost fewer syncs an entry and are not part of ``appends_per_s``. ``proof_ms`` is the median of
300 proofs of random entries, each by a reader that holds no tile in memory (the system's file cache is warm) and each
checked against the root; ``proof_hashes`` is the path's length. The other keys: opening the log, checking all of it,
bytes on disk an entry.
"""

import json
import secrets
import statistics
import tempfile
import time
from pathlib import Path
from typing import Annotated

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cyclopts import Parameter
from rich.console import Console

from consentry.adapters.stores.tile_files import TileFolder
from consentry.audit.checkpoint import open_checkpoint
from consentry.audit.leaf import new_leaf
from consentry.audit.log import Log
from consentry.audit.note import Signer
from consentry.audit.tiles import TileTree
from consentry.audit.tree import verify_inclusion
from consentry.audit.verify import verify_log

_LARGE_BATCH = 16_384
_PROOFS = 300
_APPENDS = 20_000


def bench_audit(
    *,
    entries: Annotated[int, Parameter(help="How large the log is grown before proofs are timed.")] = 1_000_000,
    batch: Annotated[int, Parameter(help="How many leaves go into one durable append.")] = 256,
    folder: Annotated[Path | None, Parameter(help="Where the temporary log is made (choose the disk).")] = None,
    json_output: Annotated[bool, Parameter(name="--json", negative=(), help="Print one flat object.")] = False,
) -> int:
    """Measure the log on this machine's own disk."""
    with tempfile.TemporaryDirectory(dir=folder, prefix="consentry-bench-") as made:
        numbers = measure_log(Path(made) / "log", max(entries, 1), max(batch, 1))
    if json_output:
        print(json.dumps(numbers))
    else:
        for name, number in numbers.items():
            print(f"{name:16} {number}")
    return 0


def measure_log(folder: Path, entries: int, batch: int) -> dict[str, float]:
    """Grow a log in ``folder`` to ``entries`` leaves and time it."""
    storage = TileFolder(folder)
    signer = Signer("bench.example/log", Ed25519PrivateKey.generate())
    log = Log.start(storage, signer)
    leaves = _leaves(min(_APPENDS, entries))
    began = time.perf_counter()
    for start in range(0, len(leaves), batch):
        log.append(leaves[start : start + batch])
    appends_per_s = len(leaves) / (time.perf_counter() - began)
    with Console(stderr=True).status("growing the log"):
        while log.size < entries:
            log.append(_leaves(min(_LARGE_BATCH, entries - log.size)))
    began = time.perf_counter()
    opened = Log.open(storage, signer)
    open_ms = 1000 * (time.perf_counter() - began)
    times, hashes = _time_proofs(storage, opened)
    began = time.perf_counter()
    checked = verify_log(storage, open_checkpoint(opened.checkpoint, [signer.verifier]))
    return {
        "appends_per_s": round(appends_per_s),
        "proof_ms": round(statistics.median(times), 3),
        "proof_hashes": hashes,
        "proof_p99_ms": round(sorted(times)[int(0.99 * len(times))], 3),
        "entries": opened.size,
        "append_batch": batch,
        "open_ms": round(open_ms, 2),
        "verify_s": round(time.perf_counter() - began, 2),
        "bytes_per_entry": round(checked.bytes_read / opened.size, 1),
    }


def _time_proofs(storage: TileFolder, log: Log) -> tuple[list[float], int]:
    times, hashes = [], 0
    for _ in range(_PROOFS):
        index = secrets.randbelow(log.size)
        began = time.perf_counter()
        tree = TileTree(storage, log.size)
        path = tree.inclusion(index)
        times.append(1000 * (time.perf_counter() - began))
        verify_inclusion(tree.leaf_hash(index), index, log.size, path, log.root)
        hashes = max(hashes, len(path))
    return times, hashes


def _leaves(count: int) -> list[bytes]:
    return [new_leaf(b'{"bench":%d}' % number).entry for number in range(count)]
