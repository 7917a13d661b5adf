"""Which sender serves which channel, read once from the environment. Where nothing is set, nothing leaves the house.

| variable | meaning |
|---|---|
| `GUESTLOOP_EMAIL` | `sandbox` (default) or `smtp` |
| `GUESTLOOP_SMTP_HOST`, `_PORT` (587), `_USER`, `_PASSWORD` | the mail server |
| `GUESTLOOP_SMTP_SECURITY` | `starttls` (default), `tls` or `none` |
| `GUESTLOOP_MAIL_FROM`, `_REPLY_TO`, `_BOUNCES` | addresses: from whom, answers to, returned mail to |
| `GUESTLOOP_SMS` | `sandbox` (default) or `twilio` |
| `GUESTLOOP_TWILIO_ACCOUNT`, `_TOKEN`, `_SENDER` | the account, and its number or messaging service |
| `GUESTLOOP_TWILIO_CALLBACK` | where Twilio tells what became of a message |
| `GUESTLOOP_TWILIO_ADDRESS` | where its interface is, if not at https://api.twilio.com |
"""

from __future__ import annotations

from collections.abc import Mapping

from services.messaging.senders import Ledger, Sender
from services.messaging.senders.dialogue import SECURITIES, SmtpSettings
from services.messaging.senders.keeping import KeepingSender
from services.messaging.senders.mime import MailSettings, UnsafeAddress, address
from services.messaging.senders.sandbox import SandboxSender
from services.messaging.senders.smtp import SmtpSender
from services.messaging.senders.twilio import TWILIO, TwilioSender, TwilioSettings
from shared.database.pool import Database
from shared.errors import SettingError
from shared.settings import address_of, needed

Environment = Mapping[str, str]


def chosen_senders(environment: Environment, database: Database) -> dict[str, Sender]:
    """A sender a channel. SettingError names the variable that is missing or malformed."""
    sandbox = SandboxSender(database)
    smtp = _one_of(environment, "GUESTLOOP_EMAIL", ("sandbox", "smtp")) == "smtp"
    twilio = _one_of(environment, "GUESTLOOP_SMS", ("sandbox", "twilio")) == "twilio"
    return {
        "email": KeepingSender(database, SmtpSender(_smtp(environment))) if smtp else sandbox,
        "sms": KeepingSender(database, TwilioSender(_twilio(environment))) if twilio else sandbox,
    }


def ledgers_of(senders: Mapping[str, Sender]) -> dict[str, Ledger]:
    """By channel, the providers that can be asked what they took."""
    found = {channel: one.sender if isinstance(one, KeepingSender) else one for channel, one in senders.items()}
    return {channel: one for channel, one in found.items() if isinstance(one, Ledger)}


def _smtp(environment: Environment) -> SmtpSettings:
    from_address = _address("GUESTLOOP_MAIL_FROM", needed(environment, "GUESTLOOP_MAIL_FROM"))
    optional = {
        name: _address(variable, environment.get(variable, "").strip())
        for name, variable in (("reply_to", "GUESTLOOP_MAIL_REPLY_TO"), ("bounces", "GUESTLOOP_MAIL_BOUNCES"))
    }
    return SmtpSettings(
        host=needed(environment, "GUESTLOOP_SMTP_HOST"),
        port=_port(environment, "GUESTLOOP_SMTP_PORT", 587),
        mail=MailSettings(from_address, from_address.rpartition("@")[2], **optional),
        user=environment.get("GUESTLOOP_SMTP_USER", "").strip(),
        password=environment.get("GUESTLOOP_SMTP_PASSWORD", ""),
        security=_one_of(environment, "GUESTLOOP_SMTP_SECURITY", SECURITIES),
    )


def _twilio(environment: Environment) -> TwilioSettings:
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


def _one_of(environment: Environment, name: str, choices: tuple[str, ...]) -> str:
    """The choice made, the first where none is."""
    chosen = environment.get(name, "").strip() or choices[0]
    if chosen not in choices:
        raise SettingError(f"{name} must be {' or '.join(choices)}")
    return chosen


def _address(name: str, text: str) -> str:
    try:
        return address(text) if text else ""
    except UnsafeAddress as error:
        raise SettingError(f"{name} is no e-mail address") from error


def _port(environment: Environment, name: str, default: int) -> int:
    text = environment.get(name, "").strip() or str(default)
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise SettingError(f"{name} must be a port, 1 to 65535")
    return int(text)
