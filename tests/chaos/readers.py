"""A colleague who saves something and looks at once whether it is there, while replicas lag, stop and die.

What was saved is what a page answered with the way back to its list. The list is read by whichever process answers
next, from wherever it reads; all that was saved before has to stand in it.
"""

from __future__ import annotations

import http.client
import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html import unescape
from itertools import cycle
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import psycopg

from guestloop.composition.services import Group, database_name
from services.console.commands.accounts import Member, ensure_person
from shared.access.session_cookie import SessionCookie, header_of
from shared.crypto.purposes import Signing
from shared.crypto.sealing import KeyRing
from shared.ids import make_id
from shared.vocabulary.role import Role
from tests.chaos.audit import Audit
from tests.standby import Standby

LIST = "/campaigns/own-days"
DAY = "2099-05-04"
PAUSE = 0.5  # seconds between two days that are saved
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
SHOWN = re.compile(r"Chaos day \d+")


def employ(group: Group, at: datetime) -> UUID:
    """Who reads; every service hears of them."""
    with group.database("console").transaction() as tx:
        who = Member(name="Marta Marques", role=Role.MARKETER)
        return ensure_person(tx, email="marta@casa.example.com", wanted=who, password="eleven slow green trams", at=at)


@dataclass
class Reading:
    """`saved`: by name; `looks`: lists that were read since; `missing`: how often one lacked a day saved before."""

    pages: Sequence[str]  # host:port of campaigns'
    who: UUID
    keyring: KeyRing
    now: datetime
    saved: set[str] = field(default_factory=set)
    looks: int = 0
    missing: int = 0
    _over: threading.Event = field(default_factory=threading.Event)
    _cookies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        later = self.now + timedelta(days=365)
        session = SessionCookie(make_id("session", "chaos"), self.who, 0, later, later)
        header = header_of(session, "en", self.keyring.signing_keys(Signing.SESSION)[0])
        self._cookies = dict(one.split("=", 1) for one in header.split("; "))
        self._places = cycle(self.pages)
        self._thread = threading.Thread(target=self._run, name="reader", daemon=True)
        self._thread.start()

    def end(self) -> None:
        self._over.set()
        self._thread.join(60)

    def _run(self) -> None:
        number = 0
        while not self._over.wait(PAUSE):
            text = self._look()
            if token := TOKEN.search(text):
                number += 1
                self._save(f"Chaos day {number}", unescape(token[1]))
                self._look()

    def _look(self) -> str:
        """The list, or nothing where nobody answered."""
        before = set(self.saved)
        status, text = self._ask("GET", LIST)
        if status != 200:
            return ""
        self.looks += 1
        self.missing += not before <= set(SHOWN.findall(text))
        return text

    def _save(self, name: str, token: str) -> None:
        form = {"csrf_token": token, "name": name, "day": DAY}
        status, _ = self._ask("POST", f"{LIST}/days", urlencode(form))
        if status == 303:
            self.saved.add(name)

    def _ask(self, method: str, path: str, body: str | None = None) -> tuple[int, str]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        headers |= {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        connection = http.client.HTTPConnection(next(self._places), timeout=15)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        except (OSError, http.client.HTTPException):
            return 0, ""
        finally:
            connection.close()
        self._keep(answer.headers.get_all("Set-Cookie") or ())
        return answer.status, text

    def _keep(self, told: Sequence[str]) -> None:
        """As a browser does that came by https."""
        for one in told:
            name, _, value = one.partition(";")[0].partition("=")
            self._cookies[name] = value


def audit_reading(done: Audit, group: Group, standby: Standby, reading: Reading) -> None:
    """Whoever saved something saw it; and in the end the standby is where the database is."""
    done.figures |= {"days saved by a colleague": len(reading.saved), "lists they looked at": reading.looks}
    with psycopg.connect(standby.dsn(database_name("campaigns"))) as copy:
        ((looked,),) = copy.execute(READ_THERE).fetchall()
    done.figures["lists read at the replica since it last died"] = looked
    done.wrong["lists without what was saved before"] = reading.missing
    done.wrong["days saved and lost"] = len(reading.saved - {name for (name,) in _rows(group, SAVED)})
    standby.resume()
    standby.catches_up()
    with psycopg.connect(standby.dsn(database_name("campaigns"))) as copy:
        differs = set(copy.execute(STATE)) ^ set(_rows(group, STATE))
    done.wrong["rows that the replica has otherwise"] = len(differs)


READ_THERE = "select seq_scan + coalesce(idx_scan, 0) from pg_stat_user_tables where relname = 'calendar_day'"
SAVED = "select name from calendar_day"
STATE = "select id, state, version from message"


def _rows(group: Group, query: str) -> list[Any]:
    with group.database("campaigns").transaction() as tx:
        return tx.execute(query).fetchall()
