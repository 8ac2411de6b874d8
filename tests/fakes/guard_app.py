"""The proxy with fakes around it: everything a test wants to look at, in one place."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from starlette.applications import Starlette

from consentry.adapters.credentials.c2pa_signer import C2paSigner
from consentry.adapters.fetching.remote_picture import RemotePictures
from consentry.adapters.keystores.certificates import SigningIdentity
from consentry.adapters.keystores.file_keys import FileKeys
from consentry.adapters.upstreams.base import Upstream
from consentry.adapters.upstreams.pillow_editor import PillowEditor
from consentry.basics.clock import FixedClock
from consentry.provenance.signing import Signer
from consentry.proxy.app import build_app
from consentry.proxy.parts import Fetcher, Screens
from consentry.proxy.settings import ProxySettings
from tests.fakes.guard import ScriptedGuard
from tests.fakes.ledger import MemoryLedger

SETTINGS = ProxySettings(public_base_url="https://portal.example")


@cache
def demo_identity() -> SigningIdentity:
    """One demo key and certificate for all tests of a run."""
    with TemporaryDirectory() as folder:
        return FileKeys(Path(folder), demo=True, clock=FixedClock(datetime.now(UTC))).signing_identity()


@cache
def demo_signer() -> C2paSigner:
    """One signer for all tests of a run."""
    return C2paSigner(demo_identity())


@dataclass
class GuardApp:
    """Builds the application from fakes, each of which a test may replace."""

    guard: Screens = field(default_factory=ScriptedGuard)
    ledger: MemoryLedger = field(default_factory=MemoryLedger)
    upstream: Upstream = field(default_factory=PillowEditor)
    fetcher: Fetcher = field(default_factory=RemotePictures)
    settings: ProxySettings = SETTINGS
    signer: Signer | None = None

    def build(self, **limits: Any) -> Starlette:
        """The application, with ``limits`` of the settings replaced."""
        return build_app(
            guard=self.guard,
            upstream=self.upstream,
            ledger=self.ledger,
            signer=self.signer or demo_signer(),
            fetcher=self.fetcher,
            settings=replace(self.settings, **limits),
            clock=FixedClock(),
        )
