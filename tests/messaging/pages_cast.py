"""A house with guests of two hotels, messages of every outcome, and somebody who looks at them."""

from __future__ import annotations

from datetime import timedelta

from services.messaging.channels.sandbox import SandboxSender
from services.messaging.config import Config
from services.messaging.service import SERVICE
from shared.database.pool import Database
from shared.vocabulary.consent import ClaimedConsent
from tests.cast import ADDRESS, ANA, BEN, CARLA, NOW, Member
from tests.messaging.hotel import Hotel, birthday, claim, email, guest, lisbon, mobile, stay, survey
from tests.web import Browser, browser

DUE = NOW - timedelta(hours=2)
SENT, REFUSED, SHANGHAI = birthday(ANA, due_at=DUE), birthday(BEN, due_at=DUE), birthday(CARLA, due_at=DUE)
WAITING = survey("LIS-000001", ANA, due_at=DUE + timedelta(hours=11), channels=["email"])


def house(database: Database) -> Hotel:
    """Ana of Lisbon got the mail, Ben never agreed, Carla belongs to Shanghai."""
    hotel = Hotel(database, SandboxSender(database))
    points = [email(hotel.keyring, ADDRESS), mobile(hotel.keyring, "+351920000657")]
    hotel.hears(
        lisbon(),
        lisbon(code="SHA", name="Riverside House", zone="Asia/Shanghai", country="CN"),
        guest(ANA, points=points),
        guest(
            BEN,
            given_name="Ben",
            points=[email(hotel.keyring, "ben@example.com")],
            consents=[claim("email", ClaimedConsent.NEVER_ASKED)],
        ),
        guest(CARLA, given_name="Carla", home_property="SHA", points=[email(hotel.keyring, "carla@example.com")]),
        stay("LIS-000001", checked_out_at=DUE),
        SENT,
        REFUSED,
        SHANGHAI,
    )
    hotel.runs(DUE)
    return hotel


def looking(hotel: Hotel, who: Member | None) -> Browser:
    return browser(SERVICE.build_web, Config(), hotel.database, who)
