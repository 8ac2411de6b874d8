"""What goes wrong with keys.

::

    KeyStoreError    a key that is missing, damaged, open to others, or of the wrong kind
"""

from consentry.basics.errors import ConsentryError


class KeyStoreError(ConsentryError):
    """A key that cannot be used. The message names the file, never its content."""
