"""What goes wrong with credentials.

::

    ProvenanceError
    ├── SigningFailed       a picture could not be given its credential, so it must not leave
    └── CredentialUnread    a file whose credential, if any, could not be read at all
"""

from consentry.basics.errors import ConsentryError


class ProvenanceError(ConsentryError):
    """The root of everything this package raises on purpose."""


class SigningFailed(ProvenanceError):
    """A picture that could not be signed."""

    def __init__(self, happened: str) -> None:
        super().__init__(
            happened,
            not_done="The picture was not signed and must not be released.",
            next_step="Run `consentry doctor`; look at the signing key, its certificate's dates and the file's format.",
        )


class CredentialUnread(ProvenanceError):
    """A file that could not be looked at."""

    def __init__(self, happened: str) -> None:
        super().__init__(happened, not_done="Nothing is known of its history.", next_step="Try the original file.")
