"""The decoding process: reads files from its input, answers with pictures, and cannot do much else.

Invariants: memory, processor time a file, written files, open files and core dumps are limited by the kernel; it ends
when its input ends, so it never outlives the guard; nothing that a library prints reaches the answers.
Run as ``python -c "...serve()" LIMITS`` by ``pool``, never by hand.
"""

import json
import os
import resource
import sys
from dataclasses import fields

from consentry.adapters.decoding.messages import QUESTION, READY, picture_answer, refused_answer
from consentry.guard.decoding import decode_picture
from consentry.guard.errors import PictureRefused
from consentry.guard.limits import Limits
from consentry.matching.pdq import fingerprint

MEMORY_BYTES = 2 << 30
"""Address space of one process; what needs more is refused as too large."""

_OPEN_FILES = 32


def serve() -> None:
    """Answer questions until the input ends."""
    questions, answers = os.dup(0), os.dup(1)
    os.dup2(2, 1)
    limits = _limits(sys.argv[1])
    _warm_up(limits)
    _confine()
    _send(answers, [READY])
    while (data := _next(questions, limits)) is not None:
        _allow_seconds(limits.decode_seconds)
        try:
            answer = picture_answer(decode_picture(data, limits, fingerprint))
        except PictureRefused as refused:
            answer = refused_answer(refused)
        _send(answers, answer)
        del answer, data


def _limits(text: str) -> Limits:
    known = {field.name for field in fields(Limits)}
    return Limits(**{name: value for name, value in json.loads(text).items() if name in known})


def _warm_up(limits: Limits) -> None:
    """Load the decoders' plugins and build the fingerprint's tables while memory is still unlimited."""
    from io import BytesIO

    from PIL import Image

    Image.init()
    Image.MAX_IMAGE_PIXELS = limits.pixels
    file = BytesIO()
    Image.new("RGB", (512, 512), (90, 120, 150)).save(file, "JPEG")
    decode_picture(file.getvalue(), limits, fingerprint)


def _confine() -> None:
    for kind, amount in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
    ):
        hard = resource.getrlimit(kind)[1]
        most = amount if hard == resource.RLIM_INFINITY else min(amount, hard)
        resource.setrlimit(kind, (most, most))


def _allow_seconds(seconds: float) -> None:
    """From now on, so much processor time; the kernel ends the process when it is used up."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    soft = int(used.ru_utime + used.ru_stime + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


def _next(questions: int, limits: Limits) -> bytes | None:
    head = _read(questions, QUESTION.size)
    if head is None:
        return None
    (length,) = QUESTION.unpack(head)
    if length > limits.file_bytes:
        return None
    return _read(questions, length)


def _read(descriptor: int, length: int) -> bytes | None:
    pieces, missing = [], length
    while missing:
        piece = os.read(descriptor, min(missing, 1 << 20))
        if not piece:
            return None
        pieces.append(piece)
        missing -= len(piece)
    return b"".join(pieces)


def _send(descriptor: int, pieces: list[bytes | memoryview]) -> None:
    for piece in pieces:
        rest = memoryview(piece)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
