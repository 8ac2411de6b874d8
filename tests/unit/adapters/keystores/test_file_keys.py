"""Key files: made once, closed to others, and loud when they are for the demo."""

import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.x509.oid import ExtendedKeyUsageOID

from consentry.adapters.keystores.certificates import CLAIM_SIGNING
from consentry.adapters.keystores.errors import KeyStoreError
from consentry.adapters.keystores.file_keys import DEMO_MARK, FileKeys
from consentry.basics.clock import FixedClock

CLOCK = FixedClock(datetime(2026, 6, 1, tzinfo=UTC))


def keys(folder: Path, *, demo: bool = True) -> FileKeys:
    """A store in ``folder``."""
    return FileKeys(folder, demo=demo, clock=CLOCK)


def test_a_key_is_made_once_and_found_again(tmp_path: Path) -> None:
    first, again = keys(tmp_path / "k"), keys(tmp_path / "k")
    assert first.log_key().private_bytes_raw() == again.log_key().private_bytes_raw()
    assert first.log_key("other").private_bytes_raw() != first.log_key().private_bytes_raw()
    assert first.secret("pepper") == again.secret("pepper")
    assert len(first.secret("pepper")) == 32
    assert first.signing_identity() == again.signing_identity()


def test_only_the_owner_may_read_a_key(tmp_path: Path) -> None:
    folder = tmp_path / "k"
    store = keys(folder)
    store.log_key()
    store.signing_identity()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}
    (folder / "log-ed25519.pem").chmod(0o640)
    with pytest.raises(KeyStoreError, match="chmod 600"):
        store.log_key()


def test_a_demo_key_says_so_in_its_file_and_in_its_certificate(tmp_path: Path) -> None:
    store = keys(tmp_path)
    identity = store.signing_identity()
    store.log_key()
    assert identity.demo
    assert store.demo_keys() == ["c2pa-es256.chain.pem", "c2pa-es256.pem", "log-ed25519.pem"]
    assert all(file.read_bytes().startswith(DEMO_MARK) for file in tmp_path.iterdir())
    leaf, root = x509.load_pem_x509_certificates(identity.chain_pem)
    assert all("DEMO" in part.value for name in (leaf.subject, leaf.issuer, root.subject) for part in name)


def test_the_demo_certificate_follows_the_profile(tmp_path: Path) -> None:
    leaf, root = x509.load_pem_x509_certificates(keys(tmp_path).signing_identity().chain_pem)
    leaf.verify_directly_issued_by(root)
    usages = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(usages) == [ExtendedKeyUsageOID.EMAIL_PROTECTION, CLAIM_SIGNING]
    assert (leaf.not_valid_after_utc - leaf.not_valid_before_utc).days == 366
    assert leaf.not_valid_before_utc < CLOCK.now() < leaf.not_valid_after_utc
    assert not leaf.extensions.get_extension_for_class(x509.BasicConstraints).value.ca


def test_real_keys_are_not_marked_and_no_certificate_is_made_up(tmp_path: Path) -> None:
    store = keys(tmp_path, demo=False)
    assert isinstance(store.log_key(), ed25519.Ed25519PrivateKey)
    assert store.demo_keys() == []
    with pytest.raises(KeyStoreError, match=r"c2pa-es256\.pem"):
        store.signing_identity()


def test_demo_keys_that_were_left_behind_are_still_known_as_such(tmp_path: Path) -> None:
    keys(tmp_path).signing_identity()
    assert keys(tmp_path, demo=False).signing_identity().demo
    assert keys(tmp_path, demo=False).demo_keys()


@pytest.mark.parametrize("content", [b"", b"hello", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
def test_a_damaged_key_is_named_and_never_replaced(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "log-ed25519.pem"
    file.write_bytes(content)
    file.chmod(0o600)
    with pytest.raises(KeyStoreError, match=r"log-ed25519\.pem"):
        keys(tmp_path).log_key()
    assert file.read_bytes() == content


def test_an_interrupted_creation_leaves_no_half_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def torn(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("consentry.adapters.keystores.file_keys.os.link", torn)
    with pytest.raises(OSError, match="No space"):
        keys(tmp_path).log_key()
    assert list(tmp_path.iterdir()) == []
