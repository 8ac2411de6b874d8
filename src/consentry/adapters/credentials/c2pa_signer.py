"""Signs pictures with C2PA through c2pa-python (c2pa-rs).

Invariants: no thumbnail of anything, and those in a source's own credential are redacted (a thumbnail would be a second
copy of the very photograph that is protected); no network (no OCSP, no remote manifests, no time stamp authority); a
source whose credential is broken, or that c2pa cannot take, is named without its credential rather than stopping or
spoiling the signature. Not done here: what the statement says (``provenance.claim``).
"""

import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

import c2pa

from consentry import __version__
from consentry.adapters.credentials.c2pa_reader import C2paReader
from consentry.adapters.keystores.certificates import SigningIdentity
from consentry.basics.ids import Sha256Hex
from consentry.provenance.claim import SourceLabel, manifest_definition, source_labels, thumbnail_addresses
from consentry.provenance.errors import CredentialUnread, SigningFailed
from consentry.provenance.signing import SignedPicture, SourcePicture
from consentry.provenance.states import State

SETTINGS: dict[str, Any] = {
    "builder": {"thumbnail": {"enabled": False}},
    "verify": {
        "verify_after_sign": False,  # a test does it; here only where a source could spoil it
        "remote_manifest_fetch": False,
        "ocsp_fetch": False,
    },
}


class C2paSigner:
    """Signs with one identity. Safe to call from several threads: every call has its own builder."""

    def __init__(self, identity: SigningIdentity) -> None:
        self._context = c2pa.Context.from_dict(SETTINGS)
        self._reader = C2paReader()
        try:
            self._signer = c2pa.Signer.from_info(
                c2pa.C2paSignerInfo(b"es256", identity.chain_pem, identity.key_pem, None)
            )
        except c2pa.C2paError as error:
            raise SigningFailed(f"The signing key or its certificate cannot be used ({_kind(error)}).") from error

    def sign(
        self, data: bytes, media_type: str, *, sources: Sequence[SourcePicture] = (), generator: str = ""
    ) -> SignedPicture:
        """See ``provenance.signing.Signer.sign``."""
        labels = source_labels(len(sources))
        credited: dict[SourceLabel, SourcePicture] = {}
        redactions: dict[str, None] = {}
        for label, source in zip(labels, sources, strict=True):
            manifests = self._manifests(source)
            if manifests:
                credited[label] = source
                redactions |= dict.fromkeys(thumbnail_addresses(manifests))
        if credited:
            signed = self._try(data, media_type, labels, credited, tuple(redactions), generator)
            if signed is not None and self._holds(signed, media_type):
                return _signed(*signed, media_type)
        signed = self._try(data, media_type, labels, {}, (), generator)
        if signed is None:
            raise SigningFailed(f"A picture of type {media_type} could not be signed.")
        return _signed(*signed, media_type)

    def _manifests(self, source: SourcePicture) -> Mapping[str, Any]:
        """The manifests of a source's own credential; empty when there is none or it cannot be read."""
        try:
            return self._reader.read(source.data, source.media_type).manifests
        except CredentialUnread:
            return {}

    def _try(
        self,
        data: bytes,
        media_type: str,
        labels: Sequence[SourceLabel],
        credited: Mapping[SourceLabel, SourcePicture],
        redactions: Sequence[str],
        generator: str,
    ) -> tuple[bytes, bytes] | None:
        """The signed file and its manifest; ``None`` when c2pa refuses."""
        definition = manifest_definition(
            version=__version__,
            sources=labels,
            bare=[one for one in labels if one not in credited],
            redactions=redactions,
            generator=generator,
        )
        out = io.BytesIO()
        try:
            with c2pa.Builder(json.dumps(definition), context=self._context) as builder:
                for label, source in credited.items():
                    builder.add_ingredient(json.dumps(label.ingredient), source.media_type, io.BytesIO(source.data))
                manifest = builder.sign(self._signer, media_type, io.BytesIO(data), out)
        except c2pa.C2paError:
            return None
        return out.getvalue(), manifest

    def _holds(self, signed: tuple[bytes, bytes], media_type: str) -> bool:
        """Whether the signed file reads back sound: only a real break counts, an unlisted signer does not."""
        try:
            state = self._reader.read(signed[0], media_type).verdict.state
        except CredentialUnread:
            return False
        return state in (State.TRUSTED, State.WELL_FORMED_UNTRUSTED)


def _signed(data: bytes, manifest: bytes, media_type: str) -> SignedPicture:
    digest = Sha256Hex(hashlib.sha256(data).hexdigest())
    return SignedPicture(data, media_type, _active_label(manifest), digest)


def _active_label(manifest: bytes) -> str:
    """The label of the manifest that was just written: the last of the store."""
    at = manifest.rfind(b"urn:c2pa:")
    return manifest[at : at + 45].decode("ascii", "replace") if at >= 0 else ""


def _kind(error: Exception) -> str:
    return type(error).__name__.lstrip("_")
