"""``consentry sign``: give a picture a content credential with this installation's key."""

import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from consentry.adapters.clock import SystemClock
from consentry.adapters.credentials.c2pa_reader import find_media_type
from consentry.adapters.credentials.c2pa_signer import C2paSigner
from consentry.adapters.keystores.file_keys import FileKeys
from consentry.basics.errors import ConsentryError
from consentry.provenance.inert import inert
from consentry.provenance.signing import SourcePicture


def sign(
    file: Annotated[Path, Parameter(help="The picture that a model made or edited.")],
    out: Annotated[Path, Parameter(help="Where the signed picture is written; must not exist.")],
    *,
    source: Annotated[
        tuple[Path, ...], Parameter(help="A picture that it was made from; the first is its parent.")
    ] = (),
    keys: Annotated[Path | None, Parameter(help="Folder of the keys; that of the settings when absent.")] = None,
    demo: Annotated[bool, Parameter(negative="", help="Make demo keys there if there are none. Says DEMO.")] = False,
) -> int:
    """Without --source the picture is said to be generated, with it to be an edit. Exit status 0 when it is written."""
    try:
        identity = FileKeys(keys or _settled_keys(), demo=demo, clock=SystemClock()).signing_identity()
        data = file.read_bytes()
        signed = C2paSigner(identity).sign(data, _kind(file, data), sources=[_source(one) for one in source])
        with out.open("xb") as stream:
            stream.write(signed.data)
    except ConsentryError as problem:
        print(problem, file=sys.stderr)
        return 1
    except OSError as problem:
        print(f"{inert(problem.filename)}: {problem.strerror}. Nothing was signed.", file=sys.stderr)
        return 1
    if identity.demo:
        print("DEMO key: this credential proves nothing. Use a key of your own for real pictures.", file=sys.stderr)
    print(f"{inert(out)}: signed as {signed.manifest_id}, sha256 {signed.sha256}")
    return 0


def _settled_keys() -> Path:
    from consentry.config import Config

    return Config.read().keys_dir


def _source(file: Path) -> SourcePicture:
    data = file.read_bytes()
    return SourcePicture(data, _kind(file, data))


def _kind(file: Path, data: bytes) -> str:
    kind = find_media_type(data)
    if kind is None:
        raise ConsentryError(
            f"{inert(file.name)} is of no kind that can carry a credential here.",
            not_done="Nothing was signed.",
            next_step="Use JPEG, PNG, WebP, GIF or AVIF.",
        )
    return kind
