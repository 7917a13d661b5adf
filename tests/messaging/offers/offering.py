"""A hotel with an offer: what a marketer writes, the template that makes it, and the guests who get it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from services.messaging.commands.offers.adding import add_next_set, order_made
from services.messaging.commands.offers.editing import go_live, start_offer
from services.messaging.commands.templates.publish import publish_template
from services.messaging.store.offers import codes
from services.messaging.store.offers import offers as store
from shared.access.people import Person
from shared.events.campaigns import MessageRequested
from shared.ids import make_id
from shared.vocabulary.offer import OfferKind
from shared.vocabulary.role import Role
from tests.messaging.hotel import MONDAY, Hotel, birthday, email, guest, lisbon

MIRA = Person(make_id("person", "mira"), "Mira", Role.MARKETER, frozenset())
WORTH = {"kind": "percent", "number": "15"}


def written(name: str = "Winter", **more: Any) -> dict[str, Any]:
    return {"name": {"en": name}, "terms": {"en": "Once a stay, at the desk."}, "worth": WORTH, **more}


def offer(hotel: Hotel, kind: OfferKind = OfferKind.UNIQUE, count: int = 0, **more: Any) -> str:
    """A live offer, with so many codes."""
    with hotel.database.transaction() as tx:
        key = start_offer(tx, kind, written(**more), by=MIRA, at=MONDAY)
        if count:
            kept = store.offer(tx, key)
            assert kept
            order_made(tx, kept, count, f"{key} {count}", by=MIRA, at=MONDAY)
        go_live(tx, key, by=MIRA, at=MONDAY)
    add_all(hotel)
    return key


def add_all(hotel: Hotel, at: datetime = MONDAY) -> None:
    more = True
    while more:
        with hotel.database.transaction() as tx:
            more = add_next_set(tx, at) > 0


def upload(hotel: Hotel, key: str, *shown: str) -> None:
    with hotel.database.transaction() as tx:
        codes.add(tx, key, [(one.replace("-", ""), one) for one in shown])


def template(hotel: Hotel, offer: str, key: str = "winter-mail", at: datetime = MONDAY, **mail: Any) -> None:
    part = {
        "subject": "{{ offer.worth }} until {{ property.name }} is full",
        "body": ["{{ offer.name }}: {{ offer.worth }}", "Your code: {{ offer.code }}", "{{ offer.terms }}"],
        **mail,
    }
    document = {
        "key": key,
        "name": "Winter",
        "purpose": "marketing",
        "offer": offer,
        "locales": {"en": {"email": part}},
    }
    with hotel.database.transaction() as tx:
        publish_template(tx, document, at=at, by="Mira")


def message(guest_id: UUID, number: int = 1, **more: Any) -> MessageRequested:
    told = {"template": "winter-mail", "property": "LIS", "message_id": make_id("winter", guest_id, number), **more}
    return replace(birthday(guest_id, **told), occurrence=f"winter:{number}")


def move_in(hotel: Hotel, *guests: UUID) -> None:
    """A house in Lisbon, and guests with an address each who want offers."""
    addresses = {one: f"guest{number}@example.com" for number, one in enumerate(guests)}
    hotel.hears(lisbon(), *(guest(one, points=[email(hotel.keyring, at)]) for one, at in addresses.items()))
