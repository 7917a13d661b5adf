"""The Twilio account that the settings name. Where none is set, no WhatsApp message is really sent."""

from __future__ import annotations

from collections.abc import Mapping

from services.messaging.channels.twilio.settings import account_settings, house_account_settings
from services.messaging.channels.whatsapp.sender import WhatsAppSender
from services.messaging.rules.senders import HouseSender
from shared.settings import providers


def whatsapp_account(environment: Mapping[str, str]) -> WhatsAppSender | None:
    is_chosen = providers.WHATSAPP.read(environment) == "twilio"
    return WhatsAppSender(account_settings(environment, providers.TWILIO_WHATSAPP_FROM)) if is_chosen else None


def house_whatsapp_account(row: HouseSender, secret: str, environment: Mapping[str, str]) -> WhatsAppSender:
    """Raises KeyError where a row of an earlier version is not what it must be."""
    return WhatsAppSender(house_account_settings(row, secret, environment))
