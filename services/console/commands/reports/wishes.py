"""Who wants which report, and when they go."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from services.console.commands.record_audit import record_audit
from services.console.queries.properties import all_properties
from services.console.rules.reports.periods import Hours, ReportKind, next_send
from services.console.store import reports as store
from services.console.store.accounts import Account
from services.console.store.reports import Wish
from shared.access.people import Person
from shared.database.pool import Tx
from shared.errors import InputError, Problem
from shared.vocabulary.term import N_

NOT_THEIRS = N_("Choose hotels that this colleague may see.")


@dataclass(frozen=True)
class Wanted:
    """`reports`: kind and hotel (empty: all together). `language`: None for the colleague's own."""

    reports: Collection[tuple[ReportKind, str]]
    language: str | None
    with_pdf: bool


def wish(tx: Tx, of: Account, wanted: Wanted, by: Person, at: datetime) -> None:
    """In place of what the colleague wanted before. Raises `InputError` for a hotel that they may not see."""
    zones = zones_of(tx)
    hotels = {""} | zones.keys() if not of.properties else set(of.properties)
    if any(code not in hotels for _, code in wanted.reports):
        raise InputError(problems={"hotels": Problem(NOT_THEIRS, "not_theirs")})
    when = store.hours(tx)
    new = [
        Wish(of.person_id, str(kind), code, wanted.language, wanted.with_pdf, next_at)
        for kind, code in sorted(wanted.reports)
        for next_at in [next_send(kind, when, zone_of(code, zones), at)]
    ]
    store.drop_wishes(tx, of.person_id, [(one.kind, one.property) for one in new])
    if new:
        store.put_wishes(tx, new, at, by.name)
    details = {"reports": ", ".join(f"{one.kind} {one.property or 'all'}" for one in new), "pdf": wanted.with_pdf}
    record_audit(tx, by, "reports.wished", f"person {of.person_id}", details, at)


def change_hours(tx: Tx, new: Hours, by: Person, at: datetime) -> None:
    """From the next one on, of everybody."""
    store.save_hours(tx, new, at, by.name)
    zones, standing = zones_of(tx), store.wishes(tx)
    moved = [
        replace(one, next_at=next_send(ReportKind(one.kind), new, zone_of(one.property, zones), at)) for one in standing
    ]
    store.move_wishes(tx, moved)
    record_audit(tx, by, "reports.hours_changed", "reports", vars(new), at)


def zones_of(tx: Tx) -> dict[str, str]:
    """By code, in the order of their names."""
    return {one.code: one.zone for one in all_properties(tx)}


def zone_of(code: str, zones: Mapping[str, str]) -> str:
    """Of all hotels together that of the first."""
    return zones.get(code) or next(iter(zones.values()), "UTC")
