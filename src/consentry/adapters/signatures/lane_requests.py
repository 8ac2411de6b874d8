"""Sign and check the requests of accredited lanes: RFC 9421 with Ed25519, body bound by Content-Digest (RFC 9530).

Invariants: method, full address and body digest are covered; ``created`` is at most ``MAX_AGE`` old; a nonce is
required. Not done here: remembering nonces, and whether the lane may do what it asks (both are the action's).
"""

import base64
import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from http_message_signatures import (
    HTTPMessageSignaturesException,
    HTTPMessageSigner,
    HTTPMessageVerifier,
    MappingKeyResolver,
    algorithms,
)

from consentry.basics.errors import ConsentryError

COVERED = ("@method", "@target-uri", "content-digest")
MAX_AGE = datetime.timedelta(minutes=5)
TAG = "consentry-lane"


class SignatureRefused(ConsentryError):
    """The request is not provably from the lane that it names."""


@dataclass(slots=True)
class SignedRequest:
    """What the library reads: method, absolute address, headers (any case)."""

    method: str
    url: str
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class LaneSignature:
    """A signature that holds: the key's id and the nonce that must not come twice."""

    key_id: str
    nonce: str


def sign_lane_request(
    *, method: str, url: str, body: bytes, key: Ed25519PrivateKey, key_id: str, nonce: str, created: datetime.datetime
) -> dict[str, str]:
    """The headers that make ``body`` a signed request of the lane ``key_id``."""
    request = SignedRequest(method, url, {"Content-Type": "application/json"})
    signer = HTTPMessageSigner(
        signature_algorithm=algorithms.ED25519,
        key_resolver=MappingKeyResolver(public_keys={}, private_keys={key_id: key}),
    )
    signer.sign(request, key_id=key_id, created=created, nonce=nonce, tag=TAG, covered_component_ids=COVERED, body=body)
    return request.headers


def claimed_key_id(headers: Mapping[str, str]) -> str:
    """The key id that a request names, unproved; empty when it names none."""
    _, found, rest = headers.get("signature-input", headers.get("Signature-Input", "")).partition('keyid="')
    return rest.partition('"')[0] if found else ""


def check_lane_request(
    *, method: str, url: str, headers: Mapping[str, str], body: bytes, key_id: str, public_key: str
) -> LaneSignature:
    """The signature of ``key_id`` (public key: base64 of 32 bytes) on this request; ``SignatureRefused`` otherwise."""
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key, validate=True))
    verifier = HTTPMessageVerifier(
        signature_algorithm=algorithms.ED25519,
        key_resolver=MappingKeyResolver(public_keys={key_id: key}, private_keys={}),
    )
    try:
        results = verifier.verify(
            SignedRequest(method, url, dict(headers)),
            max_age=MAX_AGE,
            expect_tag=TAG,
            require_components=COVERED,
            body=body,
        )
    except (HTTPMessageSignaturesException, ValueError, KeyError) as error:
        raise _refused(type(error).__name__) from error
    if len(results) != 1 or not results[0].nonce:
        raise _refused("one signature with a nonce is needed")
    return LaneSignature(key_id=str(results[0].parameters.get("keyid", "")), nonce=results[0].nonce)


def _refused(why: str) -> SignatureRefused:
    return SignatureRefused(
        f"The request's signature does not hold ({why}).",
        not_done="Nothing was filed.",
        next_step="Sign method, target URI and Content-Digest with the lane's Ed25519 key, `created` within five "
        "minutes, a fresh nonce and the tag consentry-lane (docs/spec/guard-api.md, RFC 9421).",
    )
