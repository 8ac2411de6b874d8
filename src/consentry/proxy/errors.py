"""Everything the proxy refuses by itself, in OpenAI's error shape.

::

    ProxyRefusal        one answer to one caller: status, code, the field it is about
    └── Overloaded      too much is in flight; nothing was screened, the caller may try again

The sentences are data (``messages.yaml``), in English and Japanese; each says what happened, what was not done and
the next step. Not done here: refusals by the guard, which carry the guard's own reasons (``replies``).
"""

from collections.abc import Mapping
from functools import cache
from importlib import resources

import yaml

from consentry.basics.errors import ConsentryError

BAD_REQUEST = "invalid_request_error"
USER_ERROR = "image_generation_user_error"
SERVER_ERROR = "server_error"


@cache
def messages() -> Mapping[str, Mapping[str, str]]:
    """Every code that the proxy itself answers, with its sentences by language."""
    text = resources.files("consentry.proxy").joinpath("messages.yaml").read_text("utf-8")
    loaded: dict[str, dict[str, str]] = yaml.safe_load(text)
    return loaded


def _why(text: str, language: str) -> str:
    """A ``why`` in ``language``: the English text is the key of its translation."""
    return text if language == "en" else messages()["_whys"][text]


class ProxyRefusal(ConsentryError):
    """One refusal: HTTP ``status``, stable ``code``, the ``param`` it is about, and the facts of its sentence.

    ``sentence`` is the catalogue's entry when it is not named like the code. The fact ``why`` is an English text
    from ``_whys`` of the catalogue, itself with room for facts.
    """

    def __init__(
        self,
        status: int,
        code: str,
        *,
        param: str | None = None,
        type_: str = BAD_REQUEST,
        retry_after: int | None = None,
        link: str | None = None,
        sentence: str | None = None,
        facts: Mapping[str, str] | None = None,
        **more: str,
    ) -> None:
        self.status = status
        self.code = code
        self.param = param
        self.type = type_
        self.retry_after = retry_after
        self.link = link
        self._sentence = sentence or code
        self._facts = {"param": param or "", **(facts or {}), **more}
        super().__init__(self.message("en"))

    def message(self, language: str) -> str:
        """The sentence in ``language`` (``en`` or ``ja``)."""
        facts = dict(self._facts)
        if "why" in facts:
            facts["why"] = _why(facts["why"], language).format_map(self._facts)
        return messages()[self._sentence][language].format_map(facts)


class Overloaded(ProxyRefusal):
    """Too many requests or bytes in flight: refused before anything was screened."""

    def __init__(self, retry_after: int = 1) -> None:
        super().__init__(503, "overloaded", type_=SERVER_ERROR, retry_after=retry_after)
