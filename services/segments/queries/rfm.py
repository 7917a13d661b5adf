"""RFM as pages show it: sizes by bands, who went where, and the guests of a class or a cell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from services.segments.rules.rfm import STEP_SHARE, Bands
from services.segments.store.evaluation.statement import BEFORE_ALL
from services.segments.store.plans import plan_for_values
from services.segments.store.rfm.counting import BANDS_OF, CODE, DAYS, ONE_BY_ONE, SHARE, band, values_of
from shared.access.scope import Scope, within
from shared.database.pool import Tx

A_PAGE = 50


@dataclass(frozen=True)
class Cell:
    """Guests of one band on each axis: 1 the upper, 3 below both borders."""

    recent: int
    frequent: int
    spent: int
    guests: int
    spend: Decimal

    @property
    def code(self) -> str:
        return "".join("H" if one < 3 else "L" for one in (self.recent, self.frequent, self.spent))


@dataclass(frozen=True)
class Night:
    as_of: date
    counted_at: datetime


@dataclass(frozen=True)
class Moved:
    """`before`: the class, empty for who had not stayed."""

    before: str
    now: str
    guests: int


@dataclass(frozen=True)
class GuestThere:
    id: UUID
    given_name: str
    family_name: str
    last_property: str | None
    last_checkout_on: date | None
    stays: int
    spend: Decimal


@dataclass(frozen=True)
class Which:
    """A class, or bands of which those that are 0 are not asked for."""

    code: str = ""
    recent: int = 0
    frequent: int = 0


def nights(tx: Tx) -> list[Night]:
    """The last one first."""
    return tx.rows(Night, "select as_of, counted_at from rfm_night order by as_of desc")


def sizes(tx: Tx, bands: Bands, scope: Scope) -> list[Cell]:
    """Of any bands: the shape of the last night is fine enough for all that may be chosen. A million guests of ten
    hotels are some 200,000 of its rows, so they are compared as whole numbers: shares are twentieths."""
    query = f"""
        select {_band("days", "<=", "recent")} as recent,
            {_band("year" if bands.window_days == 365 else "two_years", ">=", "frequent")} as frequent,
            {_band("share", ">=", "spend")} as spent,
            sum(guests)::int as guests, sum(spend) as spend
        from rfm_shape where {within("property")}
        group by 1, 2, 3 order by 1, 2, 3
    """
    shares = [int(one / STEP_SHARE) for one in bands.spend]
    borders = {"recent": bands.recent, "frequent": bands.frequent, "spend": shares}
    values = {f"{kind}_{place}": int(one) for kind, pair in borders.items() for place, one in enumerate(pair)}
    return tx.rows(Cell, query, {**values, **scope.values})


def _band(column: str, sign: str, kind: str) -> str:
    return f"case when {column} {sign} %({kind}_0)s then 1 when {column} {sign} %({kind}_1)s then 2 else 3 end"


def flow(tx: Tx, as_of: date, back: int, scope: Scope) -> list[Moved]:
    query = f"""
        select before, now, sum(guests)::int as guests from rfm_flow
        where as_of = %(as_of)s and back = %(back)s and {within("property")}
        group by before, now order by before, now
    """
    return tx.rows(Moved, query, {"as_of": as_of, "back": back, **scope.values})


def _by_facts(which: Which) -> str:
    """What of it is known without a look at the guest's stays, which are counted of those alone who are left."""
    conditions = [
        f"{band(DAYS, 'recent', '<=')} = {which.recent}" if which.recent else "true",
        f"({band(DAYS, 'recent', '<=')} < 3) = {which.code[0] == 'H'}" if which.code else "true",
        f"({band(SHARE, 'spend', '>=')} < 3) = {which.code[2] == 'H'}" if which.code else "true",
    ]
    return " and ".join(conditions)


def guests_there(tx: Tx, which: Which, bands: Bands, today: date, scope: Scope, after: UUID | None) -> list[GuestThere]:
    """As they are today, by id; one more than a page holds, where there are more."""
    query = f"""
        select g.id, g.given_name, g.family_name, f.last_property, f.last_checkout_on, f.stays, f.spend
        from (
            select guest_id from (select {BANDS_OF} from ({ONE_BY_ONE} and f.guest_id > %(after)s::uuid
                and {within("f.last_property")} and {_by_facts(which)}) as t) as b
            where (%(code)s = '' or {CODE} = %(code)s)
                and (%(r)s = 0 or recent = %(r)s) and (%(f)s = 0 or frequent = %(f)s)
            order by guest_id limit {A_PAGE + 1}
        ) as there
        join guest g on g.id = there.guest_id join guest_facts f on f.guest_id = g.id
        order by g.id
    """
    plan_for_values(tx)
    asked = {"code": which.code, "r": which.recent, "f": which.frequent, "after": after or BEFORE_ALL}
    return tx.rows(GuestThere, query, {**values_of(today, bands), **asked, **scope.values})
