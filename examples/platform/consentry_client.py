"""What the platform asks of Consentry: is this upload known, may this edit be made, here is an appeal.

Each fails closed: when Consentry does not answer as agreed, nothing is published, made, or said to be sent.
"""

import base64
from dataclasses import dataclass

import httpx
import openai

from examples.platform.settings import Settings

MEDIA_SUFFIX = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}


def is_unpublishable(settings: Settings, picture: bytes, media_type: str) -> str:
    """Why a picture must not be published: ``known``, ``unchecked``, or an empty text when it may."""
    try:
        reply = httpx.post(
            f"{settings.consentry_url}/hma/m/lookup",
            files={"photo": (f"upload.{MEDIA_SUFFIX[media_type]}", picture, media_type)},
            headers={"authorization": f"Bearer {settings.platform_key}"},
            timeout=20,
        )
        found = reply.json()["pdq"]
        if reply.status_code != 200 or not isinstance(found, dict):
            return "unchecked"
        return "known" if any(found.values()) else ""
    except (httpx.HTTPError, ValueError, KeyError, TypeError):
        return "unchecked"


@dataclass(frozen=True, slots=True)
class Edited:
    """A picture that the guard let through."""

    picture: bytes


@dataclass(frozen=True, slots=True)
class NotEdited:
    """The guard's own sentences; ``code`` is OpenAI's error code, ``link`` where more is said, if anywhere."""

    sentences: tuple[str, ...]
    code: str
    decision_id: str = ""
    link: str = ""


def edit(
    settings: Settings, picture: bytes, media_type: str, prompt: str, *, account_ref: str, language: str
) -> Edited | NotEdited:
    """Ask for an edit through the guard with the unchanged client; the account goes along as a pseudonym only."""
    client = openai.OpenAI(
        base_url=f"{settings.guard_url}/v1", api_key=settings.platform_key, max_retries=0, timeout=60
    )
    try:
        made = client.images.edit(
            image=(f"picture.{MEDIA_SUFFIX[media_type]}", picture, media_type),
            prompt=prompt,
            user=account_ref,
            extra_headers={"accept-language": language},
        )
        data = made.data[0].b64_json if made.data else None
        return Edited(base64.b64decode(data)) if data else NotEdited((), "no_picture")
    except openai.APIStatusError as error:
        return _refusal(error)
    except openai.APIError:
        return NotEdited((), "unreachable")
    finally:
        client.close()


def _refusal(error: openai.APIStatusError) -> NotEdited:
    body = error.body if isinstance(error.body, dict) else {}
    reasons = body.get("reasons")
    sentences = [str(reason.get("message", "")) for reason in reasons] if isinstance(reasons, list) else []
    return NotEdited(
        tuple(dict.fromkeys(sentence for sentence in (sentences or [str(body.get("message", ""))]) if sentence)),
        str(body.get("code") or error.status_code),
        str(body.get("decision_id") or ""),
        str(body.get("link") or ""),
    )


def send_appeal(settings: Settings, token: str, account_ref: str, grounds: str) -> int:
    """File an appeal; Consentry's status code, 0 when it gave no answer."""
    try:
        return httpx.post(
            f"{settings.consentry_url}/api/v1/appeals",
            json={"appeal_token": token, "account_ref": account_ref, "grounds": grounds},
            headers={"authorization": f"Bearer {settings.platform_key}"},
            timeout=20,
        ).status_code
    except httpx.HTTPError:
        return 0
