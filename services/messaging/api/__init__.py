"""What programs ask of messaging: consents and offers, with an API key; what guests do, who have no session: the way
out, tracked links; the pictures that mails show, to whoever reads them; and what providers report of messages."""

from __future__ import annotations

from flask import Blueprint

from services.messaging.api.consents import consents
from services.messaging.api.links import links
from services.messaging.api.offers import offers
from services.messaging.api.receipts import receipts
from services.messaging.api.twilio import twilio
from services.messaging.pages.for_guests.answer_picture import answer_picture
from services.messaging.pages.for_guests.confirmation import confirmation
from services.messaging.pages.for_guests.way_out import way_out
from services.messaging.pages.offers.guest import guest_offer
from services.messaging.pages.pictures.public import public

API: tuple[Blueprint, ...] = (
    consents,
    offers,
    way_out,
    confirmation,
    guest_offer,
    answer_picture,
    links,
    public,
    twilio,
    receipts,
)
