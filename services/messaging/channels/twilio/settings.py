"""The Twilio account that the settings or the house name, for whichever of our numbers or messaging services."""

from __future__ import annotations

from collections.abc import Mapping

from services.messaging.channels.twilio.sender import TwilioSettings
from services.messaging.rules.senders import HouseSender
from shared.settings import providers
from shared.settings.installation import OUTGOING_NETWORKS, origin_of
from shared.settings.setting import Setting

Environment = Mapping[str, str]
OUR_DOOR = "/messaging/twilio/status#rc=3&rp=all"


def account_settings(environment: Environment, sender: Setting[str]) -> TwilioSettings:
    """SettingError names the variable that is missing."""
    account, token = providers.TWILIO_ACCOUNT.needed(environment), providers.TWILIO_TOKEN.needed(environment)
    return _shared(environment, account, token, sender.needed(environment))


def house_account_settings(row: HouseSender, secret: str, environment: Environment) -> TwilioSettings:
    """Raises KeyError where a row of an earlier version is not what it must be."""
    return _shared(environment, row.settings["account"], secret, row.settings["sender"])


def _shared(environment: Environment, account: str, token: str, sender: str) -> TwilioSettings:
    return TwilioSettings(
        account=account,
        token=token,
        sender=sender,
        callback=providers.TWILIO_CALLBACK.read(environment) or _our_own(environment),
        address=providers.TWILIO_ADDRESS.read(environment),
        connections=providers.TWILIO_CONNECTIONS.read(environment),
        networks=OUTGOING_NETWORKS.read(environment),
    )


def _our_own(environment: Environment) -> str:
    """Where receipts come in by themselves: Twilio reports to public addresses only."""
    origin = origin_of(environment)
    return origin + OUR_DOOR if origin.startswith("https://") else ""
