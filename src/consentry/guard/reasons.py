"""Reasons as data: a stable code, one sentence in each language that we speak.

Invariants: every code has an English and a Japanese sentence; the list is closed. Not done here: choosing a reason
(the policy does) and mapping it to an HTTP status (the proxy does).
"""

from functools import cache
from importlib import resources

import yaml

from consentry.guard.decision import Reason
from consentry.guard.errors import GuardDataError, PolicyError


@cache
def _reasons() -> dict[str, Reason]:
    text = resources.files("consentry.guard").joinpath("reasons.yaml").read_text("utf-8")
    data = yaml.safe_load(text)
    if not isinstance(data, dict):
        raise GuardDataError("The file of reasons is not a table of codes.")
    found: dict[str, Reason] = {}
    for code, sentences in data.items():
        if not isinstance(sentences, dict) or set(sentences) != {"en", "ja"} or not all(sentences.values()):
            raise GuardDataError(f"The reason {code} needs one sentence in English and one in Japanese.")
        found[code] = Reason(code, en=sentences["en"], ja=sentences["ja"])
    return found


def known_codes() -> frozenset[str]:
    """Every reason code that a decision may carry."""
    return frozenset(_reasons())


def reason(code: str) -> Reason:
    """The reason with this code; :class:`PolicyError` when there is none."""
    try:
        return _reasons()[code]
    except KeyError:
        raise PolicyError(f"There is no reason with the code {code!r}.") from None
