"""One service's database with its standby, and however many web processes that have both."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from typing import Any

import psycopg
from flask import Flask

from services.segments.config import Config
from services.segments.service import SERVICE
from shared.clock import VirtualClock
from shared.crypto.sealing import KeyRing
from shared.database.pool import Database
from shared.embedded.server import EmbeddedPostgres
from shared.web.config import WebConfig
from tests.cast import FILIPA, NOW, Member, employ
from tests.standby import Standby
from tests.web import Browser, browser

NAME, COOKIE = "guestloop_segments", "guestloop_read_after_segments"
LONG = timedelta(hours=1)


class House:
    """One service's database with its standby, and however many web processes."""

    def __init__(self, primary: EmbeddedPostgres, standby: Standby, keyring: KeyRing) -> None:
        self.primary, self.standby, self._keyring = primary, standby, keyring
        self._databases: list[Database] = []

    def database(self, *, most_behind: timedelta = LONG, replica: str = "") -> Database:
        """As one process has it."""
        made = Database(
            self.primary.dsn(NAME),
            service="segments",
            keyring=self._keyring,
            replica=replica or self.standby.dsn(NAME),
            most_behind=most_behind,
        )
        self._databases.append(made)
        return made

    def desk(self, who: Member = FILIPA, database: Database | None = None) -> Browser:
        found = browser(SERVICE.build_web, Config(), database or self.database(), who)
        self.standby.catches_up()
        return found

    clock, web = VirtualClock(NOW), WebConfig()

    def reader(self, app: Flask, who: Member) -> Browser:
        with closing(Database(self.primary.dsn(NAME), service="segments", keyring=self._keyring)) as database:
            employ(database)
        self.standby.catches_up()
        return Browser(app, who)

    def removes_what_is_read(self) -> None:
        """And waits until the standby has done so as well."""
        self.writes("delete from numbers")
        self.writes("vacuum numbers")
        self.standby.catches_up()

    def tells_standby(self, name: str, value: str) -> None:
        with psycopg.connect(self.standby.admin_dsn(), autocommit=True) as connection:
            connection.execute(f"alter system set {name} = '{value}'".encode())
            connection.execute("select pg_reload_conf()")

    def takes_over(self, reader: Browser, elsewhere: Browser) -> None:
        """The same reader is answered by another process."""
        cookie = reader.client.get_cookie(COOKIE)
        assert cookie is not None
        elsewhere.client.set_cookie(COOKIE, cookie.value)

    def writes(self, query: str, *values: Any) -> None:
        with psycopg.connect(self.primary.dsn(NAME), autocommit=True) as connection:
            connection.execute(query.encode(), values)

    def close(self) -> None:
        for each in self._databases:
            each.close()
