"""A row of reservations as text: sealed while it waits, and what its digest is made of."""

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

from services.segments.rules.reservations import Reservation
from shared.vocabulary.consent import ClaimedConsent
from shared.vocabulary.stay import StayStatus

FIELDS = tuple(field.name for field in fields(Reservation))
VALUES = attrgetter(*FIELDS)


AT_FIRST = 28  # fields that every row writes; later ones only where they are filled, so that older digests stay true


def encode_row(row: Reservation) -> bytes:
    """The row as JSON."""
    values = VALUES(row)
    while values[-1] is None and len(values) > AT_FIRST:
        values = values[:-1]
    return orjson.dumps(values, default=str)


def decode_row(text: bytes | str) -> Reservation:
    """The row that `encode_row` made a text of."""
    values = dict(zip(FIELDS, orjson.loads(text), strict=False))
    for name, read in NOT_TEXT.items():
        if values.get(name) is not None:
            values[name] = read(values[name])
    return Reservation(**values)


_day = lru_cache(maxsize=20_000)(date.fromisoformat)
NOT_TEXT: dict[str, Callable[[Any], Any]] = {
    "status": StayStatus, "status_date": _day, "booked_on": _day, "arrival": _day, "departure": _day,
    "rate": Decimal, "revenue": Decimal, "birth_date": _day, "email_consent": ClaimedConsent,
    "sms_consent": ClaimedConsent, "status_at": datetime.fromisoformat,
}  # fmt: skip


def hash_of(row: Reservation) -> bytes:
    """The row's digest: a changed row has another one. The stay's state is part of it."""
    return sha256(encode_row(row)).digest()
