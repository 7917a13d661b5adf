"""The subscriptions of messaging: which command handles which event."""

from __future__ import annotations

from services.messaging.commands.consents.ledger import honour_objections
from services.messaging.commands.on.answers import keep_answers, recognise_strangers
from services.messaging.commands.on.audiences import keep_changes, keep_lists
from services.messaging.commands.on.cases import keep_cases
from services.messaging.commands.on.guests import erase_guests, keep_guests, merge_guests, unmerge_guests
from services.messaging.commands.on.journeys import bring_templates, keep_ended, keep_journeys
from services.messaging.commands.on.news import keep_news
from services.messaging.commands.on.notices import keep_notices
from services.messaging.commands.on.objections import bring_back, confirm_by_replies, hold_for_objections
from services.messaging.commands.on.properties import keep_properties
from services.messaging.commands.on.rehearsals import on_message_rehearsed, on_rehearsal_requested
from services.messaging.commands.on.reports import keep_reports
from services.messaging.commands.on.requests import keep_requests, withdraw_messages
from services.messaging.commands.on.sign_ups import keep_sign_ups
from services.messaging.commands.on.stays import keep_stays
from services.messaging.commands.on.windows import keep_windows
from services.messaging.personal_data import PERSONAL_DATA
from services.messaging.queries.guests.guest_file import tell
from services.messaging.store.guests.recipients import erased_among
from shared.access.people import ACCESS
from shared.bus.subscriptions import Subscription
from shared.events.segments.stays import STAY_EVENTS
from shared.personal_data.forget import passing
from shared.personal_data.guest_file.answering import file_requests
from shared.personal_data.retention.subscription import RETENTION

SUBSCRIPTIONS = passing(
    (
        Subscription("requests", {"message.requested.v1": keep_requests, "message.withdrawn.v1": withdraw_messages}),
        Subscription(
            "guests",
            {
                "guest.changed.v1": keep_guests,
                "guest.merged.v1": merge_guests,
                "guest.unmerged.v1": unmerge_guests,
                "guest.erased.v1": erase_guests,
                "guest.signed_up.v1": keep_sign_ups,
            },
        ),
        Subscription("stays", {**dict.fromkeys(STAY_EVENTS, keep_stays), "property.heard.v1": keep_news}),
        Subscription(
            "optouts",
            {
                "optout.requested.v1": honour_objections,
                "objection.unread.v1": hold_for_objections,
                "optin.requested.v1": bring_back,
                "reply.affirmed.v1": confirm_by_replies,
            },
        ),
        Subscription("answers", {"reply.answered.v1": keep_answers, "stranger.recognised.v1": recognise_strangers}),
        Subscription("windows", {"reply.received.v1": keep_windows}),
        Subscription("reports", {"message.reported.v1": keep_reports}),
        Subscription("cases", {"case.opened.v1": keep_cases, "case.closed.v1": keep_cases}),
        Subscription(
            "journeys",
            {
                "journey.begun.v1": bring_templates,
                "journey.launched.v1": keep_journeys,
                "journey.ended.v1": keep_ended,
            },
        ),
        Subscription("notices", {"notice.requested.v1": keep_notices}),
        Subscription("audiences", {"audience.changed.v1": keep_changes, "audience.listed.v1": keep_lists}),
        Subscription("properties", {"property.changed.v1": keep_properties}),
        Subscription(
            "rehearsals",
            {"rehearsal.requested.v1": on_rehearsal_requested, "message.rehearsed.v1": on_message_rehearsed},
        ),
        ACCESS,
        RETENTION,
        file_requests(PERSONAL_DATA, tell),
    ),
    erased_among,
    PERSONAL_DATA,
)
