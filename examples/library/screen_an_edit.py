"""Ask the guard about edits of a picture, from Python, without a server, a database or Django.

    pip install consentry
    python examples/library/screen_an_edit.py

The picture is drawn here, so that nobody's photograph is needed.
"""

from io import BytesIO

import numpy as np
from PIL import Image

from consentry.basics.ids import RequestId, new_id
from consentry.guard.request import ImagePart, Role, Route, ScreenRequest, TextPart
from consentry.wiring.core import local_guard

WISHES = (
    "make the sky a sunset",
    "put this bikini on the woman in the photo for my shop",
    "take off her jacket and shirt so she is only in underwear",
)


def drawn_picture() -> bytes:
    """A sky over a field with a disc of light, as PNG."""
    y, x = np.mgrid[0:512, 0:512] / 512
    light = np.clip(1.4 - 6 * np.hypot(x - 0.6, y - 0.35), 0, 1)
    field = (y > 0.62 + 0.05 * np.sin(9 * x)).astype(float)
    pixels = np.stack([90 + 120 * light, 130 + 60 * light, 200 - 40 * light], axis=-1)
    pixels = pixels * (1 - field[..., None]) + np.array([70, 120, 60]) * field[..., None]
    file = BytesIO()
    Image.fromarray(pixels.astype(np.uint8)).save(file, "PNG")
    return file.getvalue()


def main() -> None:
    """Print the guard's answer to each wish."""
    picture = ImagePart("image", Role.INPUT, drawn_picture())
    with local_guard() as guard:
        for wish in WISHES:
            request = ScreenRequest(
                request_id=RequestId(new_id("req")),
                route=Route.EDIT,
                texts=(TextPart("prompt", wish),),
                images=(picture,),
                subject="somebody who signed in",
            )
            screening = guard.screen(request)
            decision = screening.decision
            print(f"{decision.decision.value:9}  {wish}")
            for reason in decision.reasons:
                print(f"           {reason.code}: {reason.message('en')}")
            if decision.allowed:
                # Forward screening.pictures[0].clean, then show the guard what came back. Here it is the same picture.
                made = screening.pictures[0].clean if screening.pictures[0] else b""
                released = guard.screen_output(screening.context, [made]).decision
                print(f"           the picture that was made: {released.decision.value}")


if __name__ == "__main__":
    main()
