"""What a run did not test, told by kind, with the way to get it: one closing paragraph.

``CONSENTRY_TEST_SKIPPED_FILE`` makes a run add its reasons to that file (one a line) instead of printing, so that
``scripts/run_tests.py`` can close several runs with one paragraph.
"""

import os
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

FILE_VARIABLE = "CONSENTRY_TEST_SKIPPED_FILE"

KINDS = {
    "chromium": ("browser tests", "apt-get install chromium"),
    "playwright": ("browser tests", "make test installs playwright; chromium is Debian's"),
    "postgresql": ("tests on PostgreSQL", "apt-get install postgresql"),
    "japanese font": ("tests of Japanese pages as pictures", "apt-get install fonts-noto-cjk fontconfig"),
    "../shared": ("tests against outside data", "the folder ../shared beside this checkout"),
    "strace": ("traces of system calls", "apt-get install strace"),
}
"""A word of the reason -> what was not tested, and how to get it."""


def reason(longrepr: object) -> str:
    """The text given to ``pytest.skip``, out of a report's ``longrepr``."""
    text = longrepr[2] if isinstance(longrepr, tuple) else str(longrepr)
    return str(text).removeprefix("Skipped: ").replace("\n", " ")


def kind(text: str) -> str:
    """Which of ``KINDS`` a reason is of; ``other`` when of none."""
    lowered = text.lower()
    return next((word for word in KINDS if word in lowered), "other")


def tell(reasons: Sequence[str], say: Callable[[str], None]) -> None:
    """Hand the reasons to the calling run if there is one, otherwise ``say`` the closing paragraph."""
    path = os.environ.get(FILE_VARIABLE)
    if path:
        with Path(path).open("a", encoding="utf-8") as file:
            file.writelines(f"{text}\n" for text in reasons)
        return
    say(paragraph(reasons))


def paragraph(reasons: Sequence[str]) -> str:
    """One paragraph: nothing was skipped, or how much of what and how to get it."""
    if not reasons:
        return "Nothing was skipped."
    counts = Counter(kind(text) for text in reasons)
    parts = [f"{counts[word]} {what} ({word}: {how})" for word, (what, how) in KINDS.items() if counts[word]]
    parts += [f"1 for another cause ({text})" for text in reasons if kind(text) == "other"]
    return f"Skipped here: {'; '.join(parts)}."
