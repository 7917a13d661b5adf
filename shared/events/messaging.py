"""What messaging publishes: the outcome of each message and notice, what guests consent to, and what it can send."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from shared.events.dictionary import Lane, event, names_of
from shared.rows import named_row
from shared.vocabulary.channel import Channel
from shared.vocabulary.notice import NoticeKind, NoticeReason, NoticeState
from shared.vocabulary.offer import OfferKind, RedeemedBy


@named_row
class PublishedMessage:
    """A message's full public state, the same in every message.* event that messaging publishes. `parts`: to pay, of a
    text message; `cost`: of one that went, at the price that stood then; None: the house has not said what it costs."""

    message_id: UUID
    version: int
    guest_id: UUID
    journey: str
    journey_version: int
    step: str
    occurrence: str
    purpose: str
    property: str | None
    stay_id: UUID | None
    channel: str | None
    state: str  # shared.vocabulary.message
    reason: str | None
    held_until: datetime | None
    occurred_at: datetime
    parts: int = 0
    cost: str | None = None  # a decimal number
    currency: str | None = None
    language: str | None = None  # in which it was written


@event("message.sent.v1", by="messaging", key="message_id", lane=Lane.MARKETING)
class MessageSent(PublishedMessage):
    pass


@event("message.failed.v1", by="messaging", key="message_id", lane=Lane.MARKETING)
class MessageFailed(PublishedMessage):
    pass


@event("message.skipped.v1", by="messaging", key="message_id", lane=Lane.MARKETING)
class MessageSkipped(PublishedMessage):
    """Refused by the gate, or expired: `reason` says why."""


@event("message.held.v1", by="messaging", key="message_id", lane=Lane.MARKETING)
class MessageHeld(PublishedMessage):
    pass


@event("message.unknown.v1", by="messaging", key="message_id", lane=Lane.MARKETING)
class MessageUnknown(PublishedMessage):
    """The provider may or may not have it; it is reconciled, never sent again blindly."""


MESSAGE_EVENTS = names_of(PublishedMessage)


@named_row
class PublishedReceipt:
    """What is known of a sent message from its provider, from the guest's mail server or from a mail that came back.

    `version` counts what was published of this message's receipt. `occurred_at`: when it happened, as they say.
    """

    message_id: UUID
    version: int
    guest_id: UUID
    journey: str
    journey_version: int
    step: str
    occurrence: str
    purpose: str
    property: str | None
    stay_id: UUID | None
    channel: str
    reason: str | None  # shared.vocabulary.reason
    occurred_at: datetime


@event("message.delivered.v1", by="messaging", key="message_id", lane=Lane.MARKETING)
class MessageDelivered(PublishedReceipt):
    """A text message is on the guest's telephone; an e-mail was taken by the guest's mail server, and may still come
    back."""


@event("message.bounced.v1", by="messaging", key="message_id", lane=Lane.MARKETING)
class MessageBounced(PublishedReceipt):
    """It did not reach the guest: `reason` says why."""


@event("message.complained.v1", by="messaging", key="message_id", lane=Lane.MARKETING)
class MessageComplained(PublishedReceipt):
    """The guest pressed «this is spam»: nothing of its kind is sent there again."""


RECEIPT_EVENTS = names_of(PublishedReceipt)


@event("message.clicked.v1", by="messaging", key=("message_id", "link"), lane=Lane.MARKETING)
class MessageClicked:
    """The guest opened a link of a message: published once a message and link, at the first time that counts. What
    scanners and previews ask for does not count. `link`: its number in the message; `target`: as it was published."""

    message_id: UUID
    link: int
    version: int
    guest_id: UUID
    journey: str
    journey_version: int
    step: str
    occurrence: str
    purpose: str
    property: str | None
    stay_id: UUID | None
    channel: str
    target: str
    occurred_at: datetime


@event("consent.changed.v1", by="messaging", key=("guest_id", "channel", "purpose"))
class ConsentChanged:
    """What a guest allows on one channel for one purpose, as the ledger has it now."""

    guest_id: UUID
    channel: str
    purpose: str
    version: int
    state: str  # express | existing_customer | unknown | never_asked | refused | withdrawn
    source: str
    changed_at: datetime


@event("point.refused.v1", by="messaging", key=("channel", "point"))
class PointRefused:
    """A provider said for good that nobody is reached at a contact point; or, `refused` false, a person said that it is
    right after all. `point`: its blind index. `version` counts the changes of this point.
    """

    channel: str
    point: str
    version: int
    refused: bool
    occurred_at: datetime


@event("notice.settled.v1", by="messaging", key="notice_id")
class NoticeSettled:
    """What became of a notice to a colleague: sent, failed or unknown."""

    notice_id: UUID
    version: int
    kind: NoticeKind
    channel: Channel
    state: NoticeState
    reason: NoticeReason | None
    occurred_at: datetime


@event("test.requested.v1", by="messaging", key="test_id")
class TestRequested:
    """A colleague sends themselves a test of a template. Who holds their address asks for the notice of this number:
    console for mail, feedback for a telephone."""

    test_id: UUID
    version: int
    person_id: UUID
    channel: Channel
    useful_until: datetime
    occurred_at: datetime


@event("senders.changed.v1", by="messaging", key="channel")
class SendersChanged:
    """Whether notices really leave on a channel. Until it is published nobody counts on it."""

    channel: Channel
    version: int
    is_real: bool
    occurred_at: datetime


@event("sender.counted.v1", by="messaging", key=("sender", "purpose", "day"), lane=Lane.MARKETING)
class SenderCounted:
    """What a sender sent for a purpose on a day, and what came back or was reported as spam on it. `sender`: the number
    of one of the house's own, or the channel of the environment's, which has no `name`. `version` grows with the
    instant of the count."""

    sender: str
    purpose: str
    day: date  # UTC
    version: int
    name: str
    channel: Channel
    sent: int
    bounced: int
    complained: int
    counted_at: datetime


@event("receiver.changed.v1", by="messaging", key="sender_id")
class ReceiverChanged:
    """By which account at a provider guests write to us, and what it signs that with, sealed for `receiver`. `ends_at`:
    the sender was deleted; until then what it posts is believed."""

    sender_id: UUID
    version: int
    account: str
    token: str
    ends_at: datetime | None
    occurred_at: datetime


@event("audience.wanted.v1", by="messaging", key="segment", lane=Lane.MARKETING)
class AudienceWanted:
    """A published template shows blocks by this segment, or none does any more. Where it is wanted, segments answers
    with the list of its members (audience.listed) and publishes every change of it."""

    segment: str
    version: int  # of this word about the segment
    wanted: bool
    occurred_at: datetime


@event("offer.given.v1", by="messaging", key=("guest_id", "offer"), lane=Lane.MARKETING)
class OfferGiven:
    """A message that goes to a guest makes them an offer: one code a guest and offer, whatever is sent later.
    `property`: the hotel the message is about."""

    guest_id: UUID
    offer: str
    version: int
    kind: OfferKind
    property: str | None
    occurred_at: datetime


@named_row
class OfferUsed:
    """A code was used in a hotel. `guest_id`: None where nobody knows whose it was; `stay_id`: where the stay is told.
    `amount`: what the guest spent or was spared, as the hotel tells it. `occurred_at`: not after the end of that day.
    """

    redemption_id: UUID
    version: int
    offer: str
    guest_id: UUID | None
    stay_id: UUID | None
    property: str
    amount: str | None  # as decimals
    currency: str | None
    redeemed_on: date
    source: RedeemedBy
    occurred_at: datetime


@event("offer.redeemed.v1", by="messaging", key="redemption_id")
class OfferRedeemed(OfferUsed):
    """The guest used the offer."""


@event("offer.referred.v1", by="messaging", key="redemption_id")
class OfferReferred(OfferUsed):
    """A friend used the code of the guest, who brought them. Nothing is kept of the friend."""


OFFER_USES = names_of(OfferUsed)
