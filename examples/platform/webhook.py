"""Obeys Consentry's webhooks, each message once: docs/spec/webhook.md."""

import asyncio
import hashlib
import itertools
import json
import sqlite3
from datetime import datetime
from typing import Any

from standardwebhooks.webhooks import Webhook, WebhookVerificationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from examples.platform.connector import find_post
from examples.platform.settings import Settings
from examples.platform.store import Store, utc_text

MAX_BODY = 256 * 1024
STATES = {"content.hide": "hidden", "content.restore": "visible", "content.remove": "removed"}
ACCOUNT_TYPES = {
    "account.notice": "noticed",
    "account.strike": "struck",
    "account.strike_withdrawn": "strike_withdrawn",
}
LEVELS = {"warning", "cooling_off", "suspension", "ban"}


class Refusal(Exception):
    """A message that is not obeyed; ``status`` goes back."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


def webhook_routes(settings: Settings, store: Store) -> list[Route]:
    """The receiver's route."""
    received = itertools.count()

    async def receive(request: Request) -> Response:
        turn, faults = next(received), settings.faults
        body = await _read(request)
        if faults.redirect:
            return RedirectResponse(faults.redirect, 307)
        if turn < faults.fail:
            return JSONResponse({"error": "told to fail"}, 500)
        try:
            message = _verified(settings.webhook_secret, dict(request.headers), body)
            answer = await run_in_threadpool(obey, store, settings, message, body)
        except Refusal as refusal:
            return JSONResponse({"done": False, "error": str(refusal)}, refusal.status)
        if faults.slow:
            await asyncio.sleep(faults.slow)
        if turn < faults.fail + faults.fail_after:
            return JSONResponse({"error": "told to fail after acting"}, 500)
        return Response(answer, media_type="application/json")

    return [Route("/consentry/webhook", receive, methods=["POST"])]


async def _read(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            return b""  # no signature fits an empty body
    return bytes(body)


def _verified(secret: str, headers: dict[str, str], body: bytes) -> dict[str, Any]:
    try:
        Webhook(secret).verify(body, headers, json_parse=False)
    except (WebhookVerificationError, ValueError):
        raise Refusal(401, "signature or timestamp not accepted") from None
    try:
        message = json.loads(body)
    except (ValueError, RecursionError):
        raise Refusal(400, "not JSON") from None
    if not isinstance(message, dict) or message.get("id") != headers["webhook-id"]:
        raise Refusal(400, "id in the body differs from the header")
    if message.get("type") not in STATES.keys() | ACCOUNT_TYPES.keys() or not isinstance(message.get("data"), dict):
        raise Refusal(400, "unknown type, or no data")
    return message


def obey(store: Store, settings: Settings, message: dict[str, Any], body: bytes) -> str:
    """Act on a verified message unless its id was obeyed before; the answer's JSON text, the same both times."""
    digest = hashlib.sha256(body).hexdigest()
    with store.writing() as db:
        known = db.execute("SELECT body_sha256, answer FROM messages WHERE id=?", (message["id"],)).fetchone()
        if known:
            if known["body_sha256"] != digest:
                raise Refusal(409, "this id came before with another body")
            db.execute("UPDATE messages SET deliveries=deliveries+1 WHERE id=?", (message["id"],))
            return str(known["answer"])
        answer = {"done": True, "acted_at": utc_text(), **_act(db, settings, message)}
        text = json.dumps(answer)
        db.execute("INSERT INTO messages(id,body_sha256,answer) VALUES(?,?,?)", (message["id"], digest, text))
        return text


def _act(db: sqlite3.Connection, settings: Settings, message: dict[str, Any]) -> dict[str, Any]:
    kind, data = message["type"], message["data"]
    if kind in STATES:
        return _act_on_content(db, settings, message)
    account = db.execute("SELECT id FROM accounts WHERE ref=?", (str(message.get("account_ref")),)).fetchone()
    if account is None:
        raise Refusal(404, "there is no such account")
    post = _post(db, settings, message) if message.get("content_ref") is not None else None
    if kind == "account.notice":
        _keep_letter(db, account["id"], None if post is None else post["id"], data)
    elif kind == "account.strike":
        if data.get("level") not in LEVELS or not isinstance(data.get("strike_id"), str):
            raise Refusal(400, "a strike needs an id and a known level")
        until = None if data.get("expires_at") is None else utc_text(_moment(data["expires_at"]))
        db.execute(
            "INSERT INTO strikes(id,account_id,level,expires_at,received_at) VALUES(?,?,?,?,?)"
            " ON CONFLICT(id) DO UPDATE SET level=excluded.level, expires_at=excluded.expires_at",
            (data["strike_id"], account["id"], data["level"], until, utc_text()),
        )
    else:
        gone = db.execute(
            "UPDATE strikes SET withdrawn_at=? WHERE id=? AND account_id=?",
            (utc_text(), str(data.get("strike_id")), account["id"]),
        )
        if gone.rowcount == 0:
            raise Refusal(404, "there is no such strike")
    _note(db, message, None if post is None else post["id"], account["id"])
    return {"state": ACCOUNT_TYPES[kind]}


def _act_on_content(db: sqlite3.Connection, settings: Settings, message: dict[str, Any]) -> dict[str, Any]:
    post, state = _post(db, settings, message), STATES[message["type"]]
    decided_at = utc_text(_moment(message.get("created_at")))
    if decided_at < post["last_message_at"]:
        return {"state": post["state"], "superseded": True}
    if state == "visible" and not post["kept"]:
        raise Refusal(410, "the bytes are gone, it cannot come back")
    keep_until = utc_text(_moment(message["data"].get("keep_until"))) if state == "removed" else None
    if not settings.faults.lie:
        db.execute(
            "UPDATE posts SET state=?, keep_until=?, last_message_at=? WHERE id=?",
            (state, keep_until, decided_at, post["id"]),
        )
        _note(db, message, post["id"], None)
    return {"state": state}


def _post(db: sqlite3.Connection, settings: Settings, message: dict[str, Any]) -> sqlite3.Row:
    number = find_post(str(message.get("content_ref")), settings.base_url)
    query = "SELECT id, state, last_message_at, picture IS NOT NULL AS kept FROM posts WHERE id=?"
    post: sqlite3.Row | None = db.execute(query, (number,)).fetchone()
    if post is None:
        raise Refusal(404, "there is no such picture")
    return post


def _keep_letter(db: sqlite3.Connection, account_id: int, post_id: int | None, data: dict[str, Any]) -> None:
    letter, appeal = data.get("letter"), data.get("appeal")
    try:
        texts = {lang: {part: str(letter[lang][part]) for part in ("subject", "text")} for lang in ("en", "ja")}
        token, until = (None, None) if appeal is None else (str(appeal["token"]), utc_text(_moment(appeal["until"])))
    except (KeyError, TypeError):
        raise Refusal(400, "a notice needs a letter in English and Japanese") from None
    db.execute(
        "INSERT INTO letters(account_id,post_id,kind,letter,appeal_token,appeal_until,received_at)"
        " VALUES(?,?,?,?,?,?,?)",
        (account_id, post_id, str(data.get("kind", "")), json.dumps(texts), token, until, utc_text()),
    )


def _note(db: sqlite3.Connection, message: dict[str, Any], post_id: int | None, account_id: int | None) -> None:
    db.execute(
        "INSERT INTO acts(message_id,type,post_id,account_id,acted_at) VALUES(?,?,?,?,?)",
        (message["id"], message["type"], post_id, account_id, utc_text()),
    )


def _moment(text: object) -> datetime:
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise Refusal(400, "a time is missing or has no zone")
    return moment
