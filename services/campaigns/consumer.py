"""What campaigns subscribes to, and which command each event becomes."""

from __future__ import annotations

from services.campaigns.commands.on.audiences import on_audience_changed
from services.campaigns.commands.on.guest_events import on_guest_event
from services.campaigns.commands.on.guests import on_guest_changed, on_guest_erased, on_guest_merged, on_guest_unmerged
from services.campaigns.commands.on.happenings import (
    on_answer_understood,
    on_case,
    on_click,
    on_survey_answered,
    on_task_closed,
)
from services.campaigns.commands.on.messages import on_message_outcome, on_receipt
from services.campaigns.commands.on.offers import on_offer_used
from services.campaigns.commands.on.opt_outs import on_opt_out
from services.campaigns.commands.on.properties import on_property_changed
from services.campaigns.commands.on.rehearsals import on_audience_forecast, on_message_judged
from services.campaigns.commands.on.sign_ups import on_guest_signed_up
from services.campaigns.commands.on.stays import on_stay_changed
from services.campaigns.commands.on.warnings import on_warning_raised
from services.campaigns.personal_data import PERSONAL_DATA
from services.campaigns.queries.guest_file import tell
from services.campaigns.store.copies import erased_among
from shared.access.people import ACCESS
from shared.bus.subscriptions import Subscription
from shared.events.messaging import MESSAGE_EVENTS, OFFER_USES, RECEIPT_EVENTS
from shared.events.segments.stays import STAY_EVENTS
from shared.personal_data.forget import passing
from shared.personal_data.guest_file.answering import file_requests
from shared.personal_data.retention.subscription import RETENTION

SUBSCRIPTIONS = passing(
    (
        Subscription("audiences", {"audience.changed.v1": on_audience_changed}),
        Subscription("stays", dict.fromkeys(STAY_EVENTS, on_stay_changed)),
        Subscription(
            "guests",
            {
                "guest.changed.v1": on_guest_changed,
                "guest.merged.v1": on_guest_merged,
                "guest.unmerged.v1": on_guest_unmerged,
                "guest.erased.v1": on_guest_erased,
                "guest.signed_up.v1": on_guest_signed_up,
                "guest.event.v1": on_guest_event,
            },
        ),
        Subscription(
            "messages",
            {
                **dict.fromkeys(MESSAGE_EVENTS, on_message_outcome),
                **dict.fromkeys(RECEIPT_EVENTS, on_receipt),
                "message.clicked.v1": on_click,
            },
        ),
        Subscription(
            "answers",
            {
                "survey.answered.v1": on_survey_answered,
                "answer.understood.v1": on_answer_understood,
                "case.opened.v1": on_case,
                "case.closed.v1": on_case,
                "optout.requested.v1": on_opt_out,
                "task.closed.v1": on_task_closed,
            },
        ),
        Subscription("offers", dict.fromkeys(OFFER_USES, on_offer_used)),
        Subscription(
            "rehearsals",
            {"audience.forecast.v1": on_audience_forecast, "message.judged.v1": on_message_judged},
        ),
        Subscription("warnings", {"warning.raised.v1": on_warning_raised}),
        Subscription("properties", {"property.changed.v1": on_property_changed}),
        ACCESS,
        RETENTION,
        file_requests(PERSONAL_DATA, tell),
    ),
    erased_among,
    PERSONAL_DATA,
)
