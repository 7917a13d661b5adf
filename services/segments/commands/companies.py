"""What people do with the accounts of companies. All of it is kept in the audit trail; done twice, the second does
nothing more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.segments.rules.companies import LONGEST_NAME, company_id, spelled
from services.segments.store.companies import companies as store
from services.segments.store.companies.companies import Account, NewCompany
from services.segments.store.guests.erasures import entity_of_hotels
from shared.access.audit import record
from shared.access.people import Person
from shared.crypto.purposes import Sealing
from shared.database.pool import Tx
from shared.errors import Conflict, InputError
from shared.ids import make_id

BY_HAND = "by hand"
LONGEST_CODE, MOST_CODES, LONGEST_NOTE, LONGEST_JOB = 60, 30, 2000, 80


@dataclass(frozen=True)
class CompanyEdit:
    """What somebody writes on an account. `note`: what to know before calling."""

    name: str
    rate_codes: Sequence[str]
    owner: UUID | None
    follow_up_on: date | None
    note: str


def make_company(tx: Tx, name: str, hotel: str, by: Person, at: datetime) -> UUID:
    """The account of that name at the hotel's legal entity, made where there is none. Raises `InputError`."""
    name = _named(name)
    id = company_id(name, entity_of_hotels(tx)[hotel], BY_HAND, hotel)
    if store.add_companies(tx, [NewCompany(id, hotel, name, by.name)], at):
        record(tx, by, "company.made", f"company {id}", {"hotel": hotel}, at)
    return id


def change_company(tx: Tx, id: UUID, version: int, edit: CompanyEdit, by: Person, at: datetime) -> None:
    """Raises `InputError` by field, and `Conflict` where somebody changed it meanwhile."""
    problems = {}
    if len(edit.note) > LONGEST_NOTE:
        problems["note"] = "too long"
    if len(edit.rate_codes) > MOST_CODES or any(len(code) > LONGEST_CODE for code in edit.rate_codes):
        problems["rate_codes"] = "too many or too long"
    elif taken := store.holder_of_codes(tx, id, edit.rate_codes):
        code, holder = min(taken.items())
        problems["rate_codes"] = f"{code} is the rate code of {holder}"
    name = edit.name
    try:
        name = _named(edit.name)
    except InputError as error:
        problems |= error.problems
    if problems:
        raise InputError(problems=problems)
    note = tx.keyring.seal(edit.note, Sealing.NOTE) if edit.note else None
    account = Account(name, edit.rate_codes, edit.owner, edit.follow_up_on, note)
    if not store.change_company(tx, id, version, account, at):
        raise Conflict("Somebody changed this company meanwhile.")
    day = edit.follow_up_on.isoformat() if edit.follow_up_on else None
    details = {"owner": str(edit.owner) if edit.owner else None, "follow_up_on": day}
    record(tx, by, "company.changed", f"company {id}", {**details, "rate_codes": list(edit.rate_codes)}, at)


def merge_companies(tx: Tx, id: UUID, into: UUID, by: Person, at: datetime) -> None:
    """The one becomes the other. Its stays keep its number, so that it can be taken back."""
    store.lock_companies(tx, [id, into])
    store.merge_company(tx, id, into, at)
    record(tx, by, "company.merged", f"company {into}", {"from": str(id)}, at)


def part_companies(tx: Tx, id: UUID, from_: UUID, by: Person, at: datetime) -> None:
    """The merged one is an account of its own again."""
    store.lock_companies(tx, [id, from_])
    if store.part_company(tx, id, from_, at):
        record(tx, by, "company.unmerged", f"company {from_}", {"from": str(id)}, at)


def tell_companies_apart(tx: Tx, id: UUID, other: UUID, by: Person, at: datetime) -> None:
    """They are two, and are proposed no more."""
    store.lock_companies(tx, [id, other])
    store.keep_apart(tx, id, other)
    record(tx, by, "company.told_apart", f"company {id}", {"other": str(other)}, at)


def add_contact(tx: Tx, company: UUID, guest: UUID, job: str, by: Person, at: datetime) -> None:
    """Somebody to speak to there; once more, it says what they do now."""
    job = " ".join(job.split())[:LONGEST_JOB]
    store.add_contact(tx, make_id("company_contact", company, guest), company, guest, job, by.name, at)
    record(tx, by, "company.contact_added", f"company {company}", {"guest": str(guest)}, at)


def remove_contact(tx: Tx, company: UUID, guest: UUID, by: Person, at: datetime) -> None:
    if store.remove_contact(tx, company, guest):
        record(tx, by, "company.contact_removed", f"company {company}", {"guest": str(guest)}, at)


def _named(name: str) -> str:
    name = spelled(name)
    if not name or len(name) > LONGEST_NAME or "\x00" in name:
        raise InputError(problems={"name": "a name is missing or too long"})
    return name
