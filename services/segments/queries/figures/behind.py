"""The guests behind a figure: of the same statement that counts them, by the name of a filter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.segments.queries.figures.listed import Listed, listed
from services.segments.queries.figures.stored import Place, counted_at, figure_at
from services.segments.rules.money.currencies import Currencies
from services.segments.store.figures.by_cut import SEGMENT, counted_sql
from services.segments.store.figures.counting import GuestFigure, values_of
from shared.database.pool import Tx
from shared.vocabulary.term import N_, Term
from shared.vocabulary.window import Window, span_of


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
class Asked:
    """`property`: empty, all hotels; `cut`, `value`: empty, everybody."""

    behind: Behind
    window: Window
    property: str
    cut: str = ""
    value: str = ""


def guests_behind(tx: Tx, asked: Asked, today: date, currencies: Currencies, after: UUID | None) -> Listed:
    cut = "" if asked.cut == SEGMENT else asked.cut
    values = {
        **values_of(asked.window, today, currencies),
        "property": asked.property,
        "cut": cut,
        "value": asked.value if cut else "",
        "of": asked.value,
    }

    def behind(whose: str) -> str:
        return f"{counted_sql([cut], whose)}, behind as materialized ({_filter(asked, whose)})"

    return listed(tx, behind, values, after, counted=_kept(tx, asked))


def _kept(tx: Tx, asked: Asked) -> int | None:
    """As a night counted them; None where none did."""
    span, number = span_of(asked.window), KEPT.get(asked.behind)
    if span is None or number is None or counted_at(tx, span, asked.window.first) is None:
        return None
    found = figure_at(tx, Place(span, asked.window.first, asked.property, asked.cut, asked.value))
    return number(found) if found else 0


def _filter(asked: Asked, whose: str) -> str:
    of = OF_SEGMENT if asked.cut == SEGMENT else ""
    return f"select distinct guest_id from ({FILTERS[asked.behind]}) as found where {whose} {of}"


KEPT: Mapping[Behind, Callable[[GuestFigure], int]] = {
    Behind.STAYED: lambda found: found.guests,
    Behind.BEFORE: lambda found: found.before,
    Behind.RETAINED: lambda found: found.retained,
    Behind.LOST: lambda found: found.before - found.retained,
    Behind.KNOWN: lambda found: found.known,
    Behind.NEW: lambda found: found.guests - found.known,
    Behind.AGAIN: lambda found: found.again,
    Behind.COMPLAINED: lambda found: found.complained,
    Behind.EMAIL: lambda found: found.email,
    Behind.SMS: lambda found: found.sms,
    Behind.WHATSAPP: lambda found: found.whatsapp,
}
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
FILTERS = {
    Behind.STAYED: f"select guest_id from guests where {HERE}",
    Behind.BEFORE: THEN,
    Behind.RETAINED: f"{THEN} and retained = 1",
    Behind.LOST: f"{THEN} and retained = 0",
    Behind.KNOWN: f"select guest_id from guests where {HERE} and known = 1",
    Behind.NEW: f"select guest_id from guests where {HERE} and known = 0",
    Behind.AGAIN: f"select guest_id from guests where {HERE} and again = 1",
    Behind.COMPLAINED: f"select guest_id from guests where {HERE} and complained = 1",
    Behind.EMAIL: f"select guest_id from guests where {HERE} and email = 1",
    Behind.SMS: f"select guest_id from guests where {HERE} and sms = 1",
    Behind.WHATSAPP: f"select guest_id from guests where {HERE} and whatsapp = 1",
    Behind.BOOKED: f"{STAYS} and booked_on >= %(first)s::date and booked_on < %(until)s::date",
    Behind.CANCELLED: f"{STAYS} and status = 'cancelled' and arrival >= %(first)s::date and arrival < %(until)s::date",
}
