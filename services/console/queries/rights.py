"""What was done for people's rights, and the terms in force, for the pages on privacy."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from services.console.store import retention
from services.console.store.retention import Setting
from shared.database.pool import Tx
from shared.personal_data.retention.spans import Span
from shared.personal_data.retention.store import terms_in_force
from shared.personal_data.retention.terms import KEEPING, Keeping, Terms
from shared.vocabulary.personal_data import Kept

MOST = 50


@dataclass(frozen=True)
class Country:
    code: str
    span: Span | None
    source: str  # of the law's; empty: the hotel set it


@dataclass(frozen=True)
class TermLine:
    """A kind of data with its term in force. `own`: what the hotel set, by country."""

    kept: Kept
    keeping: Keeping
    span: Span | None
    countries: list[Country]
    own: dict[str, Setting] = field(default_factory=dict)


def term_lines(tx: Tx) -> list[TermLine]:
    terms, settings = terms_in_force(tx), retention.settings(tx)
    own = {kept: {one.country: one for one in settings if one.kept == kept} for kept in Kept}
    return [
        TermLine(kept, KEEPING[kept], terms.span(kept), _countries(terms, kept, own[kept]), own[kept]) for kept in Kept
    ]


def _countries(terms: Terms, kept: Kept, own: dict[str, Setting]) -> list[Country]:
    known = KEEPING[kept].by_country
    return [
        Country(code, terms.span(kept, code), "" if code in own else known[code].source)
        for code in terms.countries(kept)
    ]


@dataclass(frozen=True)
class ErasureLine:
    """`rows`: by service, how many were erased; a service that has not answered is missing."""

    guest_id: UUID
    at: datetime
    rows: dict[str, int]


def erasures(tx: Tx, most: int = MOST) -> list[ErasureLine]:
    """The newest first, of those whose certificates are kept whole."""
    found = tx.execute(
        """
        select guest_id, min(forgotten_at) as at,
               jsonb_object_agg(service, (select coalesce(sum(value::int), 0) from jsonb_each_text(rows)))
        from guest_forgotten
        where guest_id in (
            select guest_id from guest_forgotten group by guest_id order by min(forgotten_at) desc, guest_id limit %s)
        group by guest_id order by at desc, guest_id
        """,
        [most],
    )
    return [ErasureLine(*row) for row in found]


def files_made(tx: Tx) -> dict[str, Any]:
    """How many guests' files were asked for, downloaded and written to a folder, of all time that the trail holds; and
    how many guests were ever erased."""
    row = tx.execute(
        """
        select (select count(*) from audit_entry where action = 'guest.file_requested'),
               (select count(*) from audit_entry where action = 'guest.file_downloaded'),
               (select count(*) from audit_entry where action = 'guest.file_exported'),
               (select count(distinct guest_id) from guest_forgotten) + (select count(*) from guest_erased)
        """
    ).fetchone()
    asked, downloaded, exported, erased = row or (0, 0, 0, 0)
    return {"asked": asked, "downloaded": downloaded, "exported": exported, "erased": erased}
