"""What programs ask of messaging: consents, with an API key; what guests do, who have no session: the way
out; the pictures that mails show, to whoever reads them; and what providers report of messages."""

from __future__ import annotations

from flask import Blueprint

from services.messaging.api.consents import consents
from services.messaging.api.receipts import receipts
from services.messaging.api.twilio import twilio
from services.messaging.pages.confirmation import confirmation
from services.messaging.pages.pictures.public import public
from services.messaging.pages.way_out import way_out

API: tuple[Blueprint, ...] = (consents, way_out, confirmation, public, twilio, receipts)
