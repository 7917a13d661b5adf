"""All that is known of the guests in one claim, loaded in sets after their rows are locked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from services.messaging.channels.registry import RULES
from services.messaging.commands.country_rules import house_rules
from services.messaging.commands.sending.gate_context import GateContext
from services.messaging.commands.sending.texts import MessageTexts
from services.messaging.rules.answers import answer_in
from services.messaging.rules.facts import Guest, Point, Property, Request, World
from services.messaging.rules.house import Cap
from services.messaging.rules.prices import Prices
from services.messaging.rules.receipts import FULL_BOXES, FULL_WITHIN_DAYS
from services.messaging.rules.tally import A_HOUSEHOLD_A_DAY, A_MONTH, Tally
from services.messaging.store.limits.offer_limits import offer_limits
from services.messaging.store.limits.prices import standing_prices
from services.messaging.store.sending import claims as store
from services.messaging.store.sending import points, windows
from services.messaging.store.sending.gate_rows import NOTHING, Since, facts_of_few, guest_rows, stays_of
from services.messaging.store.world import contacts_of, guest_of, property_of, reached_of
from services.messaging.tables import zones_of
from shared.crypto.sealing import Sealed
from shared.database.pool import Tx
from shared.vocabulary.purpose import Purpose


@dataclass(frozen=True)
class GateFacts:
    guests: dict[UUID, Guest]
    properties: dict[str, Property]
    words: MessageTexts
    world: World
    tally: Tally
    prices: Prices

    def hotel(self, request: Request) -> Property | None:
        """The property a message is about."""
        return self.properties.get(request.property or "")

    def speaker(self, request: Request) -> Property | None:
        """The property in whose name it goes: its own, else the guest's, else the group's first."""
        return _speaker(request, self.guests[request.guest_id], self.properties)


def load_gate_facts(
    tx: Tx, context: GateContext, requests: Sequence[Request], guests: Sequence[UUID], at: datetime
) -> GateFacts:
    house = house_rules(tx, at)
    cap = timedelta(days=context.config.cap_days)
    longest = house.longest(Cap(context.config.cap_contacts, cap))
    full = timedelta(days=FULL_WITHIN_DAYS)
    since = Since(at - max(longest, A_MONTH), at - A_HOUSEHOLD_A_DAY, at - full, FULL_BOXES)
    rows, stays, few = guest_rows(tx, guests), stays_of(tx, guests), facts_of_few(tx, guests, since)
    elsewhere = sorted(
        {(one.channels[0], answer.point) for one in requests if (answer := answer_in(one)) and answer.address}
    )
    ended, refused = points.said_of(tx, elsewhere) if elsewhere else ([], [])
    limits = offer_limits(tx, guests) if any(one.purpose == Purpose.MARKETING for one in requests) else {}
    found = {
        one: guest_of(row, stays.get(one, ()), few.get(one, NOTHING), limits.get(one))
        for row in rows
        if (one := row.guest_id)
    }
    codes = {request.property for request in requests} | {guest.home_property for guest in found.values()}
    codes |= {stay.property for guest in found.values() for stay in guest.stays}
    hotels, senders, stops = store.properties_and_senders(tx, sorted(code for code in codes if code))
    properties = {hotel.code: hotel for hotel in map(property_of, hotels)}
    countries = {guest.country for guest in found.values()} | {hotel.country for hotel in properties.values()}
    words = context.words(tx, properties)
    context.calendar.prepare(tx, {country for country in countries if country}, at.date())

    def lacks(request: Request, guest: Guest, channel: str, language: str) -> bool:
        speaker, hotel = _speaker(request, guest, properties), properties.get(request.property or "")
        return words.lacks(request, guest, speaker, hotel, language, channel)

    def needs_window(request: Request, channel: str, language: str) -> bool:
        return words.needs_window(request.template, language, channel)

    def country_of(point: Point) -> str | None:
        if not RULES[point.channel].tells_country:
            return None
        return context.numbers.place_of(point.point, Sealed(point.address)).country

    def zones_of_point(point: Point) -> tuple[str, ...]:
        if not RULES[point.channel].tells_country:
            return ()
        return context.numbers.place_of(point.point, Sealed(point.address)).zones

    def is_holiday(country: str, day: date) -> bool:
        said = house.days.get((country, day))
        return context.calendar.is_holiday(country, day) if said is None else said

    world = World(
        properties=properties,
        suppressed=frozenset(
            (str(one[0]), str(one[1]), str(one[2]))
            for found in (*(one.get("suppressed", ()) for one in few.values()), ended)
            for one in found
        ),
        refused=frozenset((channel, point) for channel, point in refused),
        resting=frozenset(point for one in few.values() for (point,) in one.get("resting", ())),
        may_send={(channel, country, purpose): allowed for channel, country, purpose, allowed in senders},
        stops=frozenset((kind, key) for kind, key in stops),
        channels=RULES,
        country_of=country_of,
        house=house,
        is_holiday=is_holiday,
        zones_of=zones_of,
        zones_of_point=zones_of_point,
        language_for=words.language_for,
        needs_window=needs_window,
        wrote_at=_wrote_at(tx, requests, found.values()),
        lacks=lacks,
    )
    tally = Tally(
        contacts_of(few.values()), reached_of(few.values()), most=context.config.cap_contacts, within=cap, house=house
    )
    return GateFacts(found, properties, words, world, tally, standing_prices(tx))


def _wrote_at(tx: Tx, requests: Sequence[Request], guests: Iterable[Guest]) -> Mapping[tuple[str, str], datetime]:
    """Asked only where a message may go by a channel with a window."""
    with_window = {channel for request in requests for channel in request.channels if RULES[channel].window}
    there = [point.point for guest in guests for point in guest.points if point.channel in with_window]
    return windows.wrote_at(tx, there) if there else {}


def _speaker(request: Request, guest: Guest, properties: dict[str, Property]) -> Property | None:
    for code in (request.property, guest.home_property):
        if code and code in properties:
            return properties[code]
    return properties[min(properties)] if properties else None
