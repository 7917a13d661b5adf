"""The Twilio account that the settings name. Where none is set, no WhatsApp message is really sent."""

from __future__ import annotations

from collections.abc import Mapping

from services.messaging.channels.twilio.settings import account_settings
from services.messaging.channels.whatsapp.sender import WhatsAppSender
from shared.settings import providers


def whatsapp_account(environment: Mapping[str, str]) -> WhatsAppSender | None:
    is_chosen = providers.WHATSAPP.read(environment) == "twilio"
    return WhatsAppSender(account_settings(environment, providers.TWILIO_WHATSAPP_FROM)) if is_chosen else None
