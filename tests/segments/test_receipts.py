"""What became of messages counts in rules: by the day it is for the guest, in any order, and as time passes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest

from services.segments.clock import Sweep
from services.segments.commands.segments.lifecycle import save_segment, use_segment
from services.segments.consumer import SUBSCRIPTIONS
from services.segments.store.evaluation.memberships import members_of
from shared.database.pool import Database
from shared.events import chunk_of
from shared.events.messaging import (
    MessageBounced,
    MessageComplained,
    MessageDelivered,
    MessageSent,
    PublishedReceipt,
)
from shared.ids import make_id
from tests.harness import ServiceHarness
from tests.segments.audience_people import Person, enter, move, said

BEFORE = datetime(2016, 1, 1, tzinfo=UTC)
EVENING = datetime(2016, 3, 1, 23, 30, tzinfo=UTC)  # the second in Shanghai already
EMAIL = {"channel": "email"}
RULES: dict[str, dict[str, Any]] = {
    "bounced": {"fact": "last_bounced", "op": "at_most", "value": 30, "where": EMAIL},
    "working": {"fact": "receives", "op": "is", "value": True, "where": EMAIL},
    "spam": {"fact": "last_complained", "op": "known", "value": True, "where": EMAIL},
}


class Segments(ServiceHarness):
    subscriptions = SUBSCRIPTIONS

    def told(self, kind: type[PublishedReceipt], what: str, at: datetime, *, who: str = "ana", **more: Any) -> None:
        receipt = kind(
            message_id=make_id("message", what), version=1, guest_id=make_id("guest", who), journey="win-back",
            journey_version=1, step="send", occurrence="x", purpose="marketing", property="LIS", stay_id=None,
            channel=more.get("channel", "email"), reason=None, occurred_at=at,
        )  # fmt: skip
        self.hear_at(max(at, EVENING), chunk_of([receipt]))

    def inside(self) -> set[str]:
        with self.database.transaction() as tx:
            return {key for key in RULES if members_of(tx, key)}


@pytest.fixture
def segments(database: Database) -> Segments:
    with database.transaction() as tx:
        for key, rule in RULES.items():
            save_segment(tx, key, key, rule, BEFORE)
            use_segment(tx, key, BEFORE)
        enter(tx, [Person("ana", zone="Asia/Shanghai", points=(("email", "personal"),))])
        move(tx, ["ana"], BEFORE)
    return Segments(database)


@pytest.mark.parametrize("order", [*permutations(range(3))])
def test_the_latest_of_each_kind_counts_in_any_order_and_however_often(
    segments: Segments, order: tuple[int, ...]
) -> None:
    hour = timedelta(hours=1)
    receipts = [
        (MessageDelivered, "one", EVENING - 2 * hour),
        (MessageBounced, "one", EVENING - hour),
        (MessageDelivered, "two", EVENING),
    ]
    for place in (*order, *order):
        segments.told(*receipts[place])
    assert segments.inside() == {"bounced", "working"}
    assert segments.all("select email_delivered_on, email_bounced_on from guest_facts") == [
        (date(2016, 3, 2), date(2016, 3, 2))
    ]


def test_what_a_mail_server_took_and_sent_back_did_not_arrive(segments: Segments) -> None:
    segments.told(MessageDelivered, "one", EVENING)
    assert segments.inside() == {"working"}
    segments.told(MessageBounced, "one", EVENING + timedelta(minutes=5))
    assert segments.inside() == {"bounced"}
    assert segments.one("select email_delivered_on from guest_facts") is None


def test_another_channel_says_nothing_of_this_one_and_a_complaint_is_remembered(segments: Segments) -> None:
    segments.told(MessageDelivered, "text", EVENING, channel="sms")
    assert segments.inside() == set()
    segments.told(MessageComplained, "one", EVENING)
    assert segments.inside() == {"spam"}


def test_the_guest_leaves_at_their_own_midnight_when_the_days_are_over(segments: Segments) -> None:
    segments.told(MessageBounced, "one", EVENING)
    clock = Sweep(segments.database)
    until = datetime(2016, 5, 1, tzinfo=UTC)
    while (due := clock.next_due()) is not None and due < until:
        clock.step(due)
    with segments.database.transaction() as tx:
        moved = [(one["entered"], one["at"], one["because"]["kind"]) for one in said(tx) if one["segment"] == "bounced"]
    assert moved == [
        (True, "2016-03-01T23:30:00Z", "guest"),
        (False, "2016-04-01T16:00:00Z", "time"),  # midnight in Shanghai, 31 days later
    ]


def test_a_receipt_may_come_before_its_message_and_stays_when_that_comes(segments: Segments) -> None:
    segments.told(MessageDelivered, "one", EVENING)
    sent = MessageSent(
        message_id=make_id("message", "one"), version=3, guest_id=make_id("guest", "ana"), journey="win-back",
        journey_version=1, step="send", occurrence="x", purpose="marketing", property="LIS", stay_id=None,
        channel="email", state="sent", reason=None, held_until=None, occurred_at=EVENING - timedelta(hours=1),
    )  # fmt: skip
    segments.hear_at(EVENING, chunk_of([sent]))
    assert segments.all("select version, delivered_at from message_known") == [(3, EVENING)]
    assert segments.inside() == {"working"}


def test_a_receipt_of_a_merged_guest_counts_for_whom_they_became(segments: Segments) -> None:
    with segments.database.transaction() as tx:
        enter(tx, [Person("anna")])
        tx.execute(
            "update guest set merged_into = %s where id = %s", [make_id("guest", "ana"), make_id("guest", "anna")]
        )
    segments.told(MessageDelivered, "one", EVENING, who="anna")
    segments.told(MessageDelivered, "another", EVENING, who="nobody we know")
    assert segments.inside() == {"working"}
    assert segments.one("select email_delivered_on from guest_facts") == date(2016, 3, 2), "by the zone of Ana"
