"""``consentry hash``: PDQ fingerprints of picture files."""

import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from consentry.adapters.decoding.pool import DecodingPool
from consentry.guard.errors import GuardError


def hash_files(*files: Annotated[Path, Parameter(help="Picture files.")]) -> int:
    """Print one line a file: PDQ hash, quality (below 50 it means nothing), name.

    The line of a file that is not read goes to standard error, and the exit status is then 1. A PDQ hash is a rough
    image of the picture: treat it like the picture.
    """
    if not files:
        print("Name at least one picture file.", file=sys.stderr)
        return 1
    failed = False
    pool = DecodingPool(1)
    try:
        for file in files:
            try:
                picture = pool.decode(file.read_bytes())
            except (OSError, GuardError) as error:
                print(f"{file}: {error}", file=sys.stderr)
                failed = True
            else:
                print(f"{picture.pdq} {picture.pdq_quality:3d} {file}")
    finally:
        pool.close()
    return 1 if failed else 0
