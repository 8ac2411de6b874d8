"""Everything an operator can set, as one frozen value, read once at start from ``CONSENTRY_*`` variables.

Invariants: nothing else in the package reads the environment; a value that cannot be used stops the start with a
sentence that names the variable; production mode refuses the insecure stand-ins of the demo (``problems``).
docs/operating.md lists every setting; a test compares the list with this class.
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from pathlib import Path
from typing import Self

from consentry.basics.errors import ConsentryError


class ConfigError(ConsentryError):
    """A setting that cannot be used."""


class InstallationRole(StrEnum):
    """What this installation is for; faces that the role has no use for are off."""

    PLATFORM = "platform"
    HOTLINE = "hotline"
    AUTHORITY = "authority"


@dataclass(frozen=True, slots=True)
class Config:
    """One installation's settings. Each field ``x`` is set by the variable ``CONSENTRY_X``."""

    data_dir: Path
    """Folder of the database (SQLite), the keys and the log's tiles."""
    database: str
    """``sqlite`` (a file in ``data_dir``) or ``postgresql://user:password@host/name``."""
    role: InstallationRole
    """``platform``, ``hotline`` or ``authority``."""
    production: bool
    """Refuses demo keys, a throw-away secret key and plain http."""
    demo: bool
    """Creates demo keys and says so on every page."""
    secret_key: str
    """Signs sessions; at least 50 characters in production."""
    public_url: str
    """Where people reach the portal, without a trailing slash."""
    guard_url: str
    """Where platforms reach the guard, without a trailing slash."""
    allowed_hosts: tuple[str, ...]
    """Host names that the web process answers to, comma separated."""
    log_origin: str
    """The log's name in checkpoints and keys (C2SP tlog-checkpoint), such as ``consentry.example/log``."""
    jurisdictions: tuple[str, ...]
    """Codes of the legal systems at work here, comma separated."""
    upstream_url: str
    """Base address of an OpenAI-compatible image API; empty means the built-in Pillow editor."""
    upstream_key: str
    """The operator's own key at the upstream; a caller's key is never forwarded."""
    policy_file: str
    """A guard policy in YAML; empty means the house policy of the package."""
    private_targets: bool
    """Lets webhooks and connectors reach private addresses (needed on one machine, and for the demo)."""
    promise_seconds: int
    """How soon an accepted entry must stand in the log; later is counted in public as a broken promise."""
    decoding_processes: int
    """Processes that decode pictures under limits."""
    detector_seconds: float
    """How long all detectors together may take on one request before it is denied."""
    neutral_url: str
    """Where *quick exit* takes a person; empty means a plain page of this installation."""

    @classmethod
    def read(cls, environment: Mapping[str, str] | None = None) -> Self:
        """The settings in ``environment`` (the process's own by default); ``ConfigError`` names a bad one."""
        env = os.environ if environment is None else environment

        def get(name: str, default: str) -> str:
            return env.get(f"CONSENTRY_{name}", default)

        production = _flag("PRODUCTION", get("PRODUCTION", "0"))
        return cls(
            data_dir=Path(get("DATA_DIR", "var")).resolve(),
            database=get("DATABASE", "sqlite"),
            role=_role(get("ROLE", "platform")),
            production=production,
            demo=_flag("DEMO", get("DEMO", "0")),
            secret_key=get("SECRET_KEY", "" if production else secrets.token_urlsafe(48)),
            public_url=get("PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/"),
            guard_url=get("GUARD_URL", "http://127.0.0.1:8010").rstrip("/"),
            allowed_hosts=_words(get("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")),
            log_origin=get("LOG_ORIGIN", "localhost/consentry-log"),
            jurisdictions=_words(get("JURISDICTIONS", "jp,us,uk")),
            upstream_url=get("UPSTREAM_URL", "").rstrip("/"),
            upstream_key=get("UPSTREAM_KEY", ""),
            policy_file=get("POLICY_FILE", ""),
            private_targets=_flag("PRIVATE_TARGETS", get("PRIVATE_TARGETS", "0")),
            promise_seconds=int(_number("PROMISE_SECONDS", get("PROMISE_SECONDS", "60"))),
            decoding_processes=int(_number("DECODING_PROCESSES", get("DECODING_PROCESSES", "2"))),
            detector_seconds=_number("DETECTOR_SECONDS", get("DETECTOR_SECONDS", "5")),
            neutral_url=get("NEUTRAL_URL", ""),
        )

    def problems(self) -> list[str]:
        """Why this configuration must not serve the public; empty when it may."""
        found = []
        if self.demo:
            found.append("CONSENTRY_DEMO is on: its keys are known to everybody. Unset it and create your own keys.")
        if len(self.secret_key) < 50:
            found.append("CONSENTRY_SECRET_KEY is missing or shorter than 50 characters: sessions could be forged.")
        for name, url in (("PUBLIC_URL", self.public_url), ("GUARD_URL", self.guard_url)):
            if not url.startswith("https://"):
                found.append(f"CONSENTRY_{name} is not https: receipts and pictures would travel in clear.")
        return found

    @property
    def keys_dir(self) -> Path:
        """Where key files lie."""
        return self.data_dir / "keys"

    @property
    def log_dir(self) -> Path:
        """Where checkpoint and tiles lie; a front server may serve it as it is."""
        return self.data_dir / "log"


def setting_names() -> tuple[str, ...]:
    """Every variable that ``Config.read`` looks at."""
    return tuple(f"CONSENTRY_{field.name.upper()}" for field in fields(Config))


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def _flag(name: str, text: str) -> bool:
    if text.lower() in {"1", "true", "yes", "on"}:
        return True
    if text.lower() in {"", "0", "false", "no", "off"}:
        return False
    raise ConfigError(
        f"CONSENTRY_{name} is {text!r}, which is neither yes nor no.",
        not_done="Nothing was started.",
        next_step="Set it to 1 or 0.",
    )


def _number(name: str, text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 < number < 1e9:
        raise ConfigError(
            f"CONSENTRY_{name} is {text!r}, which is not a positive number.",
            not_done="Nothing was started.",
            next_step="Set it to a number above 0.",
        )
    return number


def _role(text: str) -> InstallationRole:
    try:
        return InstallationRole(text)
    except ValueError:
        raise ConfigError(
            f"CONSENTRY_ROLE is {text!r}.",
            not_done="Nothing was started.",
            next_step=f"Use one of: {', '.join(InstallationRole)}.",
        ) from None
