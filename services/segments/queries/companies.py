"""Companies as their pages show them. A company belongs to the hotel that named it first and to those its stays are at.

A stay is of the company that its source states; one that states none is of the company whose rate code it was booked
at, within the same legal entity.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from services.segments.queries.scope import GUEST_SEEN, STAY_SEEN
from services.segments.rules.companies import folded
from services.segments.store.plans import by_index, plan_for_values
from shared.access.scope import Scope, within
from shared.crypto.sealing import Sealed
from shared.database.pool import Tx
from shared.errors import NotFound
from shared.naming import full_name
from shared.vocabulary.role import Role

A_PAGE = 25
MOST_STAYS = 50


@dataclass(frozen=True)
class CompanyLine:
    """`revenue`: of one hotel in its currency, of several in the reporting currency; `uncounted`: stays without a rate
    to it. Stays that took place and are not muted are counted."""

    id: UUID
    name: str
    owner: UUID | None
    owner_name: str | None
    follow_up_on: date | None
    due_on: date | None
    stays: int
    nights: int
    last_on: date | None
    revenue: Decimal | None
    uncounted: int

    @property
    def after(self) -> str:
        """The key of the page that follows it."""
        return f"{self.due_on or ''}|{self.id}"


@dataclass(frozen=True)
class CompanyCard:
    id: UUID
    version: int
    property: str
    name: str
    rate_codes: Sequence[str]
    owner: UUID | None
    owner_name: str | None
    follow_up_on: date | None
    note: Sealed | None
    merged_into: UUID | None
    created_by: str


@dataclass(frozen=True)
class FollowUp:
    """A company whose day of follow-up has come."""

    id: UUID
    name: str
    due_on: date


@dataclass(frozen=True)
class Spelling:
    """Another account: merged into a company, or of a name so like it that it may be one. `stays`: those seen."""

    id: UUID
    name: str
    property: str
    stays: int


@dataclass(frozen=True)
class ContactLine:
    guest_id: UUID
    given_name: str
    family_name: str
    job: str
    address: Sealed | None

    @property
    def name(self) -> str:
        return full_name(self.given_name, self.family_name)


@dataclass(frozen=True)
class CompanyStay:
    id: UUID
    guest_id: UUID
    given_name: str
    family_name: str
    erased: bool
    property: str
    reservation: str
    status: str
    arrival: date
    departure: date
    rate_plan: str | None
    changed_at: datetime


def companies(tx: Tx, scope: Scope, today: date, text: str = "", after: str = "") -> tuple[list[CompanyLine], str]:
    """A page of the companies, those due for follow-up first, and the key of the next page; "" where it is the last."""
    later, values = _later(after)
    words = (folded(text) or text.strip().casefold()) if text.strip() else ""
    pattern = "%" + words.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_") + "%"
    values |= {"today": today, "text": text.strip(), "pattern": pattern, "most": A_PAGE + 1, **_money(scope)}
    found = _lines(tx, scope, later, values)
    page = found[:A_PAGE]
    return page, page[-1].after if len(found) > A_PAGE else ""


def company_line(tx: Tx, id: UUID, scope: Scope, today: date) -> CompanyLine:
    """Raises `NotFound`."""
    values = {"id": id, "today": today, "most": 1, "text": "", "pattern": "", **_money(scope)}
    found = _lines(tx, scope, "c.id = %(id)s", values)
    if not found:
        raise NotFound("There is no such company.")
    return found[0]


def _lines(tx: Tx, scope: Scope, which: str, values: dict[str, object]) -> list[CompanyLine]:
    plan_for_values(tx)
    with by_index(tx):
        return tx.rows(CompanyLine, LIST.format(later=which), {**scope.values, **values})


def company_card(tx: Tx, id: UUID, scope: Scope) -> CompanyCard:
    """Raises `NotFound`, for a company of other hotels too. A merged one is found, to be followed."""
    found = tx.rows(CompanyCard, CARD, {"id": id, **scope.values})
    if not found:
        raise NotFound("There is no such company.")
    return found[0]


def spellings_of(tx: Tx, id: UUID, scope: Scope) -> list[Spelling]:
    """What was merged into it."""
    return tx.rows(Spelling, SPELLINGS.format(which="c.merged_into = %(id)s"), {"id": id, **scope.values})


def alike(tx: Tx, id: UUID, scope: Scope) -> list[Spelling]:
    """Companies that the reader sees and that may be this one, by their names; not those told apart."""
    return tx.rows(Spelling, SPELLINGS.format(which=ALIKE), {"id": id, **scope.values})


def due_follow_ups(tx: Tx, scope: Scope, person: UUID, today: date, most: int) -> tuple[list[FollowUp], int]:
    """The companies that this person follows up today, or should have, those longest due first, and how many; also
    those seen that are nobody's."""
    values = {"today": today, "person": person, "most": most, **scope.values}
    rows = tx.execute(FOLLOW_UPS, values).fetchall()
    return [FollowUp(id, name, due_on) for id, name, due_on, _ in rows], rows[0][3] if rows else 0


def count_alike(tx: Tx, scope: Scope) -> int:
    """How many names two or more companies have, that the reader sees."""
    query = f"""
        select count(*) from (
            select from company c where c.merged_into is null and c.folded is not null and {COMPANY_SEEN}
            group by c.legal_entity, c.folded having count(*) > 1
        ) as names
    """
    row = tx.execute(query, scope.values).fetchone()
    return int(row[0]) if row else 0


def contacts_of(tx: Tx, id: UUID, scope: Scope) -> list[ContactLine]:
    """Guests whom the reader sees."""
    return tx.rows(ContactLine, CONTACTS, {"id": id, **scope.values})


def stays_of(tx: Tx, id: UUID, scope: Scope) -> list[CompanyStay]:
    """The newest ones."""
    with by_index(tx):
        return tx.rows(CompanyStay, STAYS, {"id": id, "most": MOST_STAYS, **scope.values})


def rate_codes_seen(tx: Tx, id: UUID, scope: Scope) -> list[str]:
    """At which rates its stays were booked, the most frequent first."""
    query = f"""
        select s.rate_plan from company c join stay s on {OF_COMPANY}
        where c.id = %(id)s and s.rate_plan is not null and {STAY_SEEN}
        group by 1 order by count(*) desc, 1 limit 12
    """
    return [code for (code,) in tx.execute(query, {"id": id, **scope.values})]


def team(tx: Tx) -> list[tuple[UUID, str]]:
    """Who may follow up: everybody who may sign in."""
    query = "select person_id, name from person_known where role is not null and role <> %s order by name, person_id"
    return [(id, name) for id, name in tx.execute(query, [Role.PROGRAM])]


def is_one_hotel(scope: Scope) -> bool:
    return not scope.everywhere and len(scope.codes) == 1


def _money(scope: Scope) -> dict[str, object]:
    return {"one_hotel": is_one_hotel(scope)}


def _later(after: str) -> tuple[str, dict[str, object]]:
    """The condition on what follows; a key that cannot be read is the beginning."""
    try:
        due, id = after.split("|")
        values: dict[str, object] = {"due": date.fromisoformat(due) if due else None, "after": UUID(id)}
    except ValueError:
        return "true", {}
    return LATER, values


GROUP = "(select one.id from company one where one.id = c.id or one.merged_into = c.id)"
OF_COMPANY = f"""(s.company_id = any(array{GROUP}) or (s.company_id is null and s.rate_plan = any(c.rate_codes)
    and s.property = any(array(select h.code from property_known h where h.legal_entity = c.legal_entity))))"""
"""Arrays, so that both halves are looked up by their index."""
COMPANY_SEEN = f"""({within("c.property")} or exists (
    select from stay as own where own.company_id in {GROUP} and {within("own.property")}))"""
"""A company (`company c`) belongs to the hotel that named it first and to those its stays are at."""
DUE = "(case when c.follow_up_on <= %(today)s then c.follow_up_on end)"
LATER = f"""(coalesce({DUE}, 'infinity'::date), lower(c.name), c.id) > (
    coalesce(%(due)s::date, 'infinity'::date), (select lower(name) from company where id = %(after)s), %(after)s)"""
LIST = f"""
    with found as materialized (
        select c.*, {DUE} as due_on from company c
        where c.merged_into is null and {COMPANY_SEEN} and {{later}} and (
            %(text)s = '' or c.folded like %(pattern)s or lower(c.name) like %(pattern)s
            or upper(%(text)s) = any(array(select upper(code) from unnest(c.rate_codes) as code))
            or exists (select from company m where m.merged_into = c.id
                       and (m.folded like %(pattern)s or lower(m.name) like %(pattern)s)))
        order by coalesce({DUE}, 'infinity'::date), lower(c.name), c.id limit %(most)s
    )
    select c.id, c.name, c.owner, p.name as owner_name, c.follow_up_on, c.due_on, f.stays, f.nights, f.last_on,
           f.revenue, f.uncounted
    from found c
    left join person_known p on p.person_id = c.owner
    cross join lateral (
        select count(*) as stays, coalesce(sum(nights), 0) as nights, max(checked_out_on) as last_on,
               sum(case when %(one_hotel)s then amount else reported end) as revenue,
               count(*) filter (where revenue is not null
                                and case when %(one_hotel)s then amount else reported end is null) as uncounted
        from stay s where {OF_COMPANY} and s.status = 'checked_out' and not s.muted and {STAY_SEEN}
    ) as f
    order by coalesce(c.due_on, 'infinity'::date), lower(c.name), c.id
"""
FOLLOW_UPS = f"""
    select c.id, c.name, c.follow_up_on, count(*) over ()
    from company c
    where c.merged_into is null and c.follow_up_on <= %(today)s and coalesce(c.owner, %(person)s) = %(person)s
      and {COMPANY_SEEN}
    order by c.follow_up_on, lower(c.name), c.id limit %(most)s
"""
CARD = f"""
    select c.id, c.version, c.property, c.name, c.rate_codes, c.owner, p.name as owner_name, c.follow_up_on,
           c.note_sealed as note, c.merged_into, c.created_by
    from company c left join person_known p on p.person_id = c.owner
    where c.id = %(id)s and {COMPANY_SEEN}
"""
ALIKE = """c.merged_into is null and exists (
    select from company asked where asked.id = %(id)s and asked.id <> c.id
      and asked.legal_entity = c.legal_entity and asked.folded = c.folded
      and c.id <> all(asked.apart) and asked.id <> all(c.apart))"""
SPELLINGS = f"""
    select c.id, c.name, c.property,
           (select count(*) from stay s where s.company_id in {GROUP} and {STAY_SEEN}) as stays
    from company c where {{which}} and {COMPANY_SEEN} order by c.name, c.id
"""
CONTACTS = f"""
    select distinct on (g.name_key, g.id) g.id as guest_id, g.given_name, g.family_name, k.job, p.address
    from company c
    join company_contact k on k.company_id in {GROUP}
    join guest g on g.id = k.guest_id
    left join lateral (
        select cp.address_sealed as address from guest_point gp join contact_point cp using (point)
        where gp.guest_id = g.id and cp.kind = 'personal' order by gp.channel, gp.said_at desc limit 1
    ) as p on true
    where c.id = %(id)s and g.erased_at is null and g.merged_into is null and {GUEST_SEEN}
    order by g.name_key, g.id, k.added_at desc
"""
STAYS = f"""
    select s.id, g.id as guest_id, g.given_name, g.family_name, g.erased_at is not null as erased, s.property,
           s.reservation, s.status, s.arrival, s.departure, s.rate_plan, s.changed_at
    from company c join stay s on {OF_COMPANY} join guest g on g.id = s.guest_id
    where c.id = %(id)s and {STAY_SEEN}
    order by s.arrival desc, s.id limit %(most)s
"""
