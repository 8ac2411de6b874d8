"""What the guard raises inside itself; the pipeline turns what a request causes into a decision.

::

    GuardError
      PolicyError        a policy that may not be used: it does not compile, or names what nobody knows
      GuardDataError     a lexicon, ontology or reason file of the package that is damaged
      PictureRefused     a picture that is not read, with the reason code that the caller gets
      DecoderDown        no decoding process could be had or it broke: says nothing about the picture
      DetectorDown       a detector cannot be built or used (missing, changed or unreadable model file)

The first two can only happen while a guard is built, and a guard that cannot be built answers nothing.
"""

from consentry.basics.errors import ConsentryError

PICTURE_CODES = ("image_not_decodable", "image_format_not_accepted", "image_too_large", "too_many_frames")
"""The reason codes that a refused picture can have."""


class GuardError(ConsentryError):
    """Root of what the guard raises on purpose."""


class PolicyError(GuardError):
    """A policy that was refused at load time; the policy in force stays in force."""

    def __init__(self, happened: str) -> None:
        super().__init__(
            happened,
            not_done="The policy was not loaded; the one in force stays in force.",
            next_step="Correct the policy file, then run `consentry policy test FILE`.",
        )


class GuardDataError(GuardError):
    """A data file of the package that does not say what its specification asks."""

    def __init__(self, happened: str) -> None:
        super().__init__(
            happened,
            not_done="The guard was not started.",
            next_step="Install the package again; if you changed the file, compare it with docs/spec.",
        )


class PictureRefused(GuardError):
    """A picture that is not read and therefore not passed on; ``code`` is one of ``PICTURE_CODES``.

    ``format`` names the format found when that is why (``BMP``), so that the caller learns it.
    """

    def __init__(self, happened: str, *, code: str, format: str = "") -> None:
        super().__init__(happened, not_done="The picture was not read and not passed on.")
        if code not in PICTURE_CODES:
            raise ValueError(f"{code!r} is no reason to refuse a picture")
        self.code = code
        self.format = format


class DecoderDown(GuardError):
    """Decoding did not happen for a cause of our own; nothing may be concluded about the picture."""


class DetectorDown(GuardError):
    """A detector that cannot look: it must never count as one that saw nothing."""
