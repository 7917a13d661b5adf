"""Accounts of companies. One that was merged points to the one that stays; its stays and contacts keep its number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.segments.rules.companies import folded, spelled
from shared.crypto.sealing import Sealed
from shared.database.pool import Tx


@dataclass(frozen=True)
class NewCompany:
    """`by`: the source that named it, or who of the team."""

    id: UUID
    property: str
    name: str
    by: str


@dataclass(frozen=True)
class Account:
    """What people may change of a company. `owner`: who of the team follows up."""

    name: str
    rate_codes: Sequence[str]
    owner: UUID | None
    follow_up_on: date | None
    note: Sealed | None


def add_companies(tx: Tx, new: Sequence[NewCompany], at: datetime) -> int:
    """Those that are not there yet, within the legal entity of their hotel."""
    statement = """
        insert into company (id, legal_entity, property, name, folded, created_at, created_by, changed_at)
        select t.id, p.legal_entity, t.property, t.name, t.folded, %(at)s, t.by_whom, %(at)s
        from unnest(%(ids)s::uuid[], %(hotels)s::text[], %(names)s::text[], %(folded)s::text[], %(by)s::text[])
            as t (id, property, name, folded, by_whom)
        join property_known p on p.code = t.property
        order by t.id
        on conflict (id) do nothing
    """
    values = {
        "at": at,
        "ids": [one.id for one in new],
        "hotels": [one.property for one in new],
        "names": [spelled(one.name) for one in new],
        "folded": [folded(one.name) for one in new],
        "by": [one.by for one in new],
    }
    return tx.execute(statement, values).rowcount


def change_company(tx: Tx, id: UUID, version: int, account: Account, at: datetime) -> bool:
    """False where it is at another version by now."""
    statement = """
        update company
        set name = %(name)s, folded = %(folded)s, rate_codes = %(codes)s, owner = %(owner)s,
            follow_up_on = %(follow_up)s, note_sealed = %(note)s, version = version + 1, changed_at = %(at)s
        where id = %(id)s and version = %(version)s and merged_into is null
    """
    values = {
        "id": id, "version": version, "name": account.name, "folded": folded(account.name),
        "codes": list(account.rate_codes), "owner": account.owner, "follow_up": account.follow_up_on,
        "note": account.note, "at": at,
    }  # fmt: skip
    return tx.execute(statement, values).rowcount == 1


def lock_companies(tx: Tx, ids: Sequence[UUID]) -> None:
    tx.execute("select from company where id = any(%s) order by id for update", [list(ids)])


def holder_of_codes(tx: Tx, id: UUID, codes: Sequence[str]) -> dict[str, str]:
    """By rate code which other company of the same legal entity has it."""
    query = """
        select code, other.name
        from company mine join company other on other.legal_entity = mine.legal_entity and other.id <> mine.id
            and other.merged_into is distinct from mine.id
        cross join unnest(other.rate_codes) as code
        where mine.id = %s and code = any(%s)
    """
    return dict(tx.execute(query, [id, list(codes)]).fetchall())


def merge_company(tx: Tx, id: UUID, into: UUID, at: datetime) -> None:
    """The one and all that were merged into it become the other; what the other leaves open it takes from it."""
    values = {"id": id, "into": into, "at": at}
    tx.execute(
        """
        update company c
        set rate_codes = array(select distinct code from unnest(c.rate_codes || o.rate_codes) as code order by 1),
            owner = coalesce(c.owner, o.owner), follow_up_on = least(c.follow_up_on, o.follow_up_on),
            note_sealed = coalesce(c.note_sealed, o.note_sealed), version = c.version + 1, changed_at = %(at)s
        from company o where c.id = %(into)s and o.id = %(id)s
        """,
        values,
    )
    tx.execute(
        """
        update company set merged_into = %(into)s, version = version + 1, changed_at = %(at)s
        where id = %(id)s or merged_into = %(id)s
        """,
        values,
    )


def part_company(tx: Tx, id: UUID, from_: UUID, at: datetime) -> bool:
    """The merged one stands alone again with its rate codes, and is not proposed once more."""
    values = {"id": id, "from": from_, "at": at}
    tx.execute(
        """
        update company c
        set rate_codes = array(select unnest(c.rate_codes) except select unnest(o.rate_codes) order by 1),
            version = c.version + 1, changed_at = %(at)s
        from company o where c.id = %(from)s and o.id = %(id)s and o.merged_into = c.id
        """,
        values,
    )
    statement = """
        update company set merged_into = null, apart = array_append(apart, %(from)s), version = version + 1,
            changed_at = %(at)s
        where id = %(id)s and merged_into = %(from)s
    """
    return tx.execute(statement, values).rowcount == 1


def keep_apart(tx: Tx, id: UUID, other: UUID) -> None:
    statement = (
        "update company set apart = array_append(apart, %(other)s) where id = %(id)s and %(other)s <> all(apart)"
    )
    tx.execute(statement, {"id": id, "other": other})


def add_contact(tx: Tx, id: UUID, company: UUID, guest: UUID, job: str, by: str, at: datetime) -> None:
    statement = """
        insert into company_contact (id, company_id, guest_id, job, added_at, added_by)
        values (%s, %s, %s, %s, %s, %s)
        on conflict (id) do update set job = excluded.job, guest_id = excluded.guest_id
    """
    tx.execute(statement, [id, company, guest, job, at, by])


def remove_contact(tx: Tx, company: UUID, guest: UUID) -> bool:
    statement = """
        delete from company_contact
        where guest_id = %(guest)s
          and company_id in (select id from company where %(company)s in (id, merged_into))
    """
    return tx.execute(statement, {"company": company, "guest": guest}).rowcount > 0
