"""The mail server, read once from the environment. Where nothing is set, no e-mail is really sent.

| variable | meaning |
|---|---|
| `GUESTLOOP_EMAIL` | `sandbox` (default) or `smtp` |
| `GUESTLOOP_SMTP_HOST`, `_PORT` (587), `_USER`, `_PASSWORD` | the mail server |
| `GUESTLOOP_SMTP_SECURITY` | `starttls` (default), `tls` or `none` |
| `GUESTLOOP_MAIL_FROM`, `_REPLY_TO`, `_BOUNCES` | addresses: from whom, answers to, returned mail to |
"""

from __future__ import annotations

from collections.abc import Mapping

from services.messaging.channels.choice import one_of
from services.messaging.channels.email.dialogue import SECURITIES, SmtpSettings
from services.messaging.channels.email.mime import MailSettings, UnsafeAddress, address
from services.messaging.channels.email.smtp import SmtpSender
from shared.errors import SettingError
from shared.settings import needed

Environment = Mapping[str, str]


def mail_server(environment: Environment) -> SmtpSender | None:
    chosen = one_of(environment, "GUESTLOOP_EMAIL", ("sandbox", "smtp"))
    return SmtpSender(_settings(environment)) if chosen == "smtp" else None


def _settings(environment: Environment) -> SmtpSettings:
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
        security=one_of(environment, "GUESTLOOP_SMTP_SECURITY", SECURITIES),
    )


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
