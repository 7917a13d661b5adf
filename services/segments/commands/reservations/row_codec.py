"""A row of reservations or of a list as text: sealed while it waits, and what its digest is made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from hashlib import sha256
from operator import attrgetter
from typing import Any

import orjson

from services.segments.rules.people.contacts import Contact, StatedRow
from services.segments.rules.reservations import Reservation
from shared.vocabulary.consent import ClaimedConsent
from shared.vocabulary.stay import StayStatus

FIELDS = tuple(field.name for field in fields(Reservation))
VALUES = attrgetter(*FIELDS)
OF_CONTACT = tuple(field.name for field in fields(Contact))
NOT_OF_THE_ROW = {"file", "handed_in_at"}  # a list that is handed in again says nothing new


AT_FIRST = 28  # fields that every row writes; later ones only where they are filled, so that older digests stay true


def encode_row(row: StatedRow) -> bytes:
    """The row as JSON: an array, or an object of what a list's row fills."""
    if isinstance(row, Contact):
        return orjson.dumps({name: value for name in OF_CONTACT if (value := getattr(row, name))}, default=str)
    values = VALUES(row)
    while values[-1] is None and len(values) > AT_FIRST:
        values = values[:-1]
    return orjson.dumps(values, default=str)


def decode_row(text: bytes | str) -> StatedRow:
    """The row that `encode_row` made a text of."""
    told = orjson.loads(text)
    if isinstance(told, dict):
        return Contact(**_read(told))
    for place, read in PLACES:
        if place < len(told) and told[place] is not None:
            told[place] = read(told[place])
    return Reservation(*told[: len(FIELDS)])


def _read(values: dict[str, Any]) -> dict[str, Any]:
    for name, read in NOT_TEXT.items():
        if values.get(name) is not None:
            values[name] = read(values[name])
    return values


_day = lru_cache(maxsize=20_000)(date.fromisoformat)
NOT_TEXT: dict[str, Callable[[Any], Any]] = {
    "status": StayStatus, "status_date": _day, "booked_on": _day, "arrival": _day, "departure": _day,
    "rate": Decimal, "revenue": Decimal, "birth_date": _day, "email_consent": ClaimedConsent,
    "sms_consent": ClaimedConsent, "status_at": datetime.fromisoformat, "signed_on": _day, "tags": tuple,
    "wishes": tuple, "days": tuple, "whatsapp_consent": ClaimedConsent,
    "handed_in_at": datetime.fromisoformat,
}  # fmt: skip
PLACES = [(place, NOT_TEXT[name]) for place, name in enumerate(FIELDS) if name in NOT_TEXT]


def hash_of(row: StatedRow) -> bytes:
    """The row's digest: a changed row has another one. The stay's state is part of it."""
    return digest_of(row, encode_row(row))


def digest_of(row: StatedRow, text: bytes) -> bytes:
    """`text`: the row's, as `encode_row` makes it."""
    if isinstance(row, Contact):
        said = orjson.loads(text)
        text = orjson.dumps({name: said[name] for name in said.keys() - NOT_OF_THE_ROW}, option=orjson.OPT_SORT_KEYS)
    return sha256(text).digest()
