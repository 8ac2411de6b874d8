"""Signing: every format that we release, from several threads, and never without a credential."""

import io
import json
import threading

import c2pa
import pytest

from consentry.adapters.credentials.c2pa_reader import C2paReader
from consentry.adapters.credentials.c2pa_signer import C2paSigner
from consentry.adapters.keystores.certificates import SigningIdentity
from consentry.provenance.errors import CredentialUnread, SigningFailed
from consentry.provenance.signing import SourcePicture
from consentry.provenance.states import State
from tests.fakes.guard_app import demo_identity, demo_signer
from tests.fakes.image_upstream import picture

READER = C2paReader()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "AVIF"])
def test_every_format_that_is_released_can_be_signed(kind: str) -> None:
    media_type = f"image/{kind.lower()}"
    signed = demo_signer().sign(picture(kind), media_type, generator="a model")
    read = READER.read(signed.data)
    assert read.verdict.state is State.WELL_FORMED_UNTRUSTED
    assert read.active == signed.manifest_id
    manifest = read.manifests[signed.manifest_id]
    assert "thumbnail" not in json.dumps(manifest)
    (actions,) = [one["data"] for one in manifest["assertions"] if one["label"] == "c2pa.actions.v2"]
    assert actions["allActionsIncluded"] is True
    assert C2paReader(demo_identity().chain_pem.decode()).read(signed.data).verdict.state is State.TRUSTED


def test_an_edit_of_our_own_output_keeps_the_first_credential() -> None:
    first = demo_signer().sign(picture(), "image/png")
    second = demo_signer().sign(picture("JPEG"), "image/jpeg", sources=[SourcePicture(first.data, "image/png")])
    read = READER.read(second.data)
    assert set(read.manifests) == {first.manifest_id, second.manifest_id}
    assert read.manifests[second.manifest_id]["ingredients"][0]["active_manifest"] == first.manifest_id


def test_further_inputs_are_named_as_inputs_and_nothing_of_their_files_goes_in() -> None:
    named = picture("PNG", size=(32, 32))
    sources = [SourcePicture(named, "image/png"), SourcePicture(b"no picture", "image/jpeg")]
    signed = demo_signer().sign(picture(), "image/png", sources=sources)
    manifest = READER.read(signed.data).manifests[signed.manifest_id]
    assert [(one["title"], one["relationship"]) for one in manifest["ingredients"]] == [
        ("source picture 1", "parentOf"),
        ("source picture 2", "inputTo"),
    ]
    assert {key for one in manifest["ingredients"] for key in one} == {"title", "relationship", "instance_id", "label"}


def test_one_changed_byte_is_seen() -> None:
    data = bytearray(demo_signer().sign(picture("JPEG"), "image/jpeg").data)
    data[-20] ^= 1
    verdict = READER.read(bytes(data)).verdict
    assert verdict.state is State.INVALID
    assert verdict.altered


def test_threads_do_not_disturb_each_other() -> None:
    found: list[str] = []

    def work() -> None:
        for _ in range(10):
            found.append(demo_signer().sign(picture(), "image/png").manifest_id)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(set(found)) == 60


def test_what_cannot_be_signed_is_an_error_and_not_an_unsigned_picture() -> None:
    with pytest.raises(SigningFailed):
        demo_signer().sign(b"no picture", "image/png")
    with pytest.raises(SigningFailed):
        demo_signer().sign(picture(), "text/plain")
    with pytest.raises(SigningFailed):
        C2paSigner(SigningIdentity(b"no chain", b"no key", demo=False))


def test_a_file_that_cannot_be_read_is_not_said_to_be_without_a_credential() -> None:
    with pytest.raises(CredentialUnread):
        READER.read(b"no picture")
    assert READER.read(picture()).verdict.state is State.NONE
    with pytest.raises(c2pa.C2paError):
        c2pa.Reader("image/png", io.BytesIO(picture()))
