"""What the guard raises inside itself; the pipeline turns every one into a decision, so no caller sees them.

::

    GuardError
      PictureRefused     a picture that is not read, with the reason code that the caller gets
      DecoderDown        no decoding process could be had or it broke: says nothing about the picture
      DetectorDown       a detector cannot be built or used (missing, changed or unreadable model file)
"""

from consentry.basics.errors import ConsentryError

PICTURE_CODES = ("image_not_decodable", "image_format_not_accepted", "image_too_large", "too_many_frames")
"""The reason codes that a refused picture can have."""


class GuardError(ConsentryError):
    """Root of what the guard raises on purpose."""


class PictureRefused(GuardError):
    """A picture that is not read and therefore not passed on; ``code`` is one of ``PICTURE_CODES``."""

    def __init__(self, happened: str, *, code: str, next_step: str = "") -> None:
        super().__init__(happened, not_done="The picture was not read and not passed on.", next_step=next_step)
        if code not in PICTURE_CODES:
            raise ValueError(f"{code!r} is no reason to refuse a picture")
        self.code = code


class DecoderDown(GuardError):
    """Decoding did not happen for a cause of our own; nothing may be concluded about the picture."""


class DetectorDown(GuardError):
    """A detector that cannot look: it must never count as one that saw nothing."""
