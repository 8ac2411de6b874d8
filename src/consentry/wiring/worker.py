"""The worker: sends what waits in the outbox, gives log entries their place, counts what ran out of time.

Invariants: nothing is taken without a lease, and a lease outlives its worker by a minute only; each job is tried again
by the outbox, never by a loop of its own; a job that raises is an attempt that failed. Any number of workers may run;
the log's folder lock lets one at a time sequence.
"""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from django.db import close_old_connections

from consentry.access import SYSTEM
from consentry.actions.close_gone import close_gone
from consentry.actions.forget_expired import forget_expired
from consentry.actions.post_outbox import Attempt, lease_due
from consentry.actions.record_breaches import record_breaches
from consentry.actions.record_delivery import record_delivery
from consentry.actions.record_investigation import record_investigation
from consentry.actions.sequence_log import count_broken_promises, highest_size, sequence_log
from consentry.actions.settle_investigation import settle_investigation
from consentry.adapters.errors import ConnectorError
from consentry.adapters.platforms.connector import PlatformConnector
from consentry.adapters.senders.webhook import Delivered, Refused, encode_message
from consentry.audit.log import Log
from consentry.basics.ids import new_id
from consentry.records.outbox_message import OutboxKind, OutboxMessage
from consentry.wiring.server import Server

log = logging.getLogger("consentry.worker")

OUTBOX_PAUSE = 0.2
SEQUENCE_PAUSE = 0.5
SWEEP_PAUSE = 15.0
SENDERS = 4


class Worker:
    """Runs until ``stop`` is set; each loop has its own thread and database connection."""

    def __init__(self, app: Server) -> None:
        self._app = app
        self._name = new_id("wrk")
        self._log: Log | None = None

    def run(self, stop: threading.Event) -> None:
        """Work until ``stop``; returns when every loop has ended and what was in hand is settled."""
        loops = [
            threading.Thread(target=self._every, args=(OUTBOX_PAUSE, self.send_due, stop), name="outbox"),
            threading.Thread(target=self._every, args=(SEQUENCE_PAUSE, self.sequence, stop), name="sequencer"),
            threading.Thread(target=self._every, args=(SWEEP_PAUSE, self.sweep, stop), name="sweep"),
        ]
        for loop in loops:
            loop.start()
        for loop in loops:
            loop.join()

    def send_due(self) -> int:
        """Take what is due and do it, several at once; how many messages were taken."""
        messages = self._app.act(lease_due, by=SYSTEM, worker=self._name)
        if messages:
            with ThreadPoolExecutor(max_workers=SENDERS, thread_name_prefix="send") as pool:
                list(pool.map(self._handle, messages))
        return len(messages)

    def sequence(self) -> int:
        """Place waiting entries under a new checkpoint; how many."""
        if self._log is None:
            self._log = self._app.open_log(at_least=highest_size())
        return sequence_log(self._app.ctx, by=SYSTEM, log=self._log)

    def sweep(self) -> int:
        """Count deadlines and promises that ran out; forget what was kept for a time that is over."""
        return sum(self._app.act(job, by=SYSTEM) for job in (record_breaches, count_broken_promises, forget_expired))

    def _every(self, pause: float, job: Callable[[], int], stop: threading.Event) -> None:
        while not stop.is_set():
            try:
                busy = job() > 0
            except Exception as error:
                # The message of a foreign error may hold anything; its type and place are enough to find it.
                log.error("%s failed: %s", job.__name__, type(error).__name__, exc_info=self._app.config.demo)
                self._log, busy = None, False
            close_old_connections()
            if not busy:
                stop.wait(pause)

    def _handle(self, message: OutboxMessage) -> None:
        try:
            if message.kind == OutboxKind.WEBHOOK:
                self._send(message)
            else:
                self._investigate(message)
        except Exception as error:
            log.error("message %s failed: %s", message.pk, type(error).__name__, exc_info=self._app.config.demo)
        finally:
            close_old_connections()

    def _send(self, message: OutboxMessage) -> None:
        platform = message.platform
        assert platform is not None
        body = encode_message({**message.body, "id": message.pk})
        sent = self._app.sender.send(platform.webhook_url, platform.webhook_secret, message.pk, body)
        if isinstance(sent, Delivered):
            attempt = Attempt(done=True, answer={"state": sent.state, "acted_at": _text(sent.acted_at)})
        elif isinstance(sent, Refused):
            attempt = Attempt(done=False, error=sent.reason, retry=False)
        else:
            wait = None if sent.retry_after is None else timedelta(seconds=sent.retry_after)
            attempt = Attempt(done=False, error=sent.reason, retry_after=wait)
        self._app.act(record_delivery, by=SYSTEM, message=message, worker=self._name, attempt=attempt)

    def _investigate(self, message: OutboxMessage) -> None:
        platform, case = message.platform, message.case
        assert platform is not None
        assert case is not None
        connector = PlatformConnector(
            platform.base_url, platform.connector_token, allow_private=self._app.config.private_targets
        )
        attempt = Attempt(done=True)
        try:
            findings = self._app.investigator.look(connector, case.content_ref)
        except ConnectorError as error:
            attempt = Attempt(done=False, error=error.happened)
        else:
            if findings is None:
                self._app.act(close_gone, by=SYSTEM, case_id=case.pk)
            else:
                report = str(message.body["report"])
                self._app.act(record_investigation, by=SYSTEM, report_id=report, findings=findings)
        self._app.act(settle_investigation, by=SYSTEM, message=message, worker=self._name, attempt=attempt)


def _text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
