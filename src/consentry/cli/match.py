"""``consentry match``: is this picture in a list of fingerprints?"""

import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from consentry.adapters.decoding.pool import DecodingPool
from consentry.guard.errors import GuardError
from consentry.matching.bank import MATCH_DISTANCE, MIN_QUALITY
from consentry.matching.errors import NotAFingerprint
from consentry.matching.index import PdqIndex
from consentry.matching.pdq import read_hash


def match(
    file: Annotated[Path, Parameter(help="A picture file.")],
    *,
    against: Annotated[Path, Parameter(help="A text file with one PDQ hash at the beginning of each line.")],
    distance: Annotated[int, Parameter(help="Largest number of differing bits, 0 to 256.")] = MATCH_DISTANCE,
) -> int:
    """Print every near fingerprint: distance, line number, hash. Turned and mirrored copies are found too.

    Exit status 0 when there is a match, 1 when there is none, 2 when the question could not be answered.
    """
    try:
        index, lines = _read_list(against)
        data = file.read_bytes()
    except (OSError, UnicodeDecodeError, NotAFingerprint) as error:
        print(error, file=sys.stderr)
        return 2
    pool = DecodingPool(1)
    try:
        picture = pool.decode(data)
    except GuardError as error:
        print(error, file=sys.stderr)
        return 2
    finally:
        pool.close()
    if picture.pdq_quality < MIN_QUALITY:
        print(f"The picture is too plain to recognise (quality {picture.pdq_quality}).", file=sys.stderr)
        return 2
    nearest: dict[int, int] = {}
    for one in picture.pdq_all:
        for line, apart in index.query(one, distance):
            nearest[line] = min(apart, nearest.get(line, apart))
    for line, apart in sorted(nearest.items(), key=lambda pair: (pair[1], pair[0])):
        print(f"{apart:3d} {line} {lines[line]}")
    return 0 if nearest else 1


def _read_list(path: Path) -> tuple[PdqIndex, dict[int, str]]:
    lines = {}
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if line.strip():
            lines[number] = read_hash(line.split()[0])
    index = PdqIndex()
    index.build(lines.values(), lines.keys())
    return index, dict(lines)
