"""What the example platform is told at start, and the secrets that it makes for itself the first time."""

import base64
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Faults:
    """Ways to misbehave on purpose, for tests: each concerns the webhook receiver only."""

    fail: int = 0
    """Answer 500 to this many requests before anything is looked at."""
    fail_after: int = 0
    """Obey, then answer 500 to this many requests: the acknowledgement gets lost."""
    slow: float = 0.0
    """Wait so many seconds before each answer."""
    lie: bool = False
    """Answer that it is done without doing it."""
    redirect: str = ""
    """Answer 307 to this address."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Addresses, secrets and faults of one run."""

    data: Path
    base_url: str
    consentry_url: str
    guard_url: str
    platform_key: str
    connector_token: str
    webhook_secret: str
    pseudonym_key: str
    session_key: str
    faults: Faults = Faults()


def read_secrets(data: Path, environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The platform's secrets: from ``PLATFORM_*`` variables where set, otherwise from ``secrets.json`` in ``data``."""
    data.mkdir(parents=True, exist_ok=True)
    file = data / "secrets.json"
    if not file.exists():
        fresh = {
            "connector_token": secrets.token_urlsafe(32),
            "webhook_secret": "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode(),
            "pseudonym_key": secrets.token_hex(32),
            "session_key": secrets.token_hex(32),
        }
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as out:
            json.dump(fresh, out, indent=1)
    kept: dict[str, str] = json.loads(file.read_text())
    return {name: environment.get(f"PLATFORM_{name.upper()}", value) for name, value in kept.items()}
