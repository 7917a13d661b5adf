"""What a service holds of a guest, as titled tables: straight from its declaration, and what it says in words beside.

Titles, labels and words are English here; they are translated where the file is written (`paper`).
A table's cells are JSON: text, numbers, lists, and six kinds of tagged values that are written in the reader's way:
`{"word": "sent"}` (translated), `{"at": instant}`, `{"day": date}`, `{"money": "12.50", "currency": "EUR"}`,
`{"lines": {name: value}}` and `{"picture": base64, "type": "image/jpeg"}`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeAlias
from uuid import UUID

from shared.crypto.sealing import Sealed
from shared.database.pool import Tx
from shared.personal_data.declaration import Column, PersonalData, Table
from shared.vocabulary.personal_data import PersonalKind
from shared.vocabulary.reason import reason_named
from shared.vocabulary.term import Term

Cell: TypeAlias = Any
OF_HOTELS = frozenset({"property", "home_property"})
"""Columns that hold a hotel's code: its name is written out."""
NEVER_SHOWN = frozenset({PersonalKind.COLLEAGUE, PersonalKind.SECRET})
ASIDE = frozenset({"page", "by", "role"})
"""Parts of sealed texts that are not written out: the mail drawn, whose words stand beside it, and colleagues."""


@dataclass(frozen=True)
class Held:
    """One titled table, with a label a column."""

    title: str
    labels: Sequence[str]
    rows: Sequence[Sequence[Cell]]


Tell = Callable[[Tx, Sequence[UUID]], list[Held]]
"""What a service tells of guests in words, beside the rows of its declaration."""


Currencies = Callable[[Tx], Mapping[str, str]]
"""By what a column's `money` may say, the currency: of hotels, and under «» the reporting currency."""
HOTEL = "hotel:"
PICTURES = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})


def in_file(text: str) -> str:
    """Marks a word for the catalogues of the guest's file."""
    return text


def nothing_more(_tx: Tx, _guests: Sequence[UUID]) -> list[Held]:
    return []


def no_money(_tx: Tx) -> Mapping[str, str]:
    return {}


def held_of(
    tx: Tx, data: PersonalData, guests: Sequence[UUID], tell: Tell = nothing_more, currencies: Currencies = no_money
) -> list[Held]:
    """Everything of these ids of one guest: first in words, then every declared row, what others refer to first. Tables
    without a row are left out.
    """
    hotels = dict(tx.execute("select code, name from hotel_known").fetchall())
    money = currencies(tx)
    tables = [
        *tell(tx, guests),
        *(_rows_of(tx, table, guests, hotels, money) for table in reversed(data.tables) if shown_columns(table)),
    ]
    return [table for table in tables if table.rows]


def shown_columns(table: Table) -> dict[str, Column]:
    """The columns that are written out: never a colleague's name, whatever the declaration labels."""
    if table.guests is None:
        return {}
    return {name: one for name, one in table.columns.items() if one.label and one.kind not in NEVER_SHOWN}


def _rows_of(
    tx: Tx, table: Table, guests: Sequence[UUID], hotels: Mapping[str, str], currencies: Mapping[str, str]
) -> Held:
    columns = shown_columns(table)
    names = ", ".join(_selected(name, column) for name, column in columns.items())
    order = f"{table.by_month}, ctid" if table.by_month else "ctid"
    query = f"select {names} from {table.name} where {table.guests} order by {order}"
    found = tx.execute(query, {"guests": list(guests)})
    rows = [
        [
            hotels.get(value, value)
            if name in OF_HOTELS
            else _amount(value[0], value[1], currencies)
            if column.money
            else _picture(tx, value[0], value[1], column)
            if column.picture
            else cell(tx, value, column)
            for value, (name, column) in zip(row, columns.items(), strict=True)
        ]
        for row in found
    ]
    return Held(table.what, [str(column.label) for column in columns.values()], rows)


def _selected(name: str, column: Column) -> str:
    """An amount comes with its currency, a picture with its media type, what may rest boxed as text."""
    if column.picture:
        content = f'"{name}"' if column.sealed else f"""encode("{name}", 'base64')"""
        return f"array[{content}, {column.picture}]"
    if column.or_boxed:
        return f"""coalesce("{name}", unboxed("{column.or_boxed}", '{column.sealed}'))"""
    return f"""array["{name}"::text, ({column.money})::text]""" if column.money else f'"{name}"'


def _picture(tx: Tx, content: str | None, kind: str | None, column: Column) -> Cell:
    """None where there is none, or none of a kind that every program shows."""
    if not content or kind not in PICTURES:
        return None
    text = tx.keyring.open(Sealed(content), column.sealed) if column.sealed else content
    return {"picture": "".join(text.split()), "type": kind}


def _amount(amount: str | None, said: str | None, currencies: Mapping[str, str]) -> Cell:
    if amount is None:
        return None
    if said == "" or (said is not None and said.startswith(HOTEL)):
        said = currencies.get(said.removeprefix(HOTEL))
    return {"money": amount, "currency": said}


def cell(tx: Tx, value: Any, column: Column) -> Cell:
    """A value as the file carries it: opened where it is sealed, a word where the column holds terms."""
    if isinstance(value, str) and column.sealed is not None:
        return _words_of(tx.keyring.open(Sealed(value), column.sealed)) if value else None
    if column.words is not None and isinstance(value, str):
        return word(column.words, value)
    return plain(value)


def plain(value: Any) -> Cell:
    if isinstance(value, datetime):
        return {"at": value.isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return None
    if isinstance(value, dict):
        return {"lines": {str(name): plain(one) for name, one in value.items()}} if value else None
    if isinstance(value, list):
        return [plain(one) for one in value]
    return value


def word(kind: type[Term], value: str | None) -> Cell:
    """The label of a term; what is none is shown as it stands."""
    if value is None:
        return None
    try:
        return {"word": kind(value).label}
    except ValueError:
        return value


def why(reason: str | None) -> Cell:
    """A reason that a journey named itself is shown as its author wrote it."""
    known = reason_named(reason)
    return {"word": known.label} if known else (reason or "").replace("_", " ")


def _words_of(opened: str) -> Cell:
    """Sealed texts of several parts are JSON objects."""
    if opened.startswith("{"):
        try:
            parts: Mapping[str, Any] = json.loads(opened)
        except ValueError:
            return opened
        return plain({name: value for name, value in parts.items() if value is not None and name not in ASIDE})
    return opened
