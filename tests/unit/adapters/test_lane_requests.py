"""A lane's signed request holds only for exactly what was signed."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from consentry.adapters.signatures.lane_requests import (
    SignatureRefused,
    check_lane_request,
    claimed_key_id,
    sign_lane_request,
)

URL = "https://consentry.example/api/v1/lane/reports"
BODY = b'{"reports":[]}'
KEY = Ed25519PrivateKey.generate()
PUBLIC = base64.b64encode(KEY.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()


def signed(**changes):
    values = {
        "method": "POST",
        "url": URL,
        "body": BODY,
        "key": KEY,
        "key_id": "hotline-1",
        "nonce": "n1",
        "created": datetime.now(UTC),
    }
    return sign_lane_request(**(values | changes))


def check(headers, **changes):
    values = {"method": "POST", "url": URL, "body": BODY, "key_id": "hotline-1", "public_key": PUBLIC}
    return check_lane_request(headers=headers, **(values | changes))


def test_a_signature_holds_for_what_was_signed():
    headers = signed()
    assert claimed_key_id(headers) == "hotline-1"
    assert check(headers).nonce == "n1"


@pytest.mark.parametrize(
    "changes",
    [
        {"body": b'{"reports":[1]}'},
        {"method": "PUT"},
        {"url": URL + "?x=1"},
        {"key_id": "hotline-2"},
        {"public_key": base64.b64encode(bytes(31) + b"\x01").decode()},
    ],
)
def test_anything_else_is_refused(changes):
    with pytest.raises(SignatureRefused):
        check(signed(), **changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"created": datetime.now(UTC) - timedelta(minutes=10)},
        {"created": datetime.now(UTC) + timedelta(minutes=10)},
        {"nonce": ""},
        {"key": Ed25519PrivateKey.generate()},
    ],
)
def test_stale_future_nonceless_and_foreign_signatures_are_refused(changes):
    with pytest.raises(SignatureRefused):
        check(signed(**changes))


def test_a_request_without_a_signature_is_refused():
    with pytest.raises(SignatureRefused):
        check({"Content-Type": "application/json"})
