"""The platform's own database: accounts, posts, letters, strikes, and every webhook that was obeyed.

Invariants: what a webhook changes, its stored answer and its line in ``acts`` are written in one transaction that is on
disk before the answer leaves. ``acts`` has no unique constraint on purpose: what is done twice would show.
"""

import hashlib
import hmac
import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

SCHEMA = """
CREATE TABLE IF NOT EXISTS accounts(
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, display TEXT NOT NULL, ref TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS posts(
  id INTEGER PRIMARY KEY AUTOINCREMENT, account_id INTEGER NOT NULL REFERENCES accounts(id), caption TEXT NOT NULL,
  media_type TEXT NOT NULL, sha256 TEXT NOT NULL, picture BLOB, posted_at TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'visible' CHECK(state IN ('visible','hidden','removed')),
  keep_until TEXT, last_message_at TEXT NOT NULL DEFAULT '', edited_from INTEGER REFERENCES posts(id));
CREATE TABLE IF NOT EXISTS letters(
  id INTEGER PRIMARY KEY, account_id INTEGER NOT NULL REFERENCES accounts(id), post_id INTEGER REFERENCES posts(id),
  kind TEXT NOT NULL, letter TEXT NOT NULL, appeal_token TEXT, appeal_until TEXT, appealed_at TEXT,
  received_at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS strikes(
  id TEXT PRIMARY KEY, account_id INTEGER NOT NULL REFERENCES accounts(id), level TEXT NOT NULL, expires_at TEXT,
  received_at TEXT NOT NULL, withdrawn_at TEXT);
CREATE TABLE IF NOT EXISTS messages(
  id TEXT PRIMARY KEY, body_sha256 TEXT NOT NULL, answer TEXT NOT NULL, deliveries INTEGER NOT NULL DEFAULT 1);
CREATE TABLE IF NOT EXISTS acts(
  id INTEGER PRIMARY KEY, message_id TEXT NOT NULL, type TEXT NOT NULL, post_id INTEGER, account_id INTEGER,
  acted_at TEXT NOT NULL);
"""


def utc_text(moment: datetime | None = None) -> str:
    """RFC 3339 in UTC with six digits of a second, so that texts sort as moments do; the present by default."""
    return (moment or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


class Store:
    """One SQLite file; a new connection for each unit of work, so that threads may share the store."""

    def __init__(self, file: Path, pseudonym_key: str) -> None:
        self._file = file
        self._pseudonym_key = pseudonym_key
        file.parent.mkdir(parents=True, exist_ok=True)
        connection = self._connect()
        connection.executescript("PRAGMA journal_mode=WAL;" + SCHEMA)
        connection.close()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._file, timeout=30, isolation_level=None)
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA synchronous=FULL")
        return connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it or nothing, durable when the block ends."""
        connection = self._connect()
        try:
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        finally:
            connection.close()

    def rows(self, query: str, *values: object) -> list[sqlite3.Row]:
        """All rows of a reading query."""
        connection = self._connect()
        try:
            return connection.execute(query, values).fetchall()
        finally:
            connection.close()

    def row(self, query: str, *values: object) -> sqlite3.Row | None:
        """The first row, or ``None``."""
        found = self.rows(query, *values)
        return found[0] if found else None

    def add_account(self, name: str, display: str) -> int:
        """Create an account, or find the one of that name; its pseudonym comes from its number and a key of ours."""
        with self.writing() as db:
            known = db.execute("SELECT id FROM accounts WHERE name=?", (name,)).fetchone()
            if known:
                return int(known["id"])
            number = int(db.execute("SELECT coalesce(max(id),0)+1 FROM accounts").fetchone()[0])
            code = hmac.new(self._pseudonym_key.encode(), str(number).encode(), hashlib.sha256).hexdigest()[:32]
            db.execute("INSERT INTO accounts VALUES(?,?,?,?)", (number, name, display, f"acct_{code}"))
            return number

    def add_post(
        self,
        account_id: int,
        caption: str,
        picture: bytes,
        media_type: str,
        *,
        edited_from: int | None = None,
        posted_at: str = "",
    ) -> int:
        """Publish a picture that has been checked; the new post's number."""
        with self.writing() as db:
            cursor = db.execute(
                "INSERT INTO posts(account_id,caption,media_type,sha256,picture,posted_at,edited_from)"
                " VALUES(?,?,?,?,?,?,?)",
                (
                    account_id,
                    caption,
                    media_type,
                    hashlib.sha256(picture).hexdigest(),
                    picture,
                    posted_at or utc_text(),
                    edited_from,
                ),
            )
            return int(cursor.lastrowid or 0)

    def feed(self) -> list[sqlite3.Row]:
        """Posts that the feed mentions, newest first: a hidden one as a line, a removed one not at all."""
        return self.rows(
            "SELECT p.id,p.caption,p.state,p.posted_at,p.edited_from,a.name,a.display FROM posts p"
            " JOIN accounts a ON a.id=p.account_id WHERE p.state<>'removed' ORDER BY p.id DESC LIMIT 120"
        )

    def post(self, number: int) -> sqlite3.Row | None:
        """One post with its uploader, without the bytes."""
        return self.row(
            "SELECT p.id,p.account_id,p.caption,p.media_type,p.sha256,p.posted_at,p.state,p.edited_from,"
            " p.picture IS NOT NULL AS kept, a.name, a.display, a.ref FROM posts p"
            " JOIN accounts a ON a.id=p.account_id WHERE p.id=?",
            number,
        )

    def picture(self, number: int) -> bytes | None:
        """The stored original; ``None`` when erased or unknown."""
        found = self.row("SELECT picture FROM posts WHERE id=?", number)
        return None if found is None else found["picture"]

    def erase_overdue(self) -> None:
        """Forget the bytes of removed pictures whose time to appeal is over."""
        with self.writing() as db:
            db.execute(
                "UPDATE posts SET picture=NULL WHERE state='removed' AND picture IS NOT NULL AND keep_until<?",
                (utc_text(),),
            )

    def acts(self) -> list[dict[str, Any]]:
        """Every webhook with how often it came and how often it was acted on."""
        found = self.rows(
            "SELECT m.id, m.deliveries, m.answer, (SELECT count(*) FROM acts WHERE message_id=m.id) AS acted,"
            " (SELECT type FROM acts WHERE message_id=m.id) AS type,"
            " (SELECT post_id FROM acts WHERE message_id=m.id) AS post_id FROM messages m ORDER BY m.rowid"
        )
        return [{**dict(line), "answer": json.loads(line["answer"])} for line in found]
