"""The Twilio account, read once from the environment. Where nothing is set, no text message is really sent.

| variable | meaning |
|---|---|
| `GUESTLOOP_SMS` | `sandbox` (default) or `twilio` |
| `GUESTLOOP_TWILIO_ACCOUNT`, `_TOKEN`, `_SENDER` | the account, and its number or messaging service |
| `GUESTLOOP_TWILIO_CALLBACK` | where Twilio reports what became of a message |
| `GUESTLOOP_TWILIO_ADDRESS` | where its interface is, if not at https://api.twilio.com |
"""

from __future__ import annotations

from collections.abc import Mapping

from services.messaging.channels.choice import one_of
from services.messaging.channels.sms.twilio import TWILIO, TwilioSender, TwilioSettings
from shared.errors import SettingError
from shared.settings import address_of, needed

Environment = Mapping[str, str]


def twilio_account(environment: Environment) -> TwilioSender | None:
    chosen = one_of(environment, "GUESTLOOP_SMS", ("sandbox", "twilio"))
    return TwilioSender(_settings(environment)) if chosen == "twilio" else None


def _settings(environment: Environment) -> TwilioSettings:
    callback = environment.get("GUESTLOOP_TWILIO_CALLBACK", "").strip()
    if callback and not callback.startswith("https://"):
        raise SettingError("GUESTLOOP_TWILIO_CALLBACK must be an https:// URL")
    return TwilioSettings(
        account=needed(environment, "GUESTLOOP_TWILIO_ACCOUNT"),
        token=needed(environment, "GUESTLOOP_TWILIO_TOKEN"),
        sender=needed(environment, "GUESTLOOP_TWILIO_SENDER"),
        callback=callback,
        address=address_of(environment, "GUESTLOOP_TWILIO_ADDRESS", TWILIO),
    )
