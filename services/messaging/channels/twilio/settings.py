"""The Twilio account that the settings name, for whichever of our numbers or messaging services."""

from __future__ import annotations

from collections.abc import Mapping

from services.messaging.channels.twilio.sender import TwilioSettings
from shared.settings import providers
from shared.settings.installation import OUTGOING_NETWORKS, origin_of
from shared.settings.setting import Setting

Environment = Mapping[str, str]
OUR_DOOR = "/messaging/twilio/status#rc=3&rp=all"


def account_settings(environment: Environment, sender: Setting[str]) -> TwilioSettings:
    """SettingError names the variable that is missing."""
    return TwilioSettings(
        account=providers.TWILIO_ACCOUNT.needed(environment),
        token=providers.TWILIO_TOKEN.needed(environment),
        sender=sender.needed(environment),
        callback=providers.TWILIO_CALLBACK.read(environment) or _our_own(environment),
        address=providers.TWILIO_ADDRESS.read(environment),
        connections=providers.TWILIO_CONNECTIONS.read(environment),
        networks=OUTGOING_NETWORKS.read(environment),
    )


def _our_own(environment: Environment) -> str:
    """Where receipts come in by themselves: Twilio reports to public addresses only."""
    origin = origin_of(environment)
    return origin + OUR_DOOR if origin.startswith("https://") else ""
