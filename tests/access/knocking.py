"""Somebody at the door of a service, with a session, an API key or nothing; and whether anything changed behind it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import md5
from urllib.parse import unquote_plus
from weakref import WeakKeyDictionary

from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from shared.database.pool import Database
from tests.access.world import HERS, KEY, SECRET, House
from tests.cast import Member
from tests.web import Browser

TOKEN = "a-token-of-this-session"
BEARER = {"Authorization": f"Bearer glk_{KEY.person_id.hex}_{SECRET}"}
TABLES = """
    select oid::regclass::text from pg_class
    where relkind = 'r' and relnamespace = 'public'::regnamespace and relname <> 'key_use' order by 1
"""
"""All but the count of a key's requests."""
WRITTEN_TO = "select pg_current_wal_insert_lsn()"
"""How far the server has written: no row comes, changes or goes without a word in its log."""

_last: WeakKeyDictionary[Database, tuple[str | None, str]] = WeakKeyDictionary()
"""Of each database, how far the server had written when its last print was taken, and that print."""


class Visitor:
    """One person, or nobody, at one service. Forms come with a token as if a page of ours had been read before."""

    def __init__(self, app: Flask, who: Member | None) -> None:
        self.client = Browser(app, who).client
        with self.client.session_transaction() as session:
            session["csrf_token"] = TOKEN
        signer = URLSafeTimedSerializer(app.config["WTF_CSRF_SECRET_KEY"], salt="wtf-csrf-token")
        self.token = signer.dumps(TOKEN)

    def send(self, method: str, address: str, form: Mapping[str, str]) -> TestResponse:
        headers = {"X-CSRFToken": self.token}  # where an upload has it: its body is read later
        return self.client.open(address, method=method, data={"csrf_token": self.token, **form}, headers=headers)


def found_of_hers(house: House, answer: TestResponse, asked: str) -> list[str]:
    """What an answer tells of Shanghai's guest, beside what the address asked for says itself."""
    body = json.dumps(answer.json, ensure_ascii=False) if answer.is_json else answer.get_data().decode(errors="replace")
    text, known = body + answer.headers.get("Location", ""), unquote_plus(asked)
    return [one for one in (*HERS, *house.hers.values()) if one in text and one not in known]


def prints(databases: Mapping[str, Database]) -> dict[str, str]:
    """A print of all rows of each service. Where the server has written nothing since the last one, it is the same."""
    return {name: _print_of(database) for name, database in databases.items()}


def _print_of(database: Database) -> str:
    with database.transaction() as tx:
        (written_to,) = tx.execute(WRITTEN_TO).fetchone() or (None,)
        last_written_to, print_ = _last.get(database, (None, ""))
        if written_to != last_written_to:
            tables = [table for (table,) in tx.execute(TABLES)]
            each = [f"select string_agg(t::text, '' order by t::text) from {table} t" for table in tables]
            rows = tx.execute(" union all ".join(each)).fetchall()
            print_ = md5(repr(rows).encode(), usedforsecurity=False).hexdigest()
            _last[database] = (written_to, print_)
    return print_
