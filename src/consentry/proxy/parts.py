"""What the proxy is made of, handed in once, and the three waits that every route shares."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from starlette.requests import Request

from consentry.adapters.upstreams.base import Upstream
from consentry.basics.clock import Clock
from consentry.guard.output import OutputContext, OutputScreening
from consentry.guard.pipeline import Screening
from consentry.guard.request import ScreenRequest
from consentry.provenance.signing import Signer
from consentry.proxy.admission import Admission
from consentry.proxy.errors import SERVER_ERROR, ProxyRefusal
from consentry.proxy.ledger import Caller, Ledger
from consentry.proxy.metrics import Metrics
from consentry.proxy.replies import Stopped
from consentry.proxy.settings import ProxySettings
from consentry.proxy.workers import Workers

log = logging.getLogger("consentry.proxy")
T = TypeVar("T")


class Screens(Protocol):
    """The guard, as far as the proxy asks it (``guard.pipeline.Guard``)."""

    def screen(self, request: ScreenRequest) -> Screening:
        """Judge a request; never raises."""
        ...

    def screen_output(self, context: OutputContext, outputs: Sequence[bytes]) -> OutputScreening:
        """Judge an answer; never raises."""
        ...

    def health(self) -> Mapping[str, str]:
        """``ok``, ``down`` or ``stuck`` by part."""
        ...


class Fetcher(Protocol):
    """Fetches remote pictures safely (``adapters.fetching``)."""

    async def fetch(
        self, url: str, *, seconds: float, limit: int, take: Callable[[int], None], origin: str | None = None
    ) -> bytes:
        """The bytes at ``url``, or ``FetchRefused``."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


@dataclass(frozen=True, slots=True)
class Parts:
    """One guard process."""

    guard: Screens
    upstream: Upstream
    ledger: Ledger[Any]
    signer: Signer
    fetcher: Fetcher
    settings: ProxySettings
    clock: Clock
    admission: Admission
    metrics: Metrics
    judging: Workers
    parsing: Workers
    signing: Workers

    async def caller(self, request: Request) -> Caller:
        """The authenticated caller, allowed to screen; 401 or 403 otherwise."""
        given = request.headers.getlist("authorization")
        scheme, _, bearer = given[0].partition(" ") if len(given) == 1 else ("", "", "")
        caller: Caller | None = None
        if scheme.lower() == "bearer" and 0 < len(bearer.strip()) <= 512:
            caller = await self.kept(self.ledger.authenticate(bearer.strip()))
        if caller is None:
            raise ProxyRefusal(401, "invalid_api_key")
        if "screen" not in caller.scopes:
            raise ProxyRefusal(403, "scope_missing", scope="screen")
        return caller

    async def kept(self, verb: Awaitable[T]) -> T:
        """What a verb of the ledger answers; 503 when it fails or takes too long, so that nothing goes on."""
        try:
            async with asyncio.timeout(self.settings.ledger_seconds):
                return await verb
        except Exception as error:  # whatever it was, the record is not known to be durable
            log.error("the ledger failed: %s", type(error).__name__)
            raise ProxyRefusal(
                503, "not_recorded", type_=SERVER_ERROR, retry_after=self.settings.retry_after
            ) from error

    async def judged(self, work: Callable[[], T]) -> T:
        """What the guard answers; ``Stopped`` without a decision when it takes too long."""
        try:
            return await self.judging.run(work, seconds=self.settings.guard_seconds)
        except Exception as error:  # the guard promises neither to raise nor to hang: fail closed
            log.error("the guard gave no answer: %s", type(error).__name__)
            raise Stopped(None, None, link=self.settings.consent_link) from error
