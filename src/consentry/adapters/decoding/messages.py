"""What pool and worker say to each other over two pipes.

Invariants: plain lengths and JSON, never pickles: a worker taken over by a hostile file can lie about one picture but
run nothing in the guard. Every length is checked before memory is taken for it.

A question is 8 bytes of length, then the file. An answer is 4 bytes of length, a JSON head, then the bytes that the
head announces: all views one after the other, then the clean file.
"""

import json
import struct
from collections.abc import Mapping
from typing import Any

import numpy as np

from consentry.basics.ids import PdqHex, Sha256Hex
from consentry.guard.errors import PICTURE_CODES, DecoderDown, PictureRefused
from consentry.guard.picture import DETECTOR_SIDE, Picture, type_rgb

QUESTION = struct.Struct(">Q")
ANSWER = struct.Struct(">I")
READY = b"ready\n"
HEAD_BYTES = 1 << 20
BODY_BYTES = 1 << 30


def picture_answer(picture: Picture) -> list[bytes | memoryview]:
    """The pieces of an answer that carries ``picture``."""
    head = {
        "kind": "picture",
        "sha256": picture.sha256,
        "format": picture.format,
        "size": [picture.width, picture.height],
        "frames": picture.frames,
        "views": [list(view.shape[:2]) for view in picture.views],
        "pdq": picture.pdq,
        "pdq_quality": picture.pdq_quality,
        "pdq_all": picture.pdq_all,
        "clean": len(picture.clean),
        "clean_media_type": picture.clean_media_type,
    }
    views = [np.ascontiguousarray(view).data.cast("B") for view in picture.views]
    return [*_head(head), *views, picture.clean]


def refused_answer(refused: PictureRefused) -> list[bytes | memoryview]:
    """The pieces of an answer that refuses a picture."""
    return _head(
        {"kind": "refused", "code": refused.code, "format": refused.format, "happened": refused.happened[:500]}
    )


def _head(head: Mapping[str, Any]) -> list[bytes | memoryview]:
    text = json.dumps(head).encode()
    return [ANSWER.pack(len(text)), text]


def read_head(text: bytes) -> tuple[dict[str, Any], int]:
    """The head and how many bytes follow it; ``DecoderDown`` when it makes no sense."""
    try:
        head = json.loads(text)
        if head["kind"] == "refused":
            return head, 0
        shapes = [(int(height), int(width)) for height, width in head["views"]]
        clean = int(head["clean"])
        if not shapes or any(not 0 < side <= DETECTOR_SIDE for shape in shapes for side in shape) or clean < 1:
            raise ValueError
        body = clean + sum(height * width * 3 for height, width in shapes)
        if body > BODY_BYTES:
            raise ValueError
    except (ValueError, KeyError, TypeError):
        raise DecoderDown("A decoding process gave an answer that makes no sense.") from None
    return head, body


def read_answer(head: Mapping[str, Any], body: memoryview) -> Picture:
    """The picture in an answer; raises ``PictureRefused`` when the answer is a refusal."""
    if head["kind"] == "refused":
        code = head["code"] if head["code"] in PICTURE_CODES else "image_not_decodable"
        raise PictureRefused(str(head["happened"]), code=code, format=str(head["format"])[:20])
    views: list[type_rgb] = []
    place = 0
    for height, width in head["views"]:
        size = height * width * 3
        views.append(np.frombuffer(body[place : place + size], dtype=np.uint8).reshape(height, width, 3))
        place += size
    return Picture(
        sha256=Sha256Hex(head["sha256"]),
        format=head["format"],
        width=head["size"][0],
        height=head["size"][1],
        frames=head["frames"],
        views=tuple(views),
        pdq=PdqHex(head["pdq"]),
        pdq_quality=head["pdq_quality"],
        pdq_all=tuple(PdqHex(one) for one in head["pdq_all"]),
        clean=bytes(body[place:]),
        clean_media_type=head["clean_media_type"],
    )
