"""The guard's ledger over the tables: implements ``proxy.ledger.Ledger`` with actions on the group-commit writer."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from asgiref.sync import sync_to_async
from django.db import close_old_connections

from consentry.access import Actor, Role
from consentry.actions.machine_access import machine_for
from consentry.actions.record_output import ReleasedPicture, record_output
from consentry.actions.record_screening import record_screening
from consentry.actions.strike_account import standing_of
from consentry.guard.output import OutputScreening
from consentry.guard.pipeline import Screening
from consentry.guard.request import ScreenRequest
from consentry.provenance.signing import ReleasedPicture as SignedRelease
from consentry.records.guard_decision import OutputState
from consentry.records.platform import Platform
from consentry.wiring.server import Server


@dataclass(frozen=True, slots=True)
class DatabaseCaller:
    """An authenticated machine key, with the platform's row."""

    machine_id: str
    platform: str
    scopes: frozenset[str]
    row: Platform

    @property
    def actor(self) -> Actor:
        """Who this is to the actions."""
        return Actor(Role.PLATFORM, self.machine_id)


class DatabaseLedger:
    """Keeps decisions in the database; every verb returns after its commit."""

    def __init__(self, app: Server) -> None:
        self._app = app

    async def authenticate(self, bearer: str) -> DatabaseCaller | None:
        """The caller with this key; ``None`` for an unknown or revoked one."""
        return await sync_to_async(self._authenticate, thread_sensitive=False)(bearer)

    async def may_ask(self, caller: DatabaseCaller, subject: str) -> bool:
        """``False`` while the ladder of strikes keeps this account from generating."""
        return await sync_to_async(self._may_ask, thread_sensitive=False)(caller, subject)

    async def record_screening(
        self, caller: DatabaseCaller, request: ScreenRequest, screening: Screening
    ) -> Mapping[str, Any]:
        """Keep a decision; the promise of its entry or batch."""
        future = self._app.writer.submit(
            lambda: record_screening(self._app.ctx, by=caller.actor, platform=caller.row, screening=screening)
        )
        promise: Any = await asyncio.wrap_future(future)
        return dict(promise)

    async def record_output(
        self, caller: DatabaseCaller, screening: Screening, output: OutputScreening
    ) -> Mapping[str, Any]:
        """Keep that outputs were stopped or faulty; clean ones are recorded with their release."""
        if output.decision.allowed:
            return {}
        state = OutputState.FAULT if output.fault else OutputState.STOPPED
        return await self._close(caller, screening, state, tuple(reason.code for reason in output.decision.reasons), ())

    async def record_fault(self, caller: DatabaseCaller, screening: Screening, why: str) -> None:
        """Keep that the upstream gave nothing usable."""
        await self._close(caller, screening, OutputState.FAULT, ("upstream_fault",), ())

    async def record_release(
        self, caller: DatabaseCaller, screening: Screening, released: Sequence[SignedRelease]
    ) -> None:
        """Keep what is about to leave."""
        pictures = [ReleasedPicture(one.sha256, one.pdq, one.pdq_quality) for one in released]
        await self._close(caller, screening, OutputState.RELEASED, (), pictures)

    async def _close(
        self,
        caller: DatabaseCaller,
        screening: Screening,
        state: OutputState,
        reasons: tuple[str, ...],
        released: Sequence[ReleasedPicture],
    ) -> Mapping[str, Any]:
        future = self._app.writer.submit(
            lambda: record_output(
                self._app.ctx,
                by=caller.actor,
                platform=caller.row,
                decision_id=screening.decision.decision_id,
                state=state,
                reasons=reasons,
                released=released,
            )
        )
        return await asyncio.wrap_future(future)

    def _authenticate(self, bearer: str) -> DatabaseCaller | None:
        try:
            machine = machine_for(bearer)
        finally:
            close_old_connections()
        if machine is None:
            return None
        return DatabaseCaller(machine.key_id, machine.platform.pk, machine.scopes, machine.platform)

    def _may_ask(self, caller: DatabaseCaller, subject: str) -> bool:
        return standing_of(self._app.ctx, platform=caller.row, account_ref=subject).may_generate
