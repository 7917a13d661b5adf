"""Feedback at work on a real database: those who speak to it, and when."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from services.feedback.consumer import SUBSCRIPTIONS
from shared.crypto.purposes import Sealing
from shared.crypto.sealing import KeyRing
from shared.database.pool import Tx
from shared.events import Chunk, chunk_of
from shared.events.console import PropertyChanged
from shared.events.contact import ContactPoint
from shared.events.messaging import MessageSent, MessageSkipped, PublishedMessage
from shared.events.segments.guests import GuestChanged, GuestErased
from shared.ids import make_id
from shared.vocabulary.contact_point import PointClass
from tests.cast import ADDRESS, ANA
from tests.conftest import KEYS
from tests.harness import ServiceHarness

AT = datetime(2016, 3, 2, 10, tzinfo=UTC)
STAY = make_id("stay", "LIS-1")
NUMBER = "+351910000001"
SEGMENTS = KeyRing.parse(KEYS).held_by("segments")  # feedback has no key to an address


class Feedback(ServiceHarness):
    subscriptions = SUBSCRIPTIONS

    def hear(self, chunk: Chunk) -> None:
        self.hear_at(AT, chunk)

    @contextmanager
    def tx(self) -> Iterator[Tx]:
        with self.database.transaction() as tx:
            yield tx

    def point(self, channel: str, address: str) -> str:
        return self.database.keyring.index(channel, address)

    def knows(
        self, guest: UUID, version: int = 1, *, address: str = ADDRESS, number: str = NUMBER, language: str = "pt"
    ) -> None:
        points = [
            ContactPoint(
                channel=channel,
                point=self.point(channel, text),
                address=SEGMENTS.seal(text, Sealing.CONTACT),
                kind=PointClass.PERSONAL,
            )
            for channel, text in (("email", address), ("sms", number))
        ]
        self.hear(
            chunk_of(
                [
                    GuestChanged(
                        guest_id=guest,
                        version=version,
                        title=None,
                        given_name="Ana",
                        family_name="Silva",
                        birth_date=None,
                        language=language,
                        country="PT",
                        home_zone="Europe/Lisbon",
                        home_property="LIS",
                        tier=None,
                        tags=[],
                        points=points,
                        consents=[],
                        do_not_contact=None,
                        occurred_at=AT,
                    )
                ]
            )
        )

    def sent(
        self,
        what: str,
        *,
        guest: UUID = ANA,
        purpose: str = "feedback",
        channel: str = "sms",
        stay: UUID | None = None,
        at: datetime = AT,
    ) -> UUID:
        """About a stay of its own, where none is named."""
        message_id = make_id("message", what)
        sent = state(MessageSent, message_id, guest, purpose, channel, "sent")
        self.hear(chunk_of([replace(sent, stay_id=stay or make_id("stay", what), occurred_at=at)]))
        return message_id

    def erased(self, guest: UUID, version: int) -> None:
        self.hear(chunk_of([GuestErased(guest_id=guest, version=version, occurred_at=AT)]))

    def property_says(self, threshold: int, version: int = 1, **brand: Any) -> None:
        self.hear(
            chunk_of(
                [
                    PropertyChanged(
                        code="LIS",
                        version=version,
                        name="Lisbon",
                        zone="Europe/Lisbon",
                        country="PT",
                        legal_entity="Hotels, Lda.",
                        postal_address="Rua 1, Lisboa",
                        contact="desk@example.com",
                        told_of_survey=True,
                        survey_threshold=threshold,
                        occurred_at=AT,
                        **brand,
                    )
                ]
            )
        )


def state(
    kind: type[MessageSent | MessageSkipped], message_id: UUID, guest: UUID, purpose: str, channel: str | None, is_: str
) -> PublishedMessage:
    return kind(
        message_id=message_id,
        version=3,
        guest_id=guest,
        journey="post-stay-survey",
        journey_version=1,
        step="send",
        occurrence="stay:LIS-1",
        purpose=purpose,
        property="LIS",
        stay_id=STAY,
        channel=channel,
        state=is_,
        reason=None if is_ == "sent" else "no_consent",
        held_until=None,
        occurred_at=AT,
    )
