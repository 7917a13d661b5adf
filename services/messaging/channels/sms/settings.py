"""The Twilio account that the settings name. Where none is set, no text message is really sent."""

from __future__ import annotations

from collections.abc import Mapping

from services.messaging.channels.twilio.sender import TwilioSender
from services.messaging.channels.twilio.settings import account_settings
from shared.settings import providers


def twilio_account(environment: Mapping[str, str]) -> TwilioSender | None:
    is_chosen = providers.SMS.read(environment) == "twilio"
    return TwilioSender(account_settings(environment, providers.TWILIO_SENDER)) if is_chosen else None
