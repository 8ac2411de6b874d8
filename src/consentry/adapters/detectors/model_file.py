"""Model files are part of the program: one changed byte and the detector does not start.

Invariants: what is checked is what is loaded (the bytes are read once); the expected digest is written in our own
source, never beside the file.
"""

import hashlib
from pathlib import Path

from consentry.guard.errors import DetectorDown


def read_checked(path: Path, sha256: str) -> bytes:
    """The file's bytes when their SHA-256 is ``sha256``; ``DetectorDown`` when it is missing or changed."""
    try:
        data = path.read_bytes()
    except OSError as missing:
        raise _down(f"The model file {path.name} cannot be read.") from missing
    if hashlib.sha256(data).hexdigest() != sha256:
        raise _down(f"The model file {path.name} is not the one that this version was tested with.")
    return data


def _down(happened: str) -> DetectorDown:
    return DetectorDown(
        happened,
        not_done="The detector does not look at pictures; requests with pictures are denied.",
        next_step="Install the package again from the lock file, then run `consentry doctor`.",
    )
