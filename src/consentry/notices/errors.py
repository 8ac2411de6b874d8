"""What can go wrong with a letter.

::

    ConsentryError
      NoticeError           anything of this package
        LetterError         a field is missing, unknown or of the wrong sort; nothing was written
        StatementError      a statement that may not leave (in ``statement_of_reasons``: carries ``violations``)
        NoticeDataError     a packaged data file breaks its own rules: nothing starts
"""

from consentry.basics.errors import ConsentryError


class NoticeError(ConsentryError):
    """Anything that this package raises on purpose."""


class LetterError(NoticeError):
    """A letter whose fields are not exactly those that it has."""


class NoticeDataError(NoticeError):
    """A packaged data file that breaks its own rules; the program must not start with it."""
