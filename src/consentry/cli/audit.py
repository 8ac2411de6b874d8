"""``consentry audit``: what an outsider checks with the log's public files and its public key."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, Parameter

from consentry.adapters.clock import SystemClock
from consentry.audit.checkpoint import Checkpoint
from consentry.audit.errors import AuditError, PromiseError, ProofError, TileError
from consentry.audit.note import Verifier
from consentry.audit.promise import Promise, parse_promise
from consentry.audit.proof import LogProof, make_proof, parse_proof
from consentry.audit.storage import TileReader
from consentry.audit.tiles import TILE_WIDTH, TileTree, read_tile, tile_width
from consentry.audit.tree import verify_consistency, verify_inclusion
from consentry.audit.verify import verify_log
from consentry.cli.log_place import check_note, open_place, progress_bar, read_key, read_note

app = App(name="audit", help="Check the log and receipts from its public files alone.")

Place = Annotated[str, Parameter(help="The log's folder, or its http(s) address.")]
Key = Annotated[str | None, Parameter(help="The log's public key: a vkey, or a file that holds one.")]


@app.command
def verify(log: Place, *, vkey: Key = None) -> int:
    """Read every entry and tile, and name the first damaged byte; exit status 0 only when the whole log holds."""
    try:
        with open_place(log) as reader:
            checkpoint = check_note(read_note(reader), read_key(vkey))
            with progress_bar("entries") as progress:
                done = verify_log(reader, checkpoint, progress)
    except TileError as damage:
        print(f"DAMAGED: {damage.path}", file=sys.stderr)
        print(f"  offset   {damage.offset}\n  expected {damage.expected}\n  got      {damage.got}", file=sys.stderr)
        return 1
    except AuditError as problem:
        print(problem, file=sys.stderr)
        return 1
    print(f"{checkpoint.origin}: {done.entries} entries in {done.files} files ({done.bytes_read} bytes) hold together.")
    print(f"root {checkpoint.root.hex()}")
    print("This shows that nothing entered was changed. It cannot show what was never entered.")
    return 0


@app.command
def proof(
    *,
    receipt: Annotated[Path, Parameter(help="The promise (JSON) of a receipt or decision, or a .tlog-proof with one.")],
    log: Place,
    proof_file: Annotated[Path | None, Parameter(name="--proof", help="A .tlog-proof; made here when absent.")] = None,
    vkey: Key = None,
    promise_vkey: Annotated[str | None, Parameter(help="The log's promise key, to check the promise too.")] = None,
    out: Annotated[Path | None, Parameter(help="Where to keep the proof that was made.")] = None,
) -> int:
    """Check that a promised entry stands in the log, against its published checkpoint; exit status 0 only then."""
    try:
        promise, held = _read_receipt(receipt)
        if proof_file is not None:
            held = parse_proof(proof_file.read_text(encoding="utf-8"))
        key = read_key(promise_vkey)
        if key is None:
            print(
                "NOT checked: the promise's own signature. Give the promise key with --promise-vkey.", file=sys.stderr
            )
        else:
            promise.verify(key)
        with open_place(log) as reader:
            made, checkpoint = _prove(reader, promise, held, read_key(vkey))
        if out is not None:
            out.write_text(made.text, encoding="utf-8")
    except AuditError as problem:
        print(problem, file=sys.stderr)
        return 1
    except (OSError, UnicodeError) as problem:
        print(f"A file cannot be read or written: {problem}. Nothing was proved.", file=sys.stderr)
        return 1
    print(f"Entry {promise.entry_hash.hex()} is number {made.index} of {checkpoint.size} in {checkpoint.origin}.")
    if promise.batch is not None:
        print(f"Item {promise.batch.item.hex()} is number {promise.batch.index} of that entry's batch.")
    return 0


def _read_receipt(file: Path) -> tuple[Promise, LogProof | None]:
    text = file.read_text(encoding="utf-8")
    held = parse_proof(text) if text.startswith("c2sp.org/tlog-proof@") else None
    if held is not None and held.extra is None:
        raise PromiseError("This proof carries no promise.", next_step="Give the promise's JSON with --receipt.")
    try:
        data: Any = json.loads(text if held is None or held.extra is None else held.extra)
    except (ValueError, RecursionError) as error:
        raise PromiseError("The receipt is not JSON.", next_step="Use the promise as it was given.") from error
    if isinstance(data, dict) and isinstance(data.get("promise"), dict):
        data = data["promise"]
    return parse_promise(data), held


def _prove(
    reader: TileReader, promise: Promise, held: LogProof | None, verifier: Verifier | None
) -> tuple[LogProof, Checkpoint]:
    note = read_note(reader)
    published = check_note(note, verifier)
    if published.origin != promise.origin:
        raise ProofError(f"This log is {published.origin}, but the promise is of {promise.origin}.")
    if held is None:
        index = _find(reader, promise, published)
        path = TileTree(reader, published.size).inclusion(index)
        return make_proof(index, path, note, promise.entry_hash), published
    stated = check_note(held.checkpoint, verifier)
    if stated.origin != published.origin:
        raise ProofError("The proof's checkpoint is of another log.")
    verify_inclusion(promise.entry_hash, held.index, stated.size, held.path, stated.root)
    _check_one_history(reader, stated, published)
    return held, stated


def _check_one_history(reader: TileReader, stated: Checkpoint, published: Checkpoint) -> None:
    """The held checkpoint must be a beginning of the published log, or the log shows people different histories."""
    small, large = sorted((stated, published), key=lambda each: each.size)
    if large is stated and small.size != large.size:
        raise ProofError(
            "The published checkpoint is older than the one you hold.",
            next_step="Keep your proof: the log may have been rolled back.",
        )
    path = TileTree(reader, large.size).consistency(small.size)
    try:
        verify_consistency(small.size, large.size, path, small.root, large.root)
    except ProofError as error:
        raise ProofError(
            "The published log does not continue the one that your proof is of.",
            next_step="Keep your proof and this checkpoint: together they show two histories.",
        ) from error


def _find(reader: TileReader, promise: Promise, checkpoint: Checkpoint) -> int:
    """The entry's index, by looking through the leaf hashes."""
    with progress_bar("looking") as progress:
        for number in range(-(-checkpoint.size // TILE_WIDTH)):
            hashes = read_tile(reader, 0, number, tile_width(0, number, checkpoint.size))
            if promise.entry_hash in hashes:
                return number * TILE_WIDTH + hashes.index(promise.entry_hash)
            progress(min(checkpoint.size, (number + 1) * TILE_WIDTH), checkpoint.size)
    deadline = f"{promise.deadline:%Y-%m-%dT%H:%M:%SZ}"
    if promise.is_overdue(SystemClock().now()):
        raise ProofError(
            f"The promise is BROKEN: its deadline {deadline} passed and the entry is not there.",
            next_step="Keep the promise: it is signed, and it is the evidence.",
        )
    raise ProofError("The entry is not in the log yet.", next_step=f"It is due by {deadline}; try again.")
