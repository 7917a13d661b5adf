"""Looks for strings in every value of every table: in clear, sealed, packed, and in the bodies of events."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from psycopg import sql

from shared.crypto.purposes import Sealing
from shared.crypto.sealing import CannotOpen, KeyRing, Sealed
from shared.database.pool import Database

TABLES = """
    select table_name from information_schema.tables
    where table_schema = 'public' and table_type = 'BASE TABLE' order by 1
"""
SEALED = re.compile(r"sealed:[A-Za-z0-9_.:]+:[A-Za-z0-9+/]+=*")


@dataclass
class Search:
    """`hits`: by table and what was found there, how often."""

    plants: Collection[str]
    keyring: KeyRing
    rows: int = 0
    opened: int = 0
    hits: dict[tuple[str, str], int] = field(default_factory=dict)

    def through(self, databases: Mapping[str, Database]) -> Search:
        for service, database in databases.items():
            with database.transaction() as tx:
                for (table,) in tx.execute(TABLES).fetchall():
                    for row in tx.execute(sql.SQL("select * from {}").format(sql.Identifier(table))):
                        self.rows += 1
                        self.look(f"{service}.{table}", row)
        return self

    def look(self, place: str, value: Any) -> None:
        for text in self._texts(value):
            lowered = text.casefold()
            for plant in self.plants:
                if plant.casefold() in lowered:
                    self.hits[place, plant] = self.hits.get((place, plant), 0) + 1

    def _texts(self, value: Any) -> Iterator[str]:
        """All that a value says; what is sealed in it is opened."""
        if isinstance(value, bytes | memoryview):
            data = bytes(value)
            yield from self._texts(data.decode("utf-8", "replace"))
            yield from self._texts(_inflated(data))
        elif isinstance(value, str):
            yield value
            for sealed in SEALED.findall(value):
                yield from self._texts(self._open(sealed))
        elif isinstance(value, dict | list | tuple):
            yield from self._texts(json.dumps(value, default=str, ensure_ascii=False))
        elif value is not None:
            yield str(value)

    def _open(self, sealed: str) -> str | None:
        for purpose in Sealing:
            try:
                text = self.keyring.open(Sealed(sealed), purpose)
            except CannotOpen:
                continue
            self.opened += 1
            return text
        return None


def _inflated(data: bytes) -> str | None:
    for window in (zlib.MAX_WBITS, -zlib.MAX_WBITS):
        try:
            return zlib.decompress(data, window).decode("utf-8", "replace")
        except zlib.error:
            continue
    return None
