"""The mail server that the settings name, and those that the house set up itself."""

from __future__ import annotations

from collections.abc import Mapping

from services.messaging.channels.email.dialogue import SmtpSettings
from services.messaging.channels.email.mime import MailSettings, UnsafeAddress, address
from services.messaging.channels.email.smtp import SmtpSender
from services.messaging.rules.senders import HouseSender
from shared.errors import SettingError
from shared.outgoing.reach import Reach
from shared.settings import providers
from shared.settings.installation import OUTGOING_NETWORKS
from shared.settings.setting import Setting

Environment = Mapping[str, str]


def mail_server(environment: Environment) -> SmtpSender | None:
    return SmtpSender(_settings(environment)) if providers.EMAIL.read(environment) == "smtp" else None


def house_mail_server(row: HouseSender, secret: str, environment: Environment) -> SmtpSender:
    """Mail comes back to this installation where the environment says so, else to the address it is from. Raises
    ValueError, KeyError or `UnsafeAddress` where a row of an earlier version is not what it must be."""
    from_address, given = address(row.from_address), row.settings
    return SmtpSender(
        SmtpSettings(
            host=given["host"],
            port=int(given["port"]),
            mail=MailSettings(
                from_address,
                from_address.rpartition("@")[2],
                reply_to=address(row.reply_to) if row.reply_to else "",
                back=providers.MAIL_BACK.read(environment),
                tag=_tag(given["host"]),
            ),
            user=given["user"],
            password=secret,
            security=given["security"],
            connections=providers.SMTP_CONNECTIONS.read(environment),
            reach=Reach(OUTGOING_NETWORKS.read(environment)),
        )
    )


def _settings(environment: Environment) -> SmtpSettings:
    providers.MAIL_FROM.needed(environment)
    from_address = _address(providers.MAIL_FROM, environment)
    host = providers.SMTP_HOST.needed(environment)
    return SmtpSettings(
        host=host,
        port=providers.SMTP_PORT.read(environment),
        mail=MailSettings(
            from_address,
            from_address.rpartition("@")[2],
            reply_to=_address(providers.MAIL_REPLY_TO, environment),
            bounces=_address(providers.MAIL_BOUNCES, environment),
            back=providers.MAIL_BACK.read(environment),
            tag=_tag(host),
        ),
        user=providers.SMTP_USER.read(environment),
        password=environment.get(providers.SMTP_PASSWORD.name, ""),  # as it is: it may begin or end with a blank
        security=providers.SMTP_SECURITY.read(environment),
        connections=providers.SMTP_CONNECTIONS.read(environment),
    )


TAGS = {"postmarkapp.com": "X-PM-Metadata-message: ", "amazonaws.com": "X-SES-MESSAGE-TAGS: message="}
"""Providers who put a Message-ID of their own in the place of ours, and what they tell back instead."""


def _tag(host: str) -> str:
    return next((tag for domain, tag in TAGS.items() if f".{host.lower()}".endswith(f".{domain}")), "")


def _address(setting: Setting[str], environment: Environment) -> str:
    text = setting.read(environment)
    try:
        return address(text) if text else ""
    except UnsafeAddress as error:
        raise SettingError(f"{setting.name} is no e-mail address") from error
