"""What guests were given for what went wrong. An entry that was a mistake is withdrawn and stays in the history."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from shared.database.pool import Tx


@dataclass(frozen=True, kw_only=True)
class Given:
    """`amount`: None where it has no price; `month`: the first day of the hotel's month."""

    compensation_id: UUID
    case_id: UUID
    property: str | None
    kind: str
    amount: Decimal | None
    currency: str | None
    approved_by_id: UUID
    approved_by: str
    given_by: str
    at: datetime
    month: date


def add(tx: Tx, given: Given) -> bool:
    """Whether it is new."""
    return tx.execute(ADD, asdict(given)).rowcount == 1


def withdraw(tx: Tx, case_id: UUID, compensation_id: UUID, by: str, at: datetime) -> str | None:
    """Its kind; None where it is not of this case, or withdrawn already."""
    found = tx.execute(WITHDRAW, {"case": case_id, "id": compensation_id, "by": by, "at": at}).fetchone()
    return found[0] if found else None


ADD = """
    insert into case_compensation (compensation_id, case_id, property, kind, amount, currency, approved_by_id,
                                   approved_by, given_by, at, month)
    values (%(compensation_id)s, %(case_id)s, %(property)s, %(kind)s, %(amount)s, %(currency)s,
            %(approved_by_id)s, %(approved_by)s, %(given_by)s, %(at)s, %(month)s)
    on conflict do nothing
"""
WITHDRAW = """
    update case_compensation set withdrawn_at = %(at)s, withdrawn_by = %(by)s
    where compensation_id = %(id)s and case_id = %(case)s and withdrawn_at is null
    returning kind
"""
