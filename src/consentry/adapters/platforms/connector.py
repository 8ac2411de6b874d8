"""Asks a platform's connector what a reference is, and fetches its bytes.

Source: docs/spec/platform-integration.md, section 3.

Invariants: the token goes to the registered origin only, and to no path that an answer could turn into another host; an
answer that is malformed, too large, late, or about content outside the platform's base address is an error that proves
nothing; bytes are handed out only when they have the stated SHA-256. Not done here: decoding the bytes, judging them,
retrying.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from urllib.parse import SplitResult, quote, urlsplit

from consentry.adapters.errors import ConnectorError, ContentGone, OutwardError
from consentry.adapters.outward import Outward, Reply
from consentry.basics.ids import AccountRef, ContentRef, Sha256Hex

MAX_ANSWER = 65_536
MAX_BYTES = 32 * 1024 * 1024
MAX_REF = 2048
GONE = frozenset({404, 410, 451})
"""What a public path answers when the public can no longer see anything there."""

_ACCOUNT = re.compile(r"acct_[0-9a-f]{32}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]{1,60}")
_PATH = re.compile(r"/(?!/)[A-Za-z0-9._~!$&'()*+,;=:@/?%-]{0,1000}")


class ContentState(StrEnum):
    """What the public sees of a posted picture now."""

    VISIBLE = "visible"
    HIDDEN = "hidden"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Content:
    """One posted picture as its platform describes it; ``bytes_path`` is ``None`` once the bytes are erased."""

    content_ref: ContentRef
    account_ref: AccountRef
    state: ContentState
    media_type: str
    sha256: Sha256Hex
    posted_at: datetime
    bytes_path: str | None
    public_paths: tuple[str, ...]


class PlatformConnector:
    """One platform's connector; keeps no connection, so that threads may share it.

    ``base_url`` is the registered address, ``token`` the connector token. ``seconds`` bounds each whole exchange;
    ``max_bytes`` the picture. ``allow_private`` lets loopback and private addresses be called.
    """

    def __init__(
        self,
        base_url: str,
        token: str,
        *,
        allow_private: bool = False,
        seconds: float = 15.0,
        max_bytes: int = MAX_BYTES,
    ) -> None:
        self._base = base_url.rstrip("/")
        parts = urlsplit(self._base)
        self._origin = f"{parts.scheme}://{parts.netloc}"
        self._token = token
        self._asking = Outward(allow_private=allow_private, seconds=seconds, max_bytes=MAX_ANSWER)
        self._fetching = Outward(allow_private=allow_private, seconds=seconds, max_bytes=max_bytes)

    def resolve(self, ref: str) -> Content | None:
        """What ``ref`` (an address of a post, or its bare id) is on the platform now; ``None`` when unknown there.

        Raises ``ConnectorError`` when the platform gives no answer that can be relied on.
        """
        if not 0 < len(ref) <= MAX_REF or not ref.isprintable():
            return None
        reply = self._ask(self._asking, f"{self._base}/consentry/content?ref={quote(ref, safe='')}")
        if reply.status == 404:
            return None
        if reply.status != 200:
            raise _unusable(f"The platform's connector answered {reply.status}.")
        try:
            content = _parse_content(json.loads(reply.body))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise _unusable("The platform's connector answered something that is not of the agreed shape.") from None
        if not belongs(content.content_ref, self._base):
            raise _unusable("The platform's connector answered about content that is not its own.")
        return content

    def fetch(self, content: Content) -> bytes:
        """The picture's bytes, exactly those that ``content.sha256`` names.

        Raises ``ContentGone`` when the platform no longer holds them, ``ConnectorError`` for anything else.
        """
        if content.bytes_path is None:
            raise _gone()
        reply = self._ask(self._fetching, self._origin + content.bytes_path)
        if reply.status in GONE:
            raise _gone()
        if reply.status != 200:
            raise _unusable(f"The platform's connector answered {reply.status} instead of the picture.")
        if hashlib.sha256(reply.body).hexdigest() != content.sha256:
            raise _unusable("The platform sent bytes other than those that it described.")
        return reply.body

    def still_public(self, content: Content) -> tuple[str, ...]:
        """Which of the content's public paths, asked without the token, are not proved gone; empty means all are.

        A path that does not answer is not proved gone.
        """
        return tuple(path for path in content.public_paths if not self._is_gone(path))

    def _is_gone(self, path: str) -> bool:
        try:
            return self._asking.exchange("GET", self._origin + path, headers={}, keep=False).status in GONE
        except OutwardError:
            return False

    def _ask(self, outward: Outward, url: str) -> Reply:
        try:
            return outward.exchange("GET", url, headers={"authorization": f"Bearer {self._token}"})
        except OutwardError as error:
            raise ConnectorError(
                f"The platform's connector could not be asked. {error.happened}",
                not_done="Nothing about the picture was learned.",
                next_step=error.next_step,
            ) from error


def belongs(ref: str, base_url: str) -> bool:
    """Whether ``ref`` is an address of the platform at ``base_url``: same scheme, host, port, path below."""
    try:
        one, base = urlsplit(ref), urlsplit(base_url)
        same_origin = _origin(one) == _origin(base)
    except ValueError:
        return False
    path = base.path.rstrip("/") + "/"
    plain = one.username is None and one.password is None and "\\" not in ref and ".." not in one.path
    return same_origin and plain and bool(one.hostname) and one.path.startswith(path)


def _origin(parts: SplitResult) -> tuple[str, str | None, int | None]:
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)


def _parse_content(answer: Mapping[str, Any]) -> Content:
    """Read an answer strictly; ``ValueError``, ``KeyError``, ``TypeError`` or ``AttributeError`` when malformed."""
    posted_at = datetime.fromisoformat(answer["posted_at"])
    if posted_at.tzinfo is None or len(answer["content_ref"]) > MAX_REF:
        raise ValueError("time without zone, or too long")
    if not 1 <= len(answer["public_paths"]) <= 50:
        raise ValueError("a picture that was posted has at least its page")
    path = answer["bytes_path"]
    return Content(
        content_ref=ContentRef(str(answer["content_ref"])),
        account_ref=AccountRef(_full(_ACCOUNT, answer["account_ref"])),
        state=ContentState(answer["state"]),
        media_type=_full(_MEDIA_TYPE, answer["media_type"]),
        sha256=Sha256Hex(_full(_SHA256, answer["sha256"])),
        posted_at=posted_at,
        bytes_path=None if path is None else _full(_PATH, path),
        public_paths=tuple(_full(_PATH, public) for public in answer["public_paths"]),
    )


def _full(pattern: re.Pattern[str], text: str) -> str:
    if not pattern.fullmatch(text):
        raise ValueError("not of the agreed form")
    return text


def _unusable(happened: str) -> ConnectorError:
    return ConnectorError(
        happened,
        not_done="Nothing about the picture was learned.",
        next_step="It is asked again; if this stays so, tell the platform's operator.",
    )


def _gone() -> ContentGone:
    return ContentGone(
        "The platform no longer holds the picture.",
        not_done="It could not be looked at.",
        next_step="Decide on what is known, or close the case as moot.",
    )
