"""What segments subscribes to, and which command handles each event."""

from __future__ import annotations

from services.segments.commands.guests.files import keep_file_parts
from services.segments.commands.on.answers import handle_answers, handle_understood
from services.segments.commands.on.cases import handle_cases
from services.segments.commands.on.consents import handle_consents
from services.segments.commands.on.entrances import handle_entrances
from services.segments.commands.on.launches import handle_ends, handle_launches
from services.segments.commands.on.messages import handle_messages
from services.segments.commands.on.offers import handle_offers
from services.segments.commands.on.properties import handle_properties
from services.segments.commands.on.receipts import handle_clicks, handle_receipts
from services.segments.commands.on.refused_points import handle_refused_points
from services.segments.commands.on.rehearsals import on_rehearsal_requested
from services.segments.commands.on.tier_updates import handle_tier_updates
from services.segments.commands.on.told_by_journeys import note_told
from services.segments.commands.on.updates import handle_updates
from services.segments.commands.on.wanted import handle_wanted
from services.segments.personal_data import PERSONAL_DATA
from services.segments.queries.guests.file import currencies_in, tell
from services.segments.store.guests.erasures import erased_among
from shared.access.people import ACCESS
from shared.bus.subscriptions import Subscription
from shared.events.messaging import MESSAGE_EVENTS, OFFER_USES, RECEIPT_EVENTS
from shared.personal_data.forget import passing
from shared.personal_data.guest_file.answering import file_requests
from shared.personal_data.retention.subscription import RETENTION

SUBSCRIPTIONS = passing(
    (
        Subscription("properties", {"property.changed.v1": handle_properties}),
        Subscription("consents", {"consent.changed.v1": handle_consents}),
        Subscription(
            "messages", {**dict.fromkeys(MESSAGE_EVENTS, handle_messages), "point.refused.v1": handle_refused_points}
        ),
        Subscription(
            "receipts", {**dict.fromkeys(RECEIPT_EVENTS, handle_receipts), "message.clicked.v1": handle_clicks}
        ),
        Subscription(
            "answers",
            {
                "survey.answered.v1": handle_answers,
                "answer.understood.v1": handle_understood,
                "case.opened.v1": handle_cases,
                "case.closed.v1": handle_cases,
            },
        ),
        Subscription("offers", dict.fromkeys(("offer.given.v1", *OFFER_USES), handle_offers)),
        Subscription(
            "journeys",
            {
                "journey.launched.v1": handle_launches,
                "journey.ended.v1": handle_ends,
                "rehearsal.requested.v1": on_rehearsal_requested,
            },
        ),
        Subscription("entrances", {"journey.entered.v1": handle_entrances}),
        Subscription(
            "updates",
            {
                "guest.update_requested.v1": handle_updates,
                "guest.tier_requested.v1": handle_tier_updates,
                "journey.told.v1": note_told,
            },
        ),
        Subscription("templates", {"audience.wanted.v1": handle_wanted}),
        ACCESS,
        Subscription("guest_file_parts", {"guest.file_part.v1": keep_file_parts}),
        RETENTION,
        file_requests(PERSONAL_DATA, tell, currencies_in),
    ),
    erased_among,
    PERSONAL_DATA,
)
