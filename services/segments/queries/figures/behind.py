"""The guests behind a figure: of the same statement that counts them, by the name of a filter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.segments.rules.money.currencies import Currencies
from services.segments.store.evaluation.statement import BEFORE_ALL
from services.segments.store.figures.counting import counted_sql, values_of
from shared.database.pool import Tx
from shared.vocabulary.term import N_, Term
from shared.vocabulary.window import Window

A_PAGE = 50
OF_GUEST = ("country", "segment")
"""Cuts by what guests are, not by what their stays were."""


class Behind(Term):
    """Which guests: `select guest_id` of the tables that the statement counts from."""

    STAYED = "stayed", N_("checked out in the period")
    BEFORE = "before", N_("checked out in the period before")
    RETAINED = "retained", N_("checked out in the period before, and in this one again")
    LOST = "lost", N_("checked out in the period before, and not in this one")
    KNOWN = "known", N_("checked out in the period, and had stayed before it")
    NEW = "new", N_("checked out in the period, and had never stayed before")
    AGAIN = "again", N_("came twice or more in the period")
    COMPLAINED = "complained", N_("checked out in the period, and complained")
    EMAIL = "email", N_("checked out in the period, and may be written to by e-mail")
    SMS = "sms", N_("checked out in the period, and may be written to by text message")
    WHATSAPP = "whatsapp", N_("checked out in the period, and may be written to by WhatsApp")
    BOOKED = "booked", N_("booked in the period")
    CANCELLED = "cancelled", N_("were to arrive in the period, and cancelled")


@dataclass(frozen=True)
class GuestBehind:
    id: UUID
    given_name: str
    family_name: str
    country: str | None
    stays: int
    nights: int
    last_checkout_on: date | None


@dataclass(frozen=True)
class Asked:
    """`property`: empty, all hotels; `cut`, `value`: empty, everybody."""

    behind: Behind
    window: Window
    property: str
    cut: str = ""
    value: str = ""


def guests_behind(
    tx: Tx, asked: Asked, today: date, currencies: Currencies, after: UUID | None
) -> tuple[int, int, list[GuestBehind]]:
    """How many they are, how many of them have been erased since, and the next of the others by id: one more than a
    page holds, where there are more."""
    cut = "" if asked.cut in OF_GUEST else asked.cut
    values = {
        **values_of(asked.window, today, currencies),
        "property": asked.property,
        "cut": cut,
        "value": asked.value if cut else "",
        "of": asked.value,
        "after": after or BEFORE_ALL,
    }
    whose = f"{counted_sql([cut])}, behind as materialized ({_filter(asked)})"
    counted = tx.execute(f"{whose} {COUNT}", values).fetchone()
    assert counted is not None, "aggregates return a row"
    return *counted, tx.rows(GuestBehind, f"{whose} {PAGE}", values)


def _filter(asked: Asked) -> str:
    whose = {"country": OF_COUNTRY, "segment": OF_SEGMENT}.get(asked.cut, "")
    return f"select distinct guest_id from ({FILTERS[asked.behind]}) as found where true {whose}"


OF_COUNTRY = "and guest_id in (select id from guest where coalesce(country, '') = %(of)s)"
OF_SEGMENT = """
    and guest_id in (select m.guest_id from membership m
                     where m.segments @> array(select number from segment where key = %(of)s))
"""
HERE = "property = %(property)s and cut = %(cut)s and value = %(value)s"
THEN = f"select guest_id from came_before where {HERE}"
STAYS = """
    select guest_id from stay
    where (%(property)s = '' or property = %(property)s) and (%(cut)s = ''
        or (%(cut)s = 'market' and coalesce(market_segment, '') = %(value)s)
        or (%(cut)s = 'channel' and coalesce(channel, '') = %(value)s))
"""
_IN_BOTH = "guest_id in (select guest_id from came where property = %(property)s)"
FILTERS = {
    Behind.STAYED: f"select guest_id from guests where {HERE}",
    Behind.BEFORE: THEN,
    Behind.RETAINED: f"{THEN} and {_IN_BOTH}",
    Behind.LOST: f"{THEN} and not {_IN_BOTH}",
    Behind.KNOWN: f"select guest_id from guests where {HERE} and known",
    Behind.NEW: f"select guest_id from guests where {HERE} and not known",
    Behind.AGAIN: f"select guest_id from guests where {HERE} and visits > 1",
    Behind.COMPLAINED: f"select guest_id from guests where {HERE} and complained",
    Behind.EMAIL: f"select guest_id from guests where {HERE} and email",
    Behind.SMS: f"select guest_id from guests where {HERE} and sms",
    Behind.WHATSAPP: f"select guest_id from guests where {HERE} and whatsapp",
    Behind.BOOKED: f"{STAYS} and booked_on >= %(first)s::date and booked_on < %(until)s::date",
    Behind.CANCELLED: f"{STAYS} and status = 'cancelled' and arrival >= %(first)s::date and arrival < %(until)s::date",
}
COUNT = """
    select count(*), count(*) filter (where guest.erased_at is not null)
    from behind join guest on guest.id = behind.guest_id
"""
PAGE = f"""
    select guest.id, guest.given_name, guest.family_name, guest.country, coalesce(f.stays, 0) as stays,
        coalesce(f.nights, 0) as nights, f.last_checkout_on
    from behind join guest on guest.id = behind.guest_id
    left join guest_facts f on f.guest_id = guest.id
    where guest.erased_at is null and guest.id > %(after)s::uuid
    order by guest.id limit {A_PAGE + 1}
"""
