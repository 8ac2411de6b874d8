"""One writer that commits many small writes together: an answer goes out only after its commit is durable.

Why: with ``synchronous=FULL`` every commit waits for the disk. One writer that takes whatever queued up during the
last commit reaches thousands of durable writes a second without making a lone request wait; many threads that commit
alone block each other for a hundred milliseconds.
Invariants: a unit of work runs in a savepoint, so that one that fails takes no other down; a result is handed out
only after the commit that holds it; when the commit fails, every unit of the batch fails.
"""

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from django.db import close_old_connections, connections, transaction

T = TypeVar("T")
MAX_BATCH = 256
Finalise = Callable[[list[Any]], list[Any]]
_Unit = tuple[Callable[[], Any], "Future[Any]"]


class GroupCommit:
    """Runs units of work on one thread, many to a transaction.

    ``finalise`` sees the results of a batch inside its transaction and may replace them: this is where allowed
    requests become one batch leaf.
    """

    def __init__(self, *, finalise: Finalise | None = None, alias: str = "default") -> None:
        self._finalise = finalise
        self._alias = alias
        self._units: queue.SimpleQueue[_Unit | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()

    def run(self, work: Callable[[], T], *, seconds: float = 30.0) -> T:
        """The result of ``work`` once it is durable; whatever ``work`` or the commit raises."""
        return self.submit(work).result(timeout=seconds)

    def submit(self, work: Callable[[], T]) -> "Future[T]":
        """Queue ``work``; the future resolves after the commit."""
        future: Future[T] = Future()
        self._units.put((work, future))
        if self._thread is None or not self._thread.is_alive():
            with self._starting:
                if self._thread is None or not self._thread.is_alive():
                    self._thread = threading.Thread(target=self._loop, name="group-commit", daemon=True)
                    self._thread.start()
        return future

    def close(self) -> None:
        """Finish what is queued and end the thread."""
        if self._thread is not None and self._thread.is_alive():
            self._units.put(None)
            self._thread.join(timeout=30)

    def _loop(self) -> None:
        while (first := self._units.get()) is not None:
            batch, more = self._gather(first)
            self._commit(batch)
            if not more:
                break
        connections.close_all()

    def _gather(self, first: _Unit) -> tuple[list[_Unit], bool]:
        batch = [first]
        while len(batch) < MAX_BATCH:
            try:
                unit = self._units.get_nowait()
            except queue.Empty:
                break
            if unit is None:
                return batch, False
            batch.append(unit)
        return batch, True

    def _commit(self, batch: list[_Unit]) -> None:
        answers: list[tuple[Future[Any], Any]] = []
        failures: list[tuple[Future[Any], BaseException]] = []
        try:
            close_old_connections()
            with transaction.atomic(using=self._alias):
                answers, failures = self._run(batch)
        except BaseException as error:
            for _, future in batch:
                future.set_exception(error)
            return
        for future, failure in failures:
            future.set_exception(failure)
        for future, answer in answers:
            future.set_result(answer)

    def _run(self, batch: list[_Unit]) -> tuple[list[tuple["Future[Any]", Any]], list[tuple["Future[Any]", Any]]]:
        answers, failures = [], []
        for work, future in batch:
            try:
                with transaction.atomic(using=self._alias):
                    answers.append((future, work()))
            except BaseException as error:
                failures.append((future, error))
        if self._finalise is not None and answers:
            results = self._finalise([answer for _, answer in answers])
            answers = [(future, result) for (future, _), result in zip(answers, results, strict=True)]
        return answers, failures
