"""Lists on their way into PostgreSQL, written by the JSON encoder: the sets this house works in are mostly lists.

A JSON list of text and numbers is an array literal but for its brackets, and the encoder is written in C: ten times
as fast as psycopg's way, one element after the other. What is not so plain goes that way as ever.
"""

from __future__ import annotations

import re
from datetime import date
from types import NoneType
from typing import Any
from uuid import UUID

import orjson
import psycopg
from psycopg.abc import Buffer
from psycopg.adapt import Dumper, PyFormat
from psycopg.types.array import ListDumper
from psycopg.types.json import set_json_loads

PLAIN = (str, int, NoneType, UUID, date)  # datetime is a date, bool an int, a StrEnum a str
ESCAPES = (rb"\b", rb"\f", rb"\n", rb"\r", rb"\t", rb"\u")
JSON_ONLY = re.compile(rb"(?<!\\)(?:\\\\)*\\[bfnrtu]")  # escapes that an array literal would read as plain letters


class QuickListDumper(Dumper):
    """Leaves the array's type to the statement, which casts it; so no element has to be looked at for it."""

    def dump(self, obj: list[Any]) -> Buffer | None:
        literal = array_literal(obj)
        if literal is not None:
            return literal
        return ListDumper(list, self.connection).upgrade(obj, PyFormat.TEXT).dump(obj)


def array_literal(values: list[Any]) -> bytes | None:
    """The literal of a list of plain values; None where one of them is not so plain."""
    if not all(issubclass(kind, PLAIN) for kind in set(map(type, values))):
        return None
    try:
        text = orjson.dumps(values)
    except orjson.JSONEncodeError:  # beyond 64 bits, or half a character
        return None
    if b"\\" in text and any(one in text for one in ESCAPES) and JSON_ONLY.search(text):
        return None
    return b"{" + text[1:-1] + b"}"


def use_quick_lists(connection: psycopg.Connection[Any]) -> None:
    """And the quick reader of JSON, in which lists come back."""
    connection.adapters.register_dumper(list, QuickListDumper)
    set_json_loads(orjson.loads, connection)
