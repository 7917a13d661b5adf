"""Lines of bills."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from decimal import Decimal
from operator import attrgetter
from uuid import UUID

from services.segments.store.sets import columns
from shared.database.pool import Tx
from shared.ids import make_id


@dataclass(frozen=True)
class SpendLine:
    """Of a guest, or of a stay and so of whoever has it. `amount`: in its own currency; below nothing: given back."""

    id: UUID
    source: str
    property: str
    number: str
    guest_id: UUID | None
    stay_id: UUID | None
    outlet: str
    amount: Decimal
    currency: str
    day: date


TYPES = {
    "id": "uuid", "source": "text", "property": "text", "number": "text", "guest_id": "uuid", "stay_id": "uuid",
    "outlet": "text", "amount": "numeric", "currency": "text", "day": "date",
}  # fmt: skip
NAMES = tuple(field.name for field in fields(SpendLine))


def line_id(source: str, place: str, number: str) -> UUID:
    return make_id("spend", source, place, number)


def of_guest(line: SpendLine, now: Mapping[UUID, UUID]) -> SpendLine:
    """The line of whom its guest became."""
    return replace(line, guest_id=now[line.guest_id]) if line.guest_id else line


def lines_among(tx: Tx, ids: Collection[UUID]) -> dict[UUID, SpendLine]:
    """These lines as they stand, locked."""
    query = f"select {', '.join(NAMES)} from spend where id = any(%s) order by id for update"
    return {line.id: line for line in tx.rows(SpendLine, query, [list(ids)])}


def save(tx: Tx, lines: Sequence[SpendLine], at: datetime) -> None:
    if not lines:
        return
    changed = ", ".join(f"{name} = excluded.{name}" for name in NAMES if name != "id")
    statement = f"""
        insert into spend ({", ".join(NAMES)}, changed_at)
        select {", ".join(f"t.{name}" for name in NAMES)}, %(at)s
        from unnest({", ".join(f"%({name})s::{TYPES[name]}[]" for name in NAMES)}) as t ({", ".join(NAMES)})
        on conflict (id) do update set {changed}, changed_at = excluded.changed_at
    """
    tx.execute(statement, {**columns(NAMES, map(attrgetter(*NAMES), lines)), "at": at})
