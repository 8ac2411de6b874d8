"""What can go wrong between us and somebody else's machine.

::

    OutwardError             an exchange with an address that somebody else chose did not come about
      AddressRefused         the address is not one that we call; nothing was sent
      NoAnswer               nobody answered there, or not in time; trying again may help
      AnswerRefused          an answer came, but too large or not of the agreed shape; it proves nothing
    ConnectorError           a platform's connector is not usable for this content now
      ContentGone            the platform says that it no longer holds the bytes
"""

from consentry.basics.errors import ConsentryError


class OutwardError(ConsentryError):
    """An exchange with an address that somebody else chose did not come about."""


class AddressRefused(OutwardError):
    """The address is not one that this installation calls; nothing was sent."""


class NoAnswer(OutwardError):
    """Nobody answered, or not in time; trying again may help."""


class AnswerRefused(OutwardError):
    """An answer came, but it is too large or not of the agreed shape."""


class ConnectorError(ConsentryError):
    """A platform's connector gave nothing that can be relied on; nothing about the content was learned."""


class ContentGone(ConnectorError):
    """The platform answers that it no longer holds the bytes."""
