"""Who arrives, stays and leaves on a hotel's day, and what the front desk should know of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from shared.crypto.sealing import Sealed
from shared.database.pool import Tx
from shared.naming import full_name

MOST = 300


@dataclass(frozen=True)
class DeskLine:
    """One stay of today. `score`: the guest's last answer; `cases`: the guest's open ones."""

    stay_id: UUID
    guest_id: UUID
    title: str | None
    given_name: str
    family_name: str
    status: str
    arrival: date
    departure: date
    nights: int
    room_type: str | None
    adults: int | None
    children: int | None
    language: str | None
    tier: str | None
    tags: list[str]
    birth_date: date | None
    do_not_contact: str | None
    erased: bool
    muted: bool
    preference: Sealed | None
    stays: int
    cases: int
    complaints: int
    score: int | None
    answered_at: datetime | None

    @property
    def name(self) -> str:
        return full_name(self.given_name, self.family_name)

    def birthday_during(self, today: date) -> date | None:
        """The guest's birthday, where it falls between today and the day of departure. 29 February is kept on the
        28th.
        """
        if self.birth_date is None:
            return None
        for year in (today.year, today.year + 1):
            try:
                day = self.birth_date.replace(year=year)
            except ValueError:
                day = date(year, 2, 28)
            if max(today, self.arrival) <= day <= self.departure:
                return day
        return None


def arrivals(tx: Tx, hotel: str, today: date) -> list[DeskLine]:
    """Who is expected today, or was yesterday and may still come."""
    return _lines(
        tx,
        "s.status = 'booked' and s.arrival <= %(today)s and s.arrival > %(today)s - 3 and s.departure >= %(today)s",
        hotel,
        today,
    )


def in_house(tx: Tx, hotel: str, today: date) -> list[DeskLine]:
    return _lines(tx, "s.status = 'checked_in' and s.departure > %(today)s", hotel, today)


def departures(tx: Tx, hotel: str, today: date) -> list[DeskLine]:
    """Who is still to leave today, and who should have left."""
    return _lines(tx, "s.status = 'checked_in' and s.departure <= %(today)s", hotel, today)


def _lines(tx: Tx, which: str, hotel: str, today: date) -> list[DeskLine]:
    query = f"""
        select s.id as stay_id, g.id as guest_id, g.title, g.given_name, g.family_name, s.status, s.arrival,
               s.departure, s.nights, s.room_type, s.adults, s.children, g.language, g.tier, g.tags, g.birth_date,
               g.do_not_contact, g.erased_at is not null as erased, s.muted, p.text_sealed as preference, w.stays,
               c.cases, c.complaints, a.score, a.answered_at
        from stay s
        join guest g on g.id = s.guest_id
        left join guest_preference p on p.guest_id = g.id
        left join lateral (
            select count(*) as stays from stay o
            where o.guest_id = g.id and o.property = s.property and o.status = 'checked_out'
        ) as w on true
        left join lateral (
            select count(*) as cases, count(*) filter (where k.kind = 'complaint') as complaints
            from case_known k where k.guest_id = g.id and k.open and (k.property is null or k.property = s.property)
        ) as c on true
        left join lateral (
            select k.score, k.answered_at from answer_known k
            where k.guest_id = g.id and not k.void and (k.property is null or k.property = s.property)
            order by k.answered_at desc limit 1
        ) as a on true
        where s.property = %(hotel)s and {which}
        order by s.arrival, g.name_key, s.id
        limit %(most)s
    """
    return tx.rows(DeskLine, query, {"hotel": hotel, "today": today, "most": MOST})
