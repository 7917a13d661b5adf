"""Reservations for tests: a row that says little, to which each test adds what matters."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from services.segments.rules.reservations import Reservation
from shared.database.pool import Database
from shared.vocabulary.consent import ClaimedConsent
from shared.vocabulary.stay import StayStatus

MORNING = datetime(2016, 3, 1, 6, tzinfo=UTC)
PLAIN = Reservation(
    source="pms",
    property="LIS",
    reservation="LIS-000001",
    status=StayStatus.BOOKED,
    status_date=date(2016, 3, 1),
    booked_on=date(2016, 3, 1),
    arrival=date(2016, 3, 10),
    departure=date(2016, 3, 12),
    given_name="Rita",
    family_name="Cantu",
    email_consent=ClaimedConsent.EXPRESS,
    sms_consent=ClaimedConsent.NEVER_ASKED,
)


def row(number: int = 1, **changes: Any) -> Reservation:
    """Reservation LIS-00000n; `name` sets both names."""
    if name := changes.pop("name", None):
        given, _, family = name.rpartition(" ")
        changes |= {"given_name": given, "family_name": family}
    return replace(PLAIN, **{"reservation": f"LIS-{number:06}", **changes})


def add_properties(database: Database) -> None:
    statement = """
        insert into property_known (code, version, name, zone, country, legal_entity, told_of_survey)
        values ('LIS', 1, 'City', 'Europe/Lisbon', 'PT', 'one', true),
               ('SHA', 1, 'Bund', 'Asia/Shanghai', 'CN', 'one', true),
               ('ALG', 1, 'Resort', 'Europe/Lisbon', 'PT', 'one', true)
    """
    with database.transaction() as tx:
        tx.execute(statement)


def told(database: Database) -> list[str]:
    """The types said so far of guests and stays, one a subject, in order."""
    with database.transaction() as tx:
        query = "select type, subjects from outbox where type not in ('property.heard.v1', 'feed.heard.v1') order by id"
        rows = tx.execute(query).fetchall()
    return [name.removesuffix(".v1") for name, subjects in rows for _ in range(subjects)]


def partition(database: Database) -> set[frozenset[str]]:
    """The reservations of each guest."""
    with database.transaction() as tx:
        rows = tx.execute("select array_agg(reservation) from stay group by guest_id").fetchall()
    return {frozenset(reservations) for (reservations,) in rows}


def rows_of(database: Database, query: str) -> list[tuple[Any, ...]]:
    """All rows of a query."""
    with database.transaction() as tx:
        return tx.execute(query).fetchall()
