"""Which events console subscribes to, and which command handles each."""

from __future__ import annotations

from services.console.commands.on.audit import keep_audit
from services.console.commands.on.cases import alert_duty_managers, alert_of_unlisted
from services.console.commands.on.feeds import keep_sender_days, keep_source_days
from services.console.commands.on.guests import erase_guests, keep_forgotten
from services.console.commands.on.journeys import keep_launches
from services.console.commands.on.keys import keep_key_uses
from services.console.commands.on.messages import count_messages
from services.console.commands.on.nights import keep_nights
from services.console.commands.on.notices import keep_notice_outcomes, keep_senders
from services.console.commands.on.signals import keep_answers, keep_bounces, keep_complaints, keep_opt_outs, keep_spam
from services.console.commands.on.stays import on_stays
from services.console.commands.on.tests import address_tests
from services.console.commands.on.webhooks import take_events
from services.console.personal_data import PERSONAL_DATA
from services.console.queries.guest_file import tell
from services.console.store.counts import erased_among
from shared.bus.subscriptions import Subscription
from shared.events.messaging import MESSAGE_EVENTS
from shared.events.segments.stays import STAY_EVENTS
from shared.personal_data.forget import passing
from shared.personal_data.guest_file.answering import file_requests

SUBSCRIPTIONS = passing(
    (
        Subscription("audit", {"audit.recorded.v1": keep_audit}),
        Subscription("erasures", {"guest.erased.v1": erase_guests, "guest.forgotten.v1": keep_forgotten}),
        Subscription("messages", dict.fromkeys(MESSAGE_EVENTS, count_messages)),
        Subscription("stays", dict.fromkeys((*STAY_EVENTS, "stay.kept.v1"), on_stays)),
        Subscription(
            "signals",
            {
                "case.opened.v1": keep_complaints,
                "survey.answered.v1": keep_answers,
                "message.bounced.v1": keep_bounces,
                "message.complained.v1": keep_spam,
                "optout.requested.v1": keep_opt_outs,
                "sender.counted.v1": keep_sender_days,
                "feed.heard.v1": keep_source_days,
            },
        ),
        Subscription("cases", {"case.opened.v1": alert_duty_managers, "alert.unlisted.v1": alert_of_unlisted}),
        Subscription("notices", {"notice.settled.v1": keep_notice_outcomes, "senders.changed.v1": keep_senders}),
        Subscription("tests", {"test.requested.v1": address_tests}),
        Subscription("webhooks", {"webhook.due.v1": take_events}),
        Subscription("keys", {"key.used.v1": keep_key_uses}),
        Subscription("journeys", {"journey.launched.v1": keep_launches}),
        Subscription("nights", {"retention.counted.v1": keep_nights}),
        file_requests(PERSONAL_DATA, tell),
    ),
    erased_among,
    PERSONAL_DATA,
)
