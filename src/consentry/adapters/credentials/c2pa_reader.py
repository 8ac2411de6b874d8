"""Reads the C2PA credential of a file through c2pa-python, and judges it by our own table.

Invariants: no network; nothing that a manifest says is believed or rendered here, it is data for ``provenance.states``
and for faces that escape it; a file that cannot be read is said to be unread, never to be without a credential.
"""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import c2pa

from consentry.provenance.errors import CredentialUnread
from consentry.provenance.states import NO_CREDENTIAL, Verdict, judge

SIGNATURES: tuple[tuple[bytes, int, str], ...] = (
    (b"\xff\xd8\xff", 0, "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", 0, "image/png"),
    (b"WEBP", 8, "image/webp"),
    (b"GIF8", 0, "image/gif"),
    (b"ftypavif", 4, "image/avif"),
    (b"ftypavis", 4, "image/avif"),
    (b"ftyphei", 4, "image/heic"),
    (b"II*\x00", 0, "image/tiff"),
    (b"MM\x00*", 0, "image/tiff"),
    (b"<svg", 0, "image/svg+xml"),
    (b"<?xml", 0, "image/svg+xml"),
)


@dataclass(frozen=True, slots=True)
class ReadCredential:
    """What a file carries: our verdict, the active manifest's label, and all manifests as the file says them.

    Every text in ``manifests`` was written by a stranger.
    """

    verdict: Verdict
    active: str | None = None
    manifests: Mapping[str, Any] = field(default_factory=dict)


class C2paReader:
    """Reads credentials. ``anchors_pem``: certificates of the roots that are trusted here; none by default."""

    def __init__(self, anchors_pem: str = "") -> None:
        settings: dict[str, Any] = {"verify": {"remote_manifest_fetch": False, "ocsp_fetch": False}}
        if anchors_pem:
            settings["verify"]["verify_trust"] = True
            settings["trust"] = {"trust_anchors": anchors_pem}
        try:
            self._context = c2pa.Context.from_dict(settings)
        except c2pa.C2paError as error:
            raise CredentialUnread("The list of trusted roots cannot be used.") from error

    def read(self, data: bytes, media_type: str | None = None) -> ReadCredential:
        """The credential of a file; ``CredentialUnread`` when the file's kind is unknown or it cannot be walked."""
        kind = media_type or find_media_type(data)
        if kind is None:
            raise CredentialUnread("The file is of no kind that can carry a credential here.")
        try:
            with c2pa.Reader(kind, io.BytesIO(data), context=self._context) as reader:
                said = json.loads(reader.json())
        except c2pa.C2paError.ManifestNotFound:
            return ReadCredential(NO_CREDENTIAL)
        except c2pa.C2paError as error:
            raise CredentialUnread(f"The file's credential could not be read ({type(error).__name__}).") from error
        verdict = judge(said.get("validation_results") or {})
        return ReadCredential(verdict, said.get("active_manifest"), said.get("manifests") or {})


def find_media_type(data: bytes) -> str | None:
    """The media type that the file's first bytes say, or ``None``; a file's name is never asked."""
    for magic, at, kind in SIGNATURES:
        if data[at : at + len(magic)] == magic:
            return kind
    return None
