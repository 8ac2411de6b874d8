"""Work that may hang, done on threads that may be left behind.

Invariants: waiting never lasts longer than the caller's deadline; a piece of work that is not finished by then is
given up, its thread abandoned until the work returns by itself; at most ``abandoned_limit`` threads are ever
abandoned, after which work is refused at once; an abandoned thread that returns goes back to work, so a lane
recovers without a restart. Not done here: stopping work that hangs (Python cannot), judging its result.
"""

import threading
from collections import deque
from collections.abc import Callable
from enum import StrEnum
from typing import Generic, TypeVar

Given = TypeVar("Given")
Result = TypeVar("Result")

IDLE_SECONDS = 30.0
"""An idle thread ends after this long, so that an unused guard keeps none."""


class LaneState(StrEnum):
    """What the last pieces of work say about a lane."""

    OK = "ok"
    DOWN = "down"
    """The last piece of work raised."""
    STUCK = "stuck"
    """A piece of work hangs and none has succeeded since, or too many hang for new work to be taken."""


class WorkLost(Exception):
    """A piece of work that gave no result: it raised, it did not finish in time, or the lane took no more."""


class Ticket(Generic[Given, Result]):
    """One piece of work that a lane took; the lane's lock guards every field."""

    __slots__ = ("cancelled", "done", "error", "given", "result", "worker")

    def __init__(self, given: Given) -> None:
        self.given = given
        self.done = threading.Event()
        self.result: Result | None = None
        self.error: BaseException | None = None
        self.worker: _Worker | None = None
        self.cancelled = False


class _Worker:
    __slots__ = ("abandoned",)

    def __init__(self) -> None:
        self.abandoned = False


class Lane(Generic[Given, Result]):
    """One kind of work, done by at most ``threads`` threads simultaneously, those abandoned not counted."""

    def __init__(self, name: str, work: Callable[[Given], Result], *, threads: int, abandoned_limit: int) -> None:
        self.name = name
        self._work = work
        self._threads = threads
        self._abandoned_limit = abandoned_limit
        self._changed = threading.Condition()
        self._waiting: deque[Ticket[Given, Result]] = deque()
        self._live = 0
        self._idle = 0
        self._abandoned = 0
        self._state = LaneState.OK

    @property
    def state(self) -> LaneState:
        """``OK``, ``DOWN`` or ``STUCK``, by the last pieces of work."""
        with self._changed:
            return LaneState.STUCK if self._abandoned >= self._abandoned_limit else self._state

    def submit(self, given: Given) -> Ticket[Given, Result]:
        """Take a piece of work; ``WorkLost`` at once when too many hang already."""
        ticket: Ticket[Given, Result] = Ticket(given)
        with self._changed:
            if self._abandoned >= self._abandoned_limit:
                raise WorkLost(f"{self.name}: {self._abandoned} pieces of work hang")
            self._waiting.append(ticket)
            if self._idle >= len(self._waiting):
                self._changed.notify()
            elif self._live < self._threads:
                self._start_worker()
        return ticket

    def wait(self, ticket: Ticket[Given, Result], seconds: float) -> Result:
        """The result, within ``seconds``; ``WorkLost`` when it raised or is not there by then."""
        if not ticket.done.wait(max(0.0, seconds)):
            self.give_up(ticket)
        if not ticket.done.is_set():
            raise WorkLost(f"{self.name}: not finished in time")
        if ticket.error is not None:
            raise WorkLost(f"{self.name}: {type(ticket.error).__name__}") from ticket.error
        return ticket.result  # type: ignore[return-value] # done without error: the result is there

    def give_up(self, ticket: Ticket[Given, Result]) -> None:
        """Nobody waits for ``ticket`` any more: it is not begun, or its thread is abandoned."""
        with self._changed:
            if ticket.done.is_set() or ticket.cancelled:
                return
            ticket.cancelled = True
            if ticket.worker is None:
                if ticket in self._waiting:
                    self._waiting.remove(ticket)
                return
            ticket.worker.abandoned = True
            self._abandoned += 1
            self._live -= 1
            self._state = LaneState.STUCK
            if self._waiting and self._abandoned < self._abandoned_limit and self._live < self._threads:
                self._start_worker()

    def _start_worker(self) -> None:
        worker = _Worker()
        self._live += 1
        # A daemon, because a thread that hangs must not keep the process from ending.
        threading.Thread(target=self._serve, args=(worker,), name=f"lane-{self.name}", daemon=True).start()

    def _serve(self, worker: _Worker) -> None:
        while (ticket := self._next(worker)) is not None:
            result: Result | None = None
            error: BaseException | None = None
            try:
                result = self._work(ticket.given)
            except BaseException as raised:  # whatever it is, the lane must live and the caller must hear of it
                error = raised
            if not self._finish(worker, ticket, result, error):
                return
            del ticket, result, error

    def _next(self, worker: _Worker) -> Ticket[Given, Result] | None:
        with self._changed:
            while not self._waiting:
                self._idle += 1
                told = self._changed.wait(IDLE_SECONDS)
                self._idle -= 1
                if not told and not self._waiting:
                    self._live -= 1
                    return None
            ticket = self._waiting.popleft()
            ticket.worker = worker
            return ticket

    def _finish(
        self, worker: _Worker, ticket: Ticket[Given, Result], result: Result | None, error: BaseException | None
    ) -> bool:
        """Hand the result over; True when this thread is to go on working."""
        with self._changed:
            ticket.result, ticket.error = result, error
            if not worker.abandoned:
                ticket.done.set()
                self._state = LaneState.OK if error is None else LaneState.DOWN
                return True
            self._abandoned -= 1
            if self._abandoned == 0 and self._state is LaneState.STUCK:
                self._state = LaneState.OK if error is None else LaneState.DOWN
            if self._live >= self._threads:
                return False
            worker.abandoned = False
            self._live += 1
            return True
