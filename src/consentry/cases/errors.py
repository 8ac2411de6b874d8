"""What can go wrong with a case.

::

    ConsentryError
      CaseError            anything of this package
        LifecycleError     the move is not on the table, or not for this actor
        LawDataError       a packaged data file breaks its own rules: nothing starts
        ClockError         a time that cannot be (naive, or before the case existed)
        ReceiptError       a code that was mistyped; never says which part of it exists
        ReportError        a report that cannot be accepted as it stands (in ``report``: carries ``problems``)
        DecisionError      a decision without a ground, or by somebody who may not take it
        AppealError        an appeal that is not open to this side, or the same person twice
"""

from consentry.basics.errors import ConsentryError


class CaseError(ConsentryError):
    """Anything that this package raises on purpose."""


class LifecycleError(CaseError):
    """A move that the table does not have, or does not give to this actor."""


class LawDataError(CaseError):
    """A packaged data file that breaks its own rules; the program must not start with it."""


class ClockError(CaseError):
    """A time that cannot be: without a zone, or before the case existed."""


class ReceiptError(CaseError):
    """A receipt code that cannot be right as it was typed."""


class DecisionError(CaseError):
    """A decision without a ground, or taken by somebody who may not take it."""


class AppealError(CaseError):
    """An appeal that is not open, or decided by somebody who decided before."""
