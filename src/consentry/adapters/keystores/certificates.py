"""Certificates for content credentials: what a signing identity is, and a chain for the demo.

The profile is C2PA's (certificate profile of the conformance programme, v0.2): ES256, leaf with digitalSignature,
extended key usage emailProtection and c2pa-kp-claimSigning, at most 366 days. A demo chain hangs on a root that is
thrown away at once, so that nobody can issue a second certificate from it; its subject says DEMO in every name.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

CLAIM_SIGNING = ObjectIdentifier("1.3.6.1.4.1.62558.2.1")
LEAF_DAYS = 366
ROOT_DAYS = 3650


@dataclass(frozen=True, slots=True)
class SigningIdentity:
    """A certificate chain (PEM, leaf first) and the leaf's private key (PKCS#8 PEM, P-256)."""

    chain_pem: bytes
    key_pem: bytes = field(repr=False)
    demo: bool


def demo_chain(key: ec.EllipticCurvePrivateKey, since: datetime) -> bytes:
    """A leaf for ``key`` and its root, PEM, valid from ``since`` (UTC) for 366 days."""
    root_key = ec.generate_private_key(ec.SECP256R1())
    root_name, leaf_name = _name("DEMO root, not for real use"), _name("DEMO signer, not for real use")
    root = (
        _begin(root_name, root_name, root_key, since, ROOT_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(certificates=True), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    leaf = (
        _begin(leaf_name, root_name, key, since, LEAF_DAYS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION, CLAIM_SIGNING]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False)
        .sign(root_key, hashes.SHA256())
    )
    return leaf.public_bytes(Encoding.PEM) + root.public_bytes(Encoding.PEM)


def _name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Consentry DEMO"),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _begin(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, since: datetime, days: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(since + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(*, certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=certificates,
        crl_sign=certificates,
        encipher_only=False,
        decipher_only=False,
    )
