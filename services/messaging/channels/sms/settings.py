"""The Twilio accounts that the settings and the house name. Where none is, no text message is really sent."""

from __future__ import annotations

from collections.abc import Mapping

from services.messaging.channels.twilio.sender import TwilioSender
from services.messaging.channels.twilio.settings import account_settings, house_account_settings
from services.messaging.rules.senders import HouseSender
from shared.settings import providers


def twilio_account(environment: Mapping[str, str]) -> TwilioSender | None:
    is_chosen = providers.SMS.read(environment) == "twilio"
    return TwilioSender(account_settings(environment, providers.TWILIO_SENDER)) if is_chosen else None


def house_twilio_account(row: HouseSender, secret: str, environment: Mapping[str, str]) -> TwilioSender:
    """Raises KeyError where a row of an earlier version is not what it must be."""
    return TwilioSender(house_account_settings(row, secret, environment))
