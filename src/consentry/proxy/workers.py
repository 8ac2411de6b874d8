"""A bounded crowd of threads for work that would stop the event loop: judging, parsing, signing.

Invariants: waiting is bounded in number (``crowded``) and in time; a piece of work that outlives its deadline keeps
its thread until it ends but is waited for no longer. Not done here: stopping work that hangs (Python cannot).
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


class Workers:
    """``threads`` threads named ``name``; up to ``backlog`` pieces of work should wait for them."""

    def __init__(self, name: str, *, threads: int, backlog: int) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._room = threads + backlog
        self._inside = 0

    @property
    def crowded(self) -> bool:
        """Whether new work should be refused at the door."""
        return self._inside >= self._room

    async def run(self, work: Callable[[], T], *, seconds: float) -> T:
        """The result of ``work``; ``TimeoutError`` when it takes longer than ``seconds``, waiting included."""
        self._inside += 1
        future = asyncio.get_running_loop().run_in_executor(self._pool, work)
        future.add_done_callback(self._left)
        async with asyncio.timeout(seconds):
            return await asyncio.shield(future)

    def close(self) -> None:
        """Take no more work; what runs may end by itself."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _left(self, future: "asyncio.Future[T]") -> None:
        self._inside -= 1
        if not future.cancelled():
            future.exception()  # retrieved here, so that a result nobody waits for is not reported as lost
