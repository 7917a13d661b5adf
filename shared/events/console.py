"""What console publishes: properties and who may do what; and what others publish too: the audit trail, notices."""

from __future__ import annotations

from dataclasses import field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from shared.crypto.sealing import Sealed
from shared.events.dictionary import Lane, event
from shared.vocabulary.channel import Channel
from shared.vocabulary.notice import NoticeKind
from shared.vocabulary.role import Role

EVERY_SERVICE = ("segments", "campaigns", "messaging", "feedback", "console")


@event("property.changed.v1", by="console", key="code")
class PropertyChanged:
    """A property's full public state. `told_of_survey`: its guests were told that they will be asked how it was.

    `currency`: what the hotel is paid in, ISO 4217; None: not said yet. `names`: by language of guests, where it is
    called otherwise; `colour`: #rrggbb, dark enough to be read on white; `logo`: console shows it at /brand/<logo>.
    `check_in`: from when rooms are ready, as 15:00; `booking_url`: {arrival}, {departure}, {code} and {language} stand
    in it for what they say. Each of the four last is empty where the hotel did not say it.
    """

    code: str
    version: int
    name: str
    zone: str
    country: str  # ISO 3166 alpha-2
    legal_entity: str
    postal_address: str
    contact: str
    told_of_survey: bool
    survey_threshold: int  # a score at or below it opens a follow-up
    occurred_at: datetime
    currency: str | None = None
    names: dict[str, Any] = field(default_factory=dict)
    colour: str | None = None
    logo: str | None = None
    phone: str = ""
    check_in: str = ""
    map_url: str = ""
    booking_url: str = ""


@event("access.changed.v1", by="console", key="person_id")
class AccessChanged:
    """What a person, or a program with an API key, may do. `secret_hash`: of an API key, SHA-256 in hex.

    `sessions_ended`: how often all sessions of this person were ended; one begun before the last time is over.
    """

    person_id: UUID
    version: int
    name: str
    role: Role | None  # None: no access any more
    properties: list[str]  # empty: all
    language: str | None
    secret_hash: str | None
    occurred_at: datetime
    sessions_ended: int = 0
    grants: list[str] = field(default_factory=list)  # of `Grant`, what a key lets its program do
    expires_at: datetime | None = None  # from when on a key opens nothing


@event("session.ended.v1", by="console", key="session_id")
class SessionEnded:
    """A session was ended before its time: a copy of its cookie opens nothing any more.

    `ends_at`: when it would have ended by itself; until then every service keeps its number.
    """

    session_id: UUID
    person_id: UUID
    version: int
    ends_at: datetime
    occurred_at: datetime


@event("access.heartbeat.v1", by="console", key="publisher")
class AccessHeartbeat:
    """Whatever console published of access before it has been handed on: a service that hears none for a while may know
    too little of whose access has ended.
    """

    publisher: str
    version: int  # whole seconds since 1970, by the publisher's clock: nobody measures by it
    occurred_at: datetime


@event("key.used.v1", by=EVERY_SERVICE, key=("key_id", "service"))
class KeyUsed:
    """A program came with its key; published once an hour at most. `version`: whole seconds since 1970."""

    key_id: UUID
    service: str
    version: int
    used_at: datetime


@event("webhook.changed.v1", by="console", key="webhook_id")
class WebhookChanged:
    """Which events a webhook wants to be told of. Where it is and how it is signed stays with console."""

    webhook_id: UUID
    version: int
    types: list[str]  # empty: it has ended
    occurred_at: datetime


@event("webhook.due.v1", by=EVERY_SERVICE, key="event_id", lane=Lane.MARKETING)
class WebhookDue:
    """Something was published that a webhook wants. `data`: what may be told of it outside, as JSON.

    `subject`: whom or what it is about; `place`: its place among all that its service published.
    """

    event_id: UUID
    version: int
    service: str
    type: str
    subject: str
    place: int
    guest_id: UUID | None
    property: str | None
    data: dict[str, Any]
    occurred_at: datetime


@event("audit.recorded.v1", by=EVERY_SERVICE, key="audit_id")
class AuditRecorded:
    """Who did what. `role` and `hotels`: the actor's at that time, so that a guest can be told who looked without a
    name; None where it was nobody of the house, or not recorded yet. No hotels: all of them.
    """

    audit_id: UUID
    version: int
    service: str
    actor: str
    action: str
    subject: str
    details: dict[str, Any]
    recorded_at: datetime
    role: Role | None = None
    hotels: list[str] | None = None


@event("guest.forgotten.v1", by=EVERY_SERVICE, key=("guest_id", "service"))
class GuestForgotten:
    """A service has erased what it knew of a guest. `rows`: how many rows of which table; empty, it knew nothing."""

    guest_id: UUID
    service: str
    version: int
    forgotten_at: datetime
    rows: dict[str, Any] = field(default_factory=dict)


@event("warning.raised.v1", by="console", key="warning_id")
class WarningRaised:
    """A figure of a hotel has left its usual course; told once, until it was as usual again. `part` over `whole` is
    `value`, where `centre` is usual and chance ends at `border`. `day`: the last one that was judged. `calls_duty`:
    whether the house wants its duty list told by text message."""

    warning_id: UUID
    version: int
    signal: str  # shared.vocabulary.signal
    property: str  # empty: of no one hotel
    day: date
    value: str  # a decimal number, as the next two
    centre: str
    border: str
    part: int
    whole: int
    calls_duty: bool
    occurred_at: datetime
    about: str = ""  # the sender and purpose, or the source, that it is of; empty: the hotel itself


@event("notice.requested.v1", by=("console", "feedback"), key="notice_id")
class NoticeRequested:
    """A mail or a text message to a colleague: no consent, quiet hours or caps stand before it.

    `link`: the id behind a secret link; the link itself is made where the notice is sent and travels nowhere. `page`: a
    path of ours that the notice leads to. `details`: what its wording names. `useful_until`: nothing is sent after it.
    `body`: a whole mail that takes the place of the wording (`shared/vocabulary/mail_body.py`).
    """

    notice_id: UUID
    version: int
    kind: NoticeKind
    channel: Channel
    address: Sealed
    language: str | None
    link: UUID | None
    page: str | None
    details: dict[str, Any]
    useful_until: datetime
    occurred_at: datetime
    body: Sealed | None = None


@event("guest.file_part.v1", by=EVERY_SERVICE, key=("file_id", "service", "place"), lane=Lane.MARKETING)
class GuestFilePart:
    """A piece of what a service holds of a guest, for the guest's file. `pieces`: how many the service's part has."""

    file_id: UUID
    guest_id: UUID
    service: str
    place: int
    version: int
    pieces: int
    body: Sealed
    made_at: datetime


@event("retention.changed.v1", by="console", key=("kept", "country"))
class RetentionChanged:
    """How long a kind of data is kept, as the hotel set it: days or months; neither, the default again."""

    kept: str  # `shared.vocabulary.personal_data.Kept`
    country: str  # ISO 3166 alpha-2, of the guest; empty: all
    version: int
    days: int | None
    months: int | None
    occurred_at: datetime


@event("retention.counted.v1", by=EVERY_SERVICE, key=("service", "subject"), lane=Lane.MARKETING)
class RetentionCounted:
    """What a service's last night dropped of one of its tables, and how many the next one will. `version` grows with
    the instant of the count.
    """

    service: str
    subject: str
    version: int
    kept: str
    night: date  # the next one
    due: int
    dropped: int
    counted_at: datetime
