"""What fetching refuses.

::

    FetchRefused    the address, the way to it, or what came back is not acceptable
"""

from consentry.basics.errors import ConsentryError


class FetchRefused(ConsentryError):
    """A remote picture that was not fetched; ``why`` is one of ``REASONS`` and names no address."""

    def __init__(self, why: str) -> None:
        super().__init__(
            f"The picture at the given address could not be fetched safely ({why}).",
            not_done="Nothing was forwarded.",
            next_step="Send the picture itself.",
        )
        self.why = why


NOT_AN_ADDRESS = "not a plain http or https address"
NOT_PUBLIC = "the address is not a public one"
NO_SUCH_HOST = "its host is not known"
NO_ANSWER = "no answer in time"
NOT_SERVED = "the answer is not the picture"
TOO_LARGE = "the picture is too large"
TOO_MANY_TURNS = "too many redirects"
REASONS = (NOT_AN_ADDRESS, NOT_PUBLIC, NO_SUCH_HOST, NO_ANSWER, NOT_SERVED, TOO_LARGE, TOO_MANY_TURNS)
