"""The proof that an entry stands in the log: made from the public files alone, as anybody could."""

from consentry.actions.errors import ActionRefused, NotFound
from consentry.audit.checkpoint import open_checkpoint
from consentry.audit.note import Verifier
from consentry.audit.proof import make_proof
from consentry.audit.storage import TileReader
from consentry.audit.tiles import TileTree
from consentry.records.log_entry import LogEntry


class NotYet(ActionRefused):
    """The entry was promised and is not in a checkpoint yet."""

    status = 202


def read_proof(files: TileReader, verifier: Verifier, *, entry_hash: str) -> str:
    """A ``.tlog-proof`` (C2SP) for the entry; ``NotFound`` or ``NotYet``."""
    entry = LogEntry.objects.filter(entry_hash=entry_hash).first()
    if entry is None:
        raise NotFound("No entry with this hash was promised here.", not_done="Nothing was proved.")
    note = files.read("checkpoint")
    checkpoint = open_checkpoint(note, [verifier], verifier.name) if note is not None else None
    if note is None or checkpoint is None or entry.index is None or entry.index >= checkpoint.size:
        raise NotYet(
            "The entry waits for its place in the log.",
            not_done="There is no proof yet; the promise is what you hold.",
            next_step=f"Ask again in a few seconds. It is due by {entry.deadline:%Y-%m-%dT%H:%M:%SZ}.",
        )
    path = TileTree(files, checkpoint.size).inclusion(entry.index)
    return make_proof(entry.index, path, note.decode(), bytes.fromhex(entry_hash)).text
