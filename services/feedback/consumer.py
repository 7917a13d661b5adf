"""Which events feedback subscribes to, and which command handles each."""

from __future__ import annotations

from services.feedback.commands.on.attributions import keep_segments
from services.feedback.commands.on.guests import forget_guests, keep_guests, merge_guests, unmerge_guests
from services.feedback.commands.on.messages import keep_messages, keep_receipts
from services.feedback.commands.on.notices import settle_calls
from services.feedback.commands.on.properties import keep_properties
from services.feedback.commands.on.receivers import keep_receivers
from services.feedback.commands.on.staff import take_off_lists
from services.feedback.commands.on.stays import keep_stays
from services.feedback.commands.on.tasks import keep_requested
from services.feedback.commands.on.tests import number_tests
from services.feedback.commands.on.warnings import text_duty_lists
from services.feedback.personal_data import PERSONAL_DATA
from services.feedback.store.guests import erased_among
from shared.access.people import ACCESS
from shared.bus.subscriptions import Subscription
from shared.events.messaging import MESSAGE_EVENTS, RECEIPT_EVENTS
from shared.events.segments.stays import STAY_EVENTS
from shared.personal_data.forget import passing
from shared.personal_data.guest_file.answering import file_requests
from shared.personal_data.retention.subscription import RETENTION

SUBSCRIPTIONS = passing(
    (
        Subscription("messages", dict.fromkeys(MESSAGE_EVENTS, keep_messages)),
        Subscription("receipts", dict.fromkeys(RECEIPT_EVENTS, keep_receipts)),
        Subscription("stays", dict.fromkeys(STAY_EVENTS, keep_stays)),
        Subscription(
            "guests",
            {
                "guest.changed.v1": keep_guests,
                "guest.merged.v1": merge_guests,
                "guest.unmerged.v1": unmerge_guests,
                "guest.erased.v1": forget_guests,
            },
        ),
        Subscription("attributions", {"answer.attributed.v1": keep_segments}),
        Subscription("notices", {"notice.settled.v1": settle_calls}),
        Subscription("tasks", {"task.requested.v1": keep_requested}),
        Subscription("tests", {"test.requested.v1": number_tests}),
        Subscription("receivers", {"receiver.changed.v1": keep_receivers}),
        Subscription("warnings", {"warning.raised.v1": text_duty_lists}),
        Subscription("duty", {"access.changed.v1": take_off_lists}),
        Subscription("properties", {"property.changed.v1": keep_properties}),
        ACCESS,
        RETENTION,
        file_requests(PERSONAL_DATA),
    ),
    erased_among,
    PERSONAL_DATA,
)
