"""The companies that rows name: an account for each that is new, in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from services.segments.commands.reservations.prepared import PreparedRow, ReadyRow
from services.segments.rules.companies import company_id
from services.segments.store.companies.companies import NewCompany, add_companies
from services.segments.store.guests.erasures import entity_of_hotels
from shared.database.pool import Tx


def with_companies(tx: Tx, ready_rows: list[ReadyRow]) -> list[ReadyRow]:
    """The rows with the account of the company that each names."""
    if not any(isinstance(ready, PreparedRow) and ready.row.company for ready in ready_rows):
        return ready_rows
    entities = entity_of_hotels(tx)
    return [
        _with_company(ready, entities[ready.row.property]) if isinstance(ready, PreparedRow) else ready
        for ready in ready_rows
    ]


def make_companies(tx: Tx, prepared_rows: Sequence[PreparedRow], at: datetime) -> None:
    """An account for each company that has none; the first row of a spelling names it."""
    named: dict[object, NewCompany] = {}
    for prepared in prepared_rows:
        if prepared.company_id and prepared.row.company and prepared.company_id not in named:
            row = prepared.row
            named[prepared.company_id] = NewCompany(prepared.company_id, row.property, row.company or "", row.source)
    if named:
        add_companies(tx, list(named.values()), at)


def _with_company(prepared: PreparedRow, entity: str) -> PreparedRow:
    row = prepared.row
    if not row.company:
        return prepared
    return replace(prepared, company_id=company_id(row.company, entity, row.source, row.property))
