"""Where a log is and which key signs it, as the command line names them: a folder or an address, a vkey or a file."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from consentry.adapters.stores.tile_files import TileFolder
from consentry.adapters.stores.tile_http import TileAddress
from consentry.audit.checkpoint import Checkpoint, open_checkpoint, read_unsigned
from consentry.audit.errors import NoteError, StorageError
from consentry.audit.note import Verifier, parse_vkey
from consentry.audit.storage import TileReader

UNCHECKED = (
    "NOT checked: whether this checkpoint is the log's own. Give its public key with --vkey "
    "(published in /.well-known/consentry.json; better, from somebody else)."
)


@contextmanager
def open_place(place: str) -> Iterator[TileReader]:
    """The log in a folder, or under an http(s) address."""
    if place.startswith(("https://", "http://")):
        with TileAddress(place) as address:
            yield address
    else:
        if not Path(place).is_dir():
            raise StorageError(f"There is no folder {place!r}.", next_step="Give the log's folder, or its address.")
        yield TileFolder(Path(place))


def read_key(text: str | None) -> Verifier | None:
    """A verifier from a vkey, or from a file that holds one; None when none was given."""
    if text is None:
        return None
    if "+" not in text or Path(text).is_file():
        try:
            text = Path(text).read_text(encoding="utf-8")
        except (OSError, UnicodeError) as error:
            raise NoteError(f"{text!r} is neither a vkey nor a file with one.") from error
    return parse_vkey(text.strip())


def read_note(reader: TileReader) -> str:
    """The log's present checkpoint, signature unchecked."""
    note = reader.read("checkpoint")
    if note is None:
        raise StorageError("There is no checkpoint here.", next_step="Give the folder or address that holds it.")
    try:
        return note.decode("utf-8")
    except UnicodeError as error:
        raise NoteError("The checkpoint is not UTF-8.") from error


def check_note(note: str, verifier: Verifier | None) -> Checkpoint:
    """The checkpoint of a note: signed by the key, or, without one, as it says, with a loud warning."""
    if verifier is None:
        print(UNCHECKED, file=sys.stderr)
        return read_unsigned(note)
    return open_checkpoint(note, [verifier], verifier.name)


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """A progress callback drawn on stderr, and nothing at all when stderr is not a terminal."""
    console = Console(stderr=True)
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(what)
        yield lambda done, total: progress.update(task, completed=done, total=total)
