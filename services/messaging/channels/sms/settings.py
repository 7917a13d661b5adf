"""The Twilio account that the settings name, and those that the house set up itself."""

from __future__ import annotations

from collections.abc import Mapping

from services.messaging.channels.sms.twilio import TwilioSender, TwilioSettings
from services.messaging.rules.senders import HouseSender
from shared.settings import providers
from shared.settings.installation import OUTGOING_NETWORKS, origin_of

Environment = Mapping[str, str]


def twilio_account(environment: Environment) -> TwilioSender | None:
    return TwilioSender(_settings(environment)) if providers.SMS.read(environment) == "twilio" else None


def house_twilio_account(row: HouseSender, secret: str, environment: Environment) -> TwilioSender:
    """Raises KeyError where a row of an earlier version is not what it must be."""
    return TwilioSender(
        TwilioSettings(
            account=row.settings["account"],
            token=secret,
            sender=row.settings["sender"],
            callback=providers.TWILIO_CALLBACK.read(environment) or _our_own(environment),
            address=providers.TWILIO_ADDRESS.read(environment),
            connections=providers.TWILIO_CONNECTIONS.read(environment),
            networks=OUTGOING_NETWORKS.read(environment),
        )
    )


OUR_DOOR = "/messaging/twilio/status#rc=3&rp=all"


def _our_own(environment: Environment) -> str:
    """Where receipts come in by themselves: Twilio reports to public addresses only."""
    origin = origin_of(environment)
    return origin + OUR_DOOR if origin.startswith("https://") else ""


def _settings(environment: Environment) -> TwilioSettings:
    return TwilioSettings(
        account=providers.TWILIO_ACCOUNT.needed(environment),
        token=providers.TWILIO_TOKEN.needed(environment),
        sender=providers.TWILIO_SENDER.needed(environment),
        callback=providers.TWILIO_CALLBACK.read(environment) or _our_own(environment),
        address=providers.TWILIO_ADDRESS.read(environment),
        connections=providers.TWILIO_CONNECTIONS.read(environment),
        networks=OUTGOING_NETWORKS.read(environment),
    )
