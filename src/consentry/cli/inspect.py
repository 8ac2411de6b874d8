"""``consentry inspect``: what a picture's content credential says, and what that is worth here."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from consentry.adapters.credentials.c2pa_reader import C2paReader, ReadCredential
from consentry.provenance.errors import CredentialUnread
from consentry.provenance.inert import inert, inert_json
from consentry.provenance.states import Meaning, State

WORTH = {
    State.TRUSTED: "The credential is whole and its signer is on your list of trusted roots.",
    State.WELL_FORMED_UNTRUSTED: "The credential is whole, but nobody on your list vouches for its signer.",
    State.INVALID: "The credential does not hold.",
    State.NONE: "The file carries no credential. That proves nothing about the picture.",
    State.NOT_UNDERSTOOD: "The credential says something that this version does not understand: neither good nor bad.",
}
MEANS = {
    Meaning.NOTE: "a note; decides nothing",
    Meaning.UNTRUSTED: "the signer is on no list of yours",
    Meaning.UNFIT: "the signer's certificate cannot be relied on; the content may still be as signed",
    Meaning.ALTERED: "content or statement is not what was signed",
    Meaning.DAMAGED: "the statement is incomplete or against the rules",
    Meaning.NOT_UNDERSTOOD: "not understood",
}


def inspect(
    file: Annotated[Path, Parameter(help="The picture.")],
    *,
    as_json: Annotated[bool, Parameter(name="--json", negative="", help="Print one JSON object.")] = False,
    trust: Annotated[Path | None, Parameter(help="Certificates (PEM) of the roots that you trust.")] = None,
) -> int:
    """Exit status 0 unless the file cannot be read or its credential is invalid."""
    try:
        read = C2paReader(trust.read_text("utf-8") if trust else "").read(file.read_bytes())
    except (CredentialUnread, OSError, UnicodeDecodeError) as problem:
        print(inert(problem, 500), file=sys.stderr)
        return 2
    if as_json:
        print(json.dumps(_as_json(file, read), ensure_ascii=False, indent=2))
    else:
        print("\n".join(_lines(file, read)))
    return 1 if read.verdict.state is State.INVALID else 0


def _as_json(file: Path, read: ReadCredential) -> dict[str, Any]:
    return {
        "file": inert(file.name),
        "state": read.verdict.state.value,
        "altered": read.verdict.altered,
        "findings": [
            {"code": inert(one.code), "meaning": one.meaning.value, "in_source": one.in_source}
            for one in read.verdict.findings
        ],
        "active_manifest": inert(read.active) if read.active else None,
        "manifests": inert_json(dict(read.manifests)),
    }


def _lines(file: Path, read: ReadCredential) -> list[str]:
    lines = [f"{inert(file.name)}: {read.verdict.state.value}", WORTH[read.verdict.state]]
    for one in read.verdict.findings:
        where = " (in a source picture)" if one.in_source else ""
        lines.append(f"  - {inert(one.code)}: {MEANS[one.meaning]}{where}")
    active = read.manifests.get(read.active or "")
    if isinstance(active, dict):
        lines += ["", "What the file says (its signer's words, not ours):", *_statement(active)]
    return lines


def _statement(manifest: dict[str, Any]) -> list[str]:
    signature = manifest.get("signature_info") or {}
    generators = manifest.get("claim_generator_info") or [{"name": manifest.get("claim_generator", "?")}]
    lines = [
        f"  signed by: {inert(signature.get('issuer', '?'))} / {inert(signature.get('common_name', '?'))}",
        f"  at: {inert(signature.get('time', 'no time stamp'))}",
        "  written by: " + ", ".join(inert(one.get("name", "?")) for one in generators if isinstance(one, dict)),
    ]
    if manifest.get("title"):
        lines.append(f"  title: {inert(manifest['title'])}")
    for assertion in manifest.get("assertions") or ():
        if str(assertion.get("label", "")).startswith("c2pa.actions"):
            lines += [_action(one) for one in (assertion.get("data") or {}).get("actions") or ()]
        else:
            lines.append(f"  states: {inert(assertion.get('label', '?'))}")
    for source in manifest.get("ingredients") or ():
        lines.append(f"  made from: {inert(source.get('title', '?'))} ({inert(source.get('relationship', '?'))})")
    return lines


def _action(action: dict[str, Any]) -> str:
    kind = str(action.get("digitalSourceType", "")).rpartition("/")[2]
    return f"  action: {inert(action.get('action', '?'))}" + (f" ({inert(kind)})" if kind else "")
