"""Templates as pages show them: each with its languages, and the languages that guests read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.messaging.queries.names import whole_name
from services.messaging.queries.scope import GUEST_SEEN
from services.messaging.wording.values import Profile, StaySaid
from shared.access.scope import Scope, within
from shared.database.pool import Tx
from shared.vocabulary.stay import StayStatus


@dataclass(frozen=True)
class Listed:
    key: str
    version: int  # 0: never published
    document: dict[str, Any]
    published_by: str | None
    published_at: datetime | None
    drafted_by: str | None

    @property
    def languages(self) -> dict[str, list[str]]:
        """By language the channels it is written for."""
        return {tag: sorted(locale) for tag, locale in self.document["locales"].items()}

    @property
    def channels(self) -> list[str]:
        return sorted({channel for locale in self.document["locales"].values() for channel in locale})

    @property
    def gaps(self) -> list[str]:
        """Languages that lack a channel another has."""
        return [tag for tag, channels in self.languages.items() if channels != self.channels]


def listed(tx: Tx) -> list[Listed]:
    return tx.rows(
        Listed,
        """
        select coalesce(template.key, draft.key) as key, coalesce(newest, 0) as version,
               coalesce(published.document, draft.document) as document, published_by, published_at,
               draft.edited_by as drafted_by
        from template join template_version as published on (published.key, version) = (template.key, newest)
             full join template_draft as draft on draft.key = template.key
        order by 1
        """,
    )


def one(tx: Tx, key: str) -> Listed | None:
    return next((each for each in listed(tx) if each.key == key), None)


def versions(tx: Tx, key: str) -> list[tuple[int, str, datetime, str | None]]:
    """Number, who published it and when, and who approved it."""
    query = """
        select version, published_by, published_at, approved_by from template_version where key = %s
        order by version desc
    """
    return tx.execute(query, [key]).fetchall()


def document_of(tx: Tx, key: str, version: int) -> dict[str, Any] | None:
    query = "select document from template_version where (key, version) = (%s, %s)"
    row = tx.execute(query, [key, version]).fetchone()
    return row[0] if row else None


def spoken(tx: Tx, scope: Scope) -> dict[str, int]:
    """How many guests read which language, the most first."""
    rows = tx.execute(
        f"""
        select language, count(*) from recipient
        where gone is null and version > 0 and {within("home_property")}
        group by language order by 2 desc, 1
        """,
        scope.values,
    ).fetchall()
    return dict(rows)


@dataclass(frozen=True)
class Reader:
    """A guest to try a text on."""

    guest_id: UUID
    given_name: str
    family_name: str
    title: str | None
    language: str
    country: str | None
    home_property: str | None
    tier: str | None
    loyalty_points: int | None
    birth_date: date | None
    own_dates: dict[str, str] | None

    @property
    def profile(self) -> Profile:
        return Profile(self.tier or "", self.loyalty_points, self.birth_date, self.own_dates or {})

    @property
    def name(self) -> str:
        return whole_name(self.given_name, self.family_name, self.language)


OF_A_READER = """
    guest_id, given_name, family_name, title, language, country, home_property, tier, loyalty_points, birth_date,
    own_dates
"""


def readers(tx: Tx, words: str, scope: Scope, most: int = 8) -> Sequence[Reader]:
    """Guests whose name holds these words."""
    return tx.rows(
        Reader,
        f"""
        select {OF_A_READER} from recipient as guest
        where gone is null and version > 0 and {GUEST_SEEN}
          and strpos(lower(concat_ws(' ', given_name, family_name, given_name)), lower(%(words)s)) > 0
        order by family_name, given_name, guest_id limit %(most)s
        """,
        {"words": words, **scope.values, "most": most},
    )


def reader(tx: Tx, guest_id: UUID, scope: Scope) -> Reader | None:
    found = tx.rows(
        Reader,
        f"""
        select {OF_A_READER} from recipient as guest
        where guest_id = %(id)s and gone is null and {GUEST_SEEN}
        """,
        {"id": guest_id, **scope.values},
    )
    return found[0] if found else None


def house_of(tx: Tx, code: str | None, language: str) -> dict[str, Any] | None:
    """A hotel as texts name it; the first where there is no such."""
    found = tx.rows(
        dict,
        """
        select code, coalesce(names ->> %(language)s, name) as name, legal_entity, postal_address, contact,
               coalesce(colour, '') as colour, coalesce(logo, '') as logo, phone, map_url, booking_url
        from property_known
        order by code <> coalesce(%(code)s, ''), code limit 1
        """,
        {"code": code, "language": language},
    )
    return found[0] if found else None


def colours_of_hotels(tx: Tx, most: int = 12) -> list[str]:
    """In which mails of the house may be painted."""
    query = "select distinct colour from property_known where colour is not null order by colour limit %s"
    return [colour for (colour,) in tx.execute(query, [most])]


@dataclass(frozen=True)
class SegmentsShown:
    """`supposed`: of which it is not known, so that the guest counts as one of them and their blocks are in sight."""

    inside: frozenset[str]
    supposed: frozenset[str] = frozenset()


def segments_shown(tx: Tx, named: frozenset[str], guest_id: UUID | None) -> SegmentsShown:
    """Of the segments that a text names, those a guest is in as far as messaging knows: of no guest, or where no
    published template names the segment yet, it does not."""
    if not named:
        return SegmentsShown(named)
    found = tx.execute(
        """
        select named.segment, used.segment is null or %(guest)s::uuid is null
        from unnest(%(named)s::text[]) as named (segment)
        left join segment_used as used on used.segment = named.segment and complete
        left join guest_segment as mine on mine.segment = named.segment and guest_id = %(guest)s
        where used.segment is null or %(guest)s::uuid is null or is_in
        """,
        {"named": sorted(named), "guest": guest_id},
    )
    of = dict(found.fetchall())
    return SegmentsShown(frozenset(of), frozenset(segment for segment, is_supposed in of.items() if is_supposed))


def stays_of(tx: Tx, guest_id: UUID) -> tuple[StaySaid | None, StaySaid | None]:
    """A guest's coming stay, else their latest, and the last that has ended; to try texts on."""
    found = tx.rows(
        _Stay,
        """
        select coalesce(hotel.name, stay.property) as hotel, stay.property as hotel_code, arrival, departure,
               reservation as number, status, room_type, guests, coalesce(hotel.check_in, '') as check_in
        from stay_known as stay left join property_known as hotel on hotel.code = stay.property
        where guest_id = %s and status in ('booked', 'checked_in', 'checked_out')
        order by departure desc, arrival desc, reservation desc limit 50
        """,
        [guest_id],
    )
    coming = [stay for stay in found if stay.status != StayStatus.CHECKED_OUT]
    ended = [stay for stay in found if stay.status == StayStatus.CHECKED_OUT]
    nearest = coming[-1] if coming else (ended[0] if ended else None)
    return nearest.said() if nearest else None, ended[0].said() if ended else None


@dataclass(frozen=True)
class _Stay:
    hotel: str
    hotel_code: str
    arrival: date
    departure: date
    number: str
    status: str
    room_type: str
    guests: int
    check_in: str

    def said(self) -> StaySaid:
        return StaySaid(**{name: value for name, value in vars(self).items() if name != "status"})
