"""The root of every error that Consentry raises on purpose.

::

    ConsentryError                 something that we foresaw; carries what a person needs
      (each package has its own subclass tree in its ``errors.py``)

An error that a person sees says what happened, what was *not* done, and the next step.
"""


class ConsentryError(Exception):
    """A foreseen failure, told in three plain parts.

    ``happened`` is a sentence; ``not_done`` says what was left undone; ``next_step`` what to do now.
    None of the three may hold personal data, because they go to logs.
    """

    def __init__(self, happened: str, *, not_done: str = "", next_step: str = "") -> None:
        super().__init__(" ".join(part for part in (happened, not_done, next_step) if part))
        self.happened = happened
        self.not_done = not_done
        self.next_step = next_step
