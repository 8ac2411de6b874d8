"""Builds everything that the processes with a database share, once a process: ``server()``.

Invariants: the only place that chooses adapters for the application; production refuses to start with what the demo
uses; parts that cost memory (decoding processes, detectors) are made when they are first needed.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import cache, cached_property
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.conf import settings

from consentry.actions.context import Context
from consentry.actions.picture_memory import DatabaseMemory
from consentry.actions.record_screening import finish_batch
from consentry.adapters.clock import SystemClock
from consentry.adapters.decoding.pool import DecodingPool
from consentry.adapters.detectors.nudity import NudityDetector
from consentry.adapters.keystores.file_keys import FileKeys
from consentry.adapters.senders.webhook import WebhookSender
from consentry.adapters.stores.tile_files import TileFolder
from consentry.audit.log import Log
from consentry.audit.note import Signer, Verifier
from consentry.audit.promise import promise_key_name
from consentry.basics.clock import Clock
from consentry.cases.clocks import Installation
from consentry.cases.jurisdictions import load_rules
from consentry.config import Config, ConfigError
from consentry.guard.limits import Limits
from consentry.guard.policy import Policy
from consentry.records.group_commit import GroupCommit
from consentry.wiring.core import load_house_policy
from consentry.wiring.investigation import Investigator

P = ParamSpec("P")
T = TypeVar("T")

PROMISE_KEY = "promise-ed25519"
RECEIPT_PEPPER = "receipt-pepper"


class Server:
    """One process's parts. Everything that acts goes through ``act``, so that writes share commits."""

    def __init__(self, config: Config, clock: Clock | None = None) -> None:
        self.config = config
        self.clock: Clock = clock or SystemClock()
        self.keys = FileKeys(config.keys_dir, demo=config.demo, clock=self.clock)
        self._refuse_insecure_production()
        self.log_signer = Signer(config.log_origin, self.keys.log_key())
        self.promise_signer = Signer(promise_key_name(config.log_origin), self.keys.log_key(PROMISE_KEY))
        self.ctx = Context(
            clock=self.clock,
            origin=config.log_origin,
            promise_signer=self.promise_signer,
            promise_within=timedelta(seconds=config.promise_seconds),
            rules=load_rules(),
            installation=Installation(jurisdictions=config.jurisdictions),
            receipt_pepper=self.keys.secret(RECEIPT_PEPPER),
            public_url=config.public_url,
        )
        self.writer = GroupCommit(finalise=lambda results: finish_batch(self.ctx, results))
        self.memory = DatabaseMemory(self.clock)
        self.log_files = TileFolder(config.log_dir)
        self.policy: Policy = load_house_policy(config.policy_file)

    def act(self, action: Callable[Concatenate[Context, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run an action on the group-commit writer; returns when it is durable, raises what it raises."""
        return self.writer.run(lambda: action(self.ctx, *args, **kwargs))

    def open_log(self, *, at_least: int = 0) -> Log:
        """The log for its one writer; begun if this installation has none and the database knows of none either."""
        if at_least == 0 and self.log_files.read("checkpoint") is None:
            return Log.start(self.log_files, self.log_signer)
        return Log.open(self.log_files, self.log_signer, at_least=at_least)

    @property
    def verifiers(self) -> tuple[Verifier, Verifier]:
        """Public keys of checkpoints and of promises."""
        return self.log_signer.verifier, self.promise_signer.verifier

    @cached_property
    def decoder(self) -> DecodingPool:
        """Decodes pictures in limited processes."""
        return DecodingPool(self.config.decoding_processes, Limits())

    @cached_property
    def investigator(self) -> Investigator:
        """Looks at the platforms' own bytes."""
        return Investigator(self.decoder, NudityDetector(), self.memory)

    @cached_property
    def sender(self) -> WebhookSender:
        """Sends webhooks."""
        return WebhookSender(self.clock, allow_private=self.config.private_targets)

    def close(self) -> None:
        """Finish queued writes and end child processes."""
        self.writer.close()
        decoder: Any = self.__dict__.get("decoder")
        if decoder is not None:
            decoder.close()

    def _refuse_insecure_production(self) -> None:
        if not self.config.production:
            return
        problems = self.config.problems() + [f"{name} is a demo key." for name in self.keys.demo_keys()]
        if problems:
            raise ConfigError(
                "This configuration must not serve the public: " + " ".join(problems),
                not_done="Nothing was started.",
                next_step="Mend each point, or unset CONSENTRY_PRODUCTION to try things out.",
            )


@cache
def server() -> Server:
    """This process's parts, made at the first call."""
    config: Config = settings.CONSENTRY
    return Server(config)
