"""Which sender serves which channel."""

from __future__ import annotations

import pytest

from services.messaging.channels.keeping import KeepingSender
from services.messaging.channels.registry import chosen_senders
from services.messaging.channels.sandbox import SandboxSender
from shared.crypto.sealing import KeyRing
from shared.database.pool import Database
from shared.errors import SettingError

SMTP = {
    "GUESTLOOP_EMAIL": "smtp",
    "GUESTLOOP_SMTP_HOST": "mail.alfama.example",
    "GUESTLOOP_MAIL_FROM": "a@alfama.example",
}
TWILIO = {
    "GUESTLOOP_SMS": "twilio",
    "GUESTLOOP_TWILIO_ACCOUNT": "AC" + "0" * 32,
    "GUESTLOOP_TWILIO_TOKEN": "token",
    "GUESTLOOP_TWILIO_SENDER": "+15005550006",
}


@pytest.fixture
def database(keyring: KeyRing) -> Database:
    return Database("", service="messaging", keyring=keyring)  # choosing a sender opens no connection


def test_nothing_leaves_the_house_where_nothing_is_set(database: Database) -> None:
    senders = chosen_senders({}, database)
    assert isinstance(senders["email"], SandboxSender) and senders["email"] is senders["sms"]


def test_each_channel_has_the_sender_that_is_set(database: Database) -> None:
    senders = chosen_senders(SMTP | TWILIO, database)
    assert {channel: senders[channel].name for channel in ("email", "sms")} == {"email": "smtp", "sms": "twilio"}
    assert all(isinstance(senders[channel], KeepingSender) for channel in ("email", "sms"))  # to be read later


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"GUESTLOOP_EMAIL": "pigeon"}, "GUESTLOOP_EMAIL"),
        (SMTP | {"GUESTLOOP_SMTP_HOST": ""}, "GUESTLOOP_SMTP_HOST"),
        (SMTP | {"GUESTLOOP_SMTP_PORT": "mail"}, "GUESTLOOP_SMTP_PORT"),
        (SMTP | {"GUESTLOOP_SMTP_SECURITY": "maybe"}, "GUESTLOOP_SMTP_SECURITY"),
        (SMTP | {"GUESTLOOP_MAIL_FROM": "nobody"}, "GUESTLOOP_MAIL_FROM"),
        (SMTP | {"GUESTLOOP_MAIL_BOUNCES": "a b@alfama.example"}, "GUESTLOOP_MAIL_BOUNCES"),
        (TWILIO | {"GUESTLOOP_TWILIO_TOKEN": " "}, "GUESTLOOP_TWILIO_TOKEN"),
        (TWILIO | {"GUESTLOOP_TWILIO_CALLBACK": "http://alfama.example"}, "GUESTLOOP_TWILIO_CALLBACK"),
    ],
)
def test_a_setting_that_is_missing_or_malformed_is_named(database: Database, given: dict[str, str], name: str) -> None:
    with pytest.raises(SettingError, match=name):
        chosen_senders(given, database)
