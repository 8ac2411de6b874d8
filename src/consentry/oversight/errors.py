"""Errors of the oversight package.

::

    OversightError
      EventError        a public event that is not of the vocabulary (docs/spec/audit-log.md)
      MetricError       a metric asked for by a name that does not exist
      ReportError       a report that does not parse
      DisclosureError   an auditor's package that does not parse
      PlanError         a remediation plan that does not parse
"""

from consentry.basics.errors import ConsentryError


class OversightError(ConsentryError):
    """A foreseen failure of the oversight package."""


class EventError(OversightError):
    """A public event that is not of the vocabulary."""


class MetricError(OversightError):
    """A metric asked for by a name that does not exist."""


class ReportError(OversightError):
    """A transparency report that does not parse."""


class DisclosureError(OversightError):
    """An auditor's package that does not parse."""


class PlanError(OversightError):
    """A remediation plan that does not parse."""
