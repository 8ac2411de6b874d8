"""What matching raises.

::

    MatchingError
      NotAFingerprint    text that is no PDQ hash
      NotBankable        a fingerprint that must not be banked, and why
"""

from consentry.basics.errors import ConsentryError


class MatchingError(ConsentryError):
    """Root of what matching raises on purpose."""


class NotAFingerprint(MatchingError):
    """Text that is not 64 hexadecimal digits; the text itself is not repeated, it may be a picture's."""


class NotBankable(MatchingError):
    """A fingerprint that would stop pictures it has nothing to do with."""
