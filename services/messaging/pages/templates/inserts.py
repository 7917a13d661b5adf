"""The menu of values: in words, each with what stands in a text for it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from services.messaging.library.checks import known_to
from services.messaging.pages.templates.segment_choices import own_date_in_words, own_date_values
from services.messaging.wording.defaults import defaults_in
from services.messaging.wording.own_dates import GROUP, key_of
from services.messaging.wording.purposes import is_offered
from shared.vocabulary.purpose import Purpose

Document = Mapping[str, Any]
INSERTS: Mapping[str, Any] = {
    "guest.greeting": _l("the greeting, by language and title"),
    "guest.name": _l("the guest's whole name"),
    "guest.first_name": _l("the guest's given name"),
    "guest.title": _l("the guest's title"),
    "guest.language": _l("the guest's language, by its own name"),
    "guest.tier": _l("the guest's tier"),
    "guest.points": _l("the guest's points"),
    "guest.birthday": _l("the guest's birthday, without the year"),
    "stay.hotel": _l("the hotel of the stay"),
    "stay.arrival": _l("the day of arrival"),
    "stay.departure": _l("the day of departure"),
    "stay.nights": _l("the number of nights"),
    "stay.room_type": _l("the room"),
    "stay.guests": _l("the number of guests"),
    "stay.number": _l("the reservation number"),
    "stay.check_in": _l("from when rooms are ready"),
    "last_stay.hotel": _l("the hotel of the last stay"),
    "last_stay.arrival": _l("the arrival of the last stay"),
    "last_stay.departure": _l("the departure of the last stay"),
    "last_stay.nights": _l("the nights of the last stay"),
    "last_stay.room_type": _l("the room of the last stay"),
    "property.name": _l("the hotel's name"),
    "property.contact": _l("how to reach the hotel"),
    "property.address": _l("the hotel's address"),
    "property.phone": _l("the hotel's telephone"),
    "journey.name": _l("what the journey is called"),
    "sender.brand": _l("the name guests know us by"),
    "sender.contact": _l("how to reach us"),
    "sender.legal_entity": _l("who answers for the message"),
    "sender.postal_address": _l("the postal address"),
    "links.unsubscribe": _l("the way out"),
    "links.survey": _l("the guest's own survey"),
    "links.phone": _l("a call to the hotel"),
    "links.map": _l("the hotel on a map"),
    "links.booking": _l("the hotel's booking page, with the days of the stay and the code of the offer"),
    "links.confirm": _l("where the guest confirms a consent"),
    "offer.name": _l("what the offer is called"),
    "offer.worth": _l("what the offer is worth"),
    "offer.terms": _l("the terms of the offer"),
    "offer.valid_until": _l("the last day of the offer"),
    "offer.code": _l("the guest's own code"),
    "links.offer": _l("the guest's page of the offer, with its code as a picture"),
    "links.offer_qr": _l("the address of the code as a QR picture"),
    "links.offer_barcode": _l("the address of the code as a barcode picture"),
}


def inserts_of(document: Document, own: Mapping[str, str]) -> dict[str, Any]:
    """What this text may hold, as far as its purpose lets anybody fill it in. `own`: the values of the house's own
    dates, in words; they come after what else is said of a guest."""
    purpose = Purpose(document["purpose"])
    known = [name for name in known_to(document["key"], document.get("offer")) if is_offered(name, purpose)]
    of_guest = {name: INSERTS[name] for name in known if name.startswith("guest.")}
    return {**of_guest, **own} | {name: INSERTS[name] for name in known}


def value_in_words(name: str) -> str:
    """A value that texts read, also where this text may not."""
    if key_of(name):
        return own_date_in_words(name)
    return str(INSERTS.get(name, name))


def proposed_in(language: str) -> dict[str, str]:
    """By value, the words that stand there where it is not known; of what is always there none."""
    proposed = defaults_in(language)
    return {**proposed, **dict.fromkeys(own_date_values(), proposed[GROUP])}


def sources_of(language: str) -> dict[str, str]:
    """By value, how it is put into a text: with the words that stand there where it is not known."""
    proposed = proposed_in(language)
    return {name: written(name, proposed.get(name, "")) for name in (*INSERTS, *own_date_values())}


def written(name: str, default: str) -> str:
    return "{{ " + name + (f" | default({json.dumps(default, ensure_ascii=False)})" if default else "") + " }}"
