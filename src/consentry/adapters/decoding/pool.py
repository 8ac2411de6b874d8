"""A few decoding processes under limits, so that a hostile file can at worst kill one of them.

Invariants: a decode ends within the time limit, whatever the file does; a process that hangs, dies or talks nonsense is
killed and replaced; waiting callers are bounded; no process outlives the pool, and none outlives this process, because
each ends when its input closes. Not done here: decoding (``worker``), and deciding what a refusal means.
"""

import contextlib
import json
import os
import select
import subprocess
import sys
import threading
import time
import weakref
from dataclasses import asdict

from consentry.adapters.decoding.messages import ANSWER, HEAD_BYTES, QUESTION, READY, read_answer, read_head
from consentry.guard.errors import DecoderDown, PictureRefused
from consentry.guard.limits import Limits
from consentry.guard.picture import Picture

START_SECONDS = 20.0
"""How long a new process may take until it is ready."""

_PROGRAM = "from consentry.adapters.decoding.worker import serve; serve()"
_PIPE_BYTES = 1 << 20


class DecodingPool:
    """Implements ``guard.looking.Decoder`` with ``processes`` processes; at most ``waiting`` callers wait for one."""

    def __init__(self, processes: int = 2, limits: Limits | None = None, *, waiting: int = 64) -> None:
        self._limits = limits or Limits()
        self._waiting_limit = waiting
        self._free = threading.Condition()
        self._waiting = 0
        self._closed = False
        self._idle = [_Process(self._limits) for _ in range(processes)]
        self._all = list(self._idle)
        self._end = weakref.finalize(self, _stop_all, self._all)

    def start(self) -> None:
        """Return when every process is ready; ``DecoderDown`` when one does not become so."""
        for process in self._all:
            process.wait_until_ready(time.monotonic() + START_SECONDS)

    def decode(self, data: bytes) -> Picture:
        """The picture in ``data``; ``PictureRefused``, or ``DecoderDown`` when no process could be had or kept."""
        if len(data) > self._limits.file_bytes:
            raise PictureRefused(f"The file has more than {self._limits.file_bytes} bytes.", code="image_too_large")
        # A little less than the guard waits, so that the guard hears why.
        deadline = time.monotonic() + self._limits.decode_seconds * 0.9
        for attempt in (1, 2):
            process = self._take(deadline)
            try:
                answer = process.ask(data, deadline)
            except TimeoutError:
                self._give_back(self._replace(process))
                raise PictureRefused("Decoding the picture took too long.", code="image_not_decodable") from None
            except (OSError, DecoderDown):
                # A process may have died of something else (killed from outside), so the picture gets a second one.
                self._give_back(self._replace(process))
                if attempt == 2:
                    raise PictureRefused("The picture makes the decoder fail.", code="image_not_decodable") from None
            else:
                self._give_back(process)
                return read_answer(*answer)
        raise AssertionError("unreachable: the second attempt returns or raises")

    def processes(self) -> tuple[int, ...]:
        """The process ids at work now."""
        return tuple(process.pid for process in self._all)

    def close(self) -> None:
        """End every process; later calls raise ``DecoderDown``."""
        with self._free:
            self._closed = True
            self._free.notify_all()
        self._end()

    def _take(self, deadline: float) -> "_Process":
        with self._free:
            if self._waiting >= self._waiting_limit:
                raise DecoderDown("Too many pictures are waiting to be decoded.", next_step="Try again in a moment.")
            self._waiting += 1
            try:
                while not self._idle and not self._closed:
                    if not self._free.wait(max(0.0, deadline - time.monotonic())):
                        raise DecoderDown("No decoding process became free in time.")
            finally:
                self._waiting -= 1
            if self._closed:
                raise DecoderDown("The decoding processes have been ended.")
            return self._idle.pop()

    def _give_back(self, process: "_Process") -> None:
        with self._free:
            self._idle.append(process)
            self._free.notify()

    def _replace(self, broken: "_Process") -> "_Process":
        broken.stop()
        fresh = _Process(self._limits)
        with self._free:
            # In place, because the finalizer holds this very list.
            self._all[self._all.index(broken)] = fresh
            closed = self._closed
        if closed:
            fresh.stop()
        return fresh


class _Process:
    """One decoding process and the two pipes to it; used by one thread at a time."""

    def __init__(self, limits: Limits) -> None:
        self._ready = False
        # Nothing of the guard's environment goes along: it may hold secrets, and one file could read them.
        environment = {
            "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
        }
        self._child = subprocess.Popen(  # noqa: S603 - our own interpreter and program, no outside text
            [sys.executable, "-c", _PROGRAM, json.dumps(asdict(limits))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            cwd=os.path.abspath(os.sep),
        )
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        self._input, self._output = self._child.stdin.fileno(), self._child.stdout.fileno()
        for pipe in (self._input, self._output):
            os.set_blocking(pipe, False)
            _widen(pipe)
        self._readable = select.poll()
        self._readable.register(self._output, select.POLLIN)
        self._writable = select.poll()
        self._writable.register(self._input, select.POLLOUT)

    @property
    def pid(self) -> int:
        """The process id."""
        return self._child.pid

    def wait_until_ready(self, deadline: float) -> None:
        """Return once the process takes questions; ``DecoderDown`` when it does not in time."""
        if self._ready:
            return
        try:
            word = bytes(self._read(len(READY), deadline))
        except (TimeoutError, OSError):
            word = b""
        if word != READY:
            raise DecoderDown("A decoding process did not start.")
        self._ready = True

    def ask(self, data: bytes, deadline: float) -> tuple[dict[str, object], memoryview]:
        """Head and body of the answer; ``TimeoutError``, ``OSError`` or ``DecoderDown`` when there is none."""
        self.wait_until_ready(deadline)
        self._write(QUESTION.pack(len(data)), deadline)
        self._write(data, deadline)
        (length,) = ANSWER.unpack(self._read(ANSWER.size, deadline))
        if length > HEAD_BYTES:
            raise DecoderDown("A decoding process gave an answer that makes no sense.")
        head, body = read_head(bytes(self._read(length, deadline)))
        return head, memoryview(self._read(body, deadline))

    def stop(self) -> None:
        """End the process now and wait for it."""
        self._child.kill()
        self._child.wait()
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    def _write(self, data: bytes, deadline: float) -> None:
        rest = memoryview(data)
        while rest:
            if not self._writable.poll(_milliseconds(deadline)):
                raise TimeoutError
            with contextlib.suppress(BlockingIOError):
                rest = rest[os.write(self._input, rest) :]

    def _read(self, length: int, deadline: float) -> bytearray:
        whole = bytearray(length)
        rest = memoryview(whole)
        while rest:
            if not self._readable.poll(_milliseconds(deadline)):
                raise TimeoutError
            with contextlib.suppress(BlockingIOError):
                count = os.readv(self._output, [rest])
                if count == 0:
                    raise ConnectionResetError
                rest = rest[count:]
        return whole


def _milliseconds(deadline: float) -> float:
    return max(0.0, (deadline - time.monotonic()) * 1000)


def _widen(pipe: int) -> None:
    """Let a whole 512 px picture pass in one go where the system offers it."""
    with contextlib.suppress(ImportError, AttributeError, OSError):
        import fcntl

        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)


def _stop_all(processes: list[_Process]) -> None:
    for process in processes:
        process.stop()
