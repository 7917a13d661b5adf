"""The guests that a template would reach, and which of its values how many of them lack: counted in one statement."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from services.messaging.wording.names import NOBODY, TITLES
from services.messaging.wording.own_dates import key_of
from services.messaging.wording.purposes import ABOUT_A_STAY, STAY
from shared.access.scope import Scope, within
from shared.database.pool import Tx
from shared.vocabulary.channel import Channel
from shared.vocabulary.purpose import Purpose

ASKED_WITHIN = timedelta(days=30)  # of their departure guests are asked how it was


def _is_no_name(column: str) -> str:
    """As near as SQL comes to what a greeting leaves out."""
    return f"({column} !~ '[^\\s\\d[:punct:]]' or lower(btrim({column})) = any(%(nobody)s))"


LACKING: Mapping[str, str] = {
    "guest.name": f"{_is_no_name('given_name')} and {_is_no_name('family_name')}",
    "guest.first_name": _is_no_name("given_name"),
    "guest.title": "lower(rtrim(btrim(coalesce(title, '')), '.')) <> all(%(titles)s)",
    "guest.tier": "tier is null",
    "guest.points": "loyalty_points is null",
    "guest.birthday": "birth_date is null",
    "stay.room_type": "stay.room_type = ''",
    "stay.guests": "stay.guests = 0",
    "stay.check_in": "coalesce(hotel.check_in, '') = ''",
    **dict.fromkeys(("last_stay.hotel", "last_stay.arrival", "last_stay.departure"), "last_stay.stay_id is null"),
    "last_stay.nights": "last_stay.stay_id is null",
    "last_stay.room_type": "coalesce(last_stay.room_type, '') = ''",
    **dict.fromkeys(("property.name", "property.contact", "property.address"), "hotel.code is null"),
    **dict.fromkeys(("property.phone", "links.phone"), "coalesce(hotel.phone, '') = ''"),
    "links.map": "coalesce(hotel.map_url, '') = ''",
    "links.booking": "coalesce(hotel.booking_url, '') = ''",
}
"""By value, whom it is missing for. The others are always there, or the same for everybody."""

REACHED = """
    guest.gone is null and guest.version > 0 and guest.do_not_contact is null
    and guest.guest_id in (
        select guest_id from channel_point where channel = %(channel)s and kind <> 'bad'
          and point not in (
            select point from suppression where channel = %(channel)s and purpose in (%(purpose)s, 'all')))
"""
CONSENTS = """
    and guest.guest_id in (select guest_id from consent where consent.channel = %(channel)s and purpose = 'marketing'
                                                            and state in ('express', 'existing_customer'))
"""
OF_SEGMENTS = "and guest.guest_id in (select guest_id from guest_segment where segment = any(%(segments)s) and is_in)"
OF_THE_STAY = """
    join (select distinct on (guest_id) * from stay_known where {which}
          order by guest_id, departure, arrival, reservation) as stay on stay.guest_id = guest.guest_id
"""
COMING = "status in ('booked', 'checked_in') and departure >= %(today)s"
ENDED = "status in ('checked_in', 'checked_out') and departure between %(since)s and %(today)s"
LAST = """
    left join (select distinct on (guest_id) guest_id, stay_id, room_type from stay_known where status = 'checked_out'
               order by guest_id, departure desc, arrival desc, reservation desc) as last_stay
    on last_stay.guest_id = guest.guest_id
"""


@dataclass(frozen=True)
class Audience:
    """By the guests' language how many there are, and by language and value how many lack it."""

    guests: Counter[str]
    lacking: Mapping[str, Counter[str]]


def audience(
    tx: Tx,
    purpose: Purpose,
    channel: Channel,
    values: Collection[str],
    today: date,
    scope: Scope,
    segments: Collection[str] | None = None,
) -> Audience:
    """Offers: all who may be written to. About a stay: whose stay is coming or under way. Questions: whose stay ended
    within a month or is about to. Hours and caps say when somebody is written to, not whether. `segments`: only guests
    in one of these, whose members messaging keeps."""
    about_a_stay = purpose in ABOUT_A_STAY
    asked = [value for value in values if _is_counted(value) and (about_a_stay or not value.startswith(STAY))]
    counted = "".join(f", count(*) filter (where {_lacking(value)})" for value in asked)
    rows = tx.execute(
        f"""
        select coalesce(wish.language, guest.language), count(*){counted}
        from recipient as guest
        left join guest_wish as wish on wish.guest_id = guest.guest_id
        {_joined(purpose, asked)}
        where {REACHED} {CONSENTS if purpose is Purpose.MARKETING else ""} and {within("guest.home_property")}
          {OF_SEGMENTS if segments is not None else ""}
        group by 1
        """,
        _values(purpose, channel, today) | {"segments": sorted(segments or [])} | scope.values,
    ).fetchall()
    guests = Counter({row[0]: row[1] for row in rows})
    lacking = {value: Counter({row[0]: row[2 + at] for row in rows}) for at, value in enumerate(asked)}
    return Audience(guests, lacking)


def _is_counted(value: str) -> bool:
    return value in LACKING or key_of(value) is not None


def _lacking(value: str) -> str:
    """The key of a date is letters, digits and hyphens."""
    return LACKING.get(value) or f"(guest.own_dates -> '{key_of(value)}') is null"


def _joined(purpose: Purpose, values: Collection[str]) -> str:
    about_a_stay = purpose in ABOUT_A_STAY
    stay = OF_THE_STAY.format(which=COMING if purpose is Purpose.STAY_SERVICE else ENDED) if about_a_stay else ""
    last = LAST if any(value.startswith("last_stay.") for value in values) else ""
    of = "stay.property" if about_a_stay else "guest.home_property"
    return f"{stay}{last} left join property_known as hotel on hotel.code = {of}"


def _values(purpose: Purpose, channel: Channel, today: date) -> dict[str, Any]:
    return {
        "purpose": str(purpose),
        "channel": str(channel),
        "today": today,
        "since": today - ASKED_WITHIN,
        "nobody": sorted(NOBODY),
        "titles": sorted(TITLES),
    }
