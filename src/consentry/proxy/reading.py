"""From the bytes of a body to an ``ImageCall``: the form and the JSON shape of OpenAI's image routes.

Invariants: a single-valued field is there once or the request is refused; two spellings of one field together are
refused; every picture is either bytes or an address, whatever field it came in. Not done here: fetching addresses.
"""

import base64
import binascii
import re
from typing import Any

from consentry.guard.request import Role, Route
from consentry.proxy.errors import ProxyRefusal
from consentry.proxy.fields import ACCEPTED, build_call, refuse_unknown
from consentry.proxy.form import FormPart, parse_form
from consentry.proxy.image_call import ImageCall, PictureSource
from consentry.proxy.json_body import parse_json_object

MAX_INPUTS = 16
_DATA_URL = re.compile(r"data:(image/[a-z0-9.+-]{1,40}|application/octet-stream)?;base64,", re.I)
_JSON = re.compile(r'application/json(?:[ \t]*;[ \t]*charset="?utf-8"?)?', re.I)


def is_json(content_type: str) -> bool:
    """Whether the content type is JSON in UTF-8, said plainly."""
    return _JSON.fullmatch(content_type.strip()) is not None


def read_image_call(route: Route, content_type: str, body: bytes) -> ImageCall:
    """The call that ``body`` makes on ``route``; 415 for a content type that the route does not take."""
    accepted = ACCEPTED[route]
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type == "multipart/form-data" and accepted.form_pictures:
        return _from_form(route, parse_form(content_type, body))
    if is_json(content_type) and (accepted.json_pictures or not accepted.form_pictures):
        return _from_json(route, parse_json_object(body))
    forms = (["multipart/form-data"] if accepted.form_pictures else []) + (
        ["application/json (UTF-8)"] if accepted.json_pictures or not accepted.form_pictures else []
    )
    raise ProxyRefusal(415, "content_type_not_accepted", given=ascii(content_type[:80]), accepted=" / ".join(forms))


def _from_form(route: Route, parts: tuple[FormPart, ...]) -> ImageCall:
    accepted = ACCEPTED[route]
    refuse_unknown((part.name for part in parts), accepted.values | accepted.form_pictures)
    values: dict[str, str] = {}
    files: list[FormPart] = []
    for part in parts:
        if part.name in accepted.form_pictures:
            if not part.is_file:
                raise ProxyRefusal(400, "field_not_screened", param=part.name, why="not sent as a file")
            files.append(part)
            continue
        if part.is_file or part.name in values:
            why = "sent as a file" if part.is_file else "it is there twice"
            raise ProxyRefusal(400, "field_not_screened", param=part.name, why=why)
        values[part.name] = _form_text(part)
    return build_call(route, values, _form_pictures(files))


def _form_text(part: FormPart) -> str:
    if part.data.startswith(b"\xef\xbb\xbf"):
        raise ProxyRefusal(400, "malformed_body", why="'{param}' begins with a byte-order mark", param=part.name)
    try:
        return part.data.decode("utf-8")
    except UnicodeDecodeError:
        raise ProxyRefusal(400, "malformed_body", why="'{param}' is not UTF-8", param=part.name) from None


def _form_pictures(files: list[FormPart]) -> tuple[PictureSource, ...]:
    names = {part.name for part in files if part.name != "mask"}
    if len(names) > 1:
        raise ProxyRefusal(400, "field_not_screened", param="image[]", why="'image' is there as well")
    if sum(part.name == "mask" for part in files) > 1:
        raise ProxyRefusal(400, "field_not_screened", param="mask", why="it is there twice")
    _refuse_too_many(sum(part.name != "mask" for part in files))
    found: list[PictureSource] = []
    for part in files:
        role = Role.MASK if part.name == "mask" else Role.INPUT
        place = f"#{len(found) + 1}" if role is Role.INPUT else ""
        found.append(PictureSource(f"{part.name}{place}", role, data=part.data))
    return tuple(found)


def _from_json(route: Route, body: dict[str, Any]) -> ImageCall:
    accepted = ACCEPTED[route]
    refuse_unknown(body, accepted.values | accepted.json_pictures)
    pictures: list[PictureSource] = []
    images = body.get("images")
    if images is not None:
        if not isinstance(images, list) or not images:
            raise ProxyRefusal(400, "invalid_value", param="images", why="it must be a list of 1 to 16 pictures")
        _refuse_too_many(len(images))
        pictures += [read_reference(f"images[{place}]", Role.INPUT, one) for place, one in enumerate(images)]
    if body.get("mask") is not None:
        pictures.append(read_reference("mask", Role.MASK, body["mask"]))
    return build_call(route, {name: body[name] for name in body if name in accepted.values}, tuple(pictures))


def read_reference(name: str, role: Role, value: Any) -> PictureSource:
    """One picture of a JSON body: ``{"image_url": "data:... or https://..."}`` and nothing else."""
    if not isinstance(value, dict):
        raise ProxyRefusal(400, "invalid_value", param=name, why="it must be an object with image_url")
    if "file_id" in value:
        why = "the file lies where it cannot be looked at"
        raise ProxyRefusal(400, "field_not_screened", param=f"{name}.file_id", why=why)
    refuse_unknown((f"{name}.{key}" for key in value), frozenset({f"{name}.image_url"}))
    return read_address(name, role, value.get("image_url"))


def read_address(name: str, role: Role, address: Any) -> PictureSource:
    """A picture given by a data URL (decoded here) or by an http(s) address (fetched later)."""
    param = f"{name}.image_url"
    if not isinstance(address, str):
        raise ProxyRefusal(400, "invalid_value", param=param, why="it must be text")
    if address[:5].lower() != "data:":
        return PictureSource(name, role, url=address)
    head = _DATA_URL.match(address)
    if head is None:
        raise ProxyRefusal(400, "invalid_value", param=param, why="only data:image/...;base64,... is accepted")
    try:
        return PictureSource(name, role, data=base64.b64decode(address[head.end() :].encode("ascii"), validate=True))
    except (binascii.Error, UnicodeEncodeError):
        raise ProxyRefusal(400, "invalid_value", param=param, why="it is not plain base64") from None


def _refuse_too_many(count: int) -> None:
    if count > MAX_INPUTS:
        raise ProxyRefusal(400, "too_many_images", param="image", limit=str(MAX_INPUTS))
