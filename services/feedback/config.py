"""The settings of feedback, beside those every service reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.crypto.mail_addresses import BackAddress
from shared.outgoing.reach import Network
from shared.settings import providers
from shared.settings.installation import OUTGOING_NETWORKS


@dataclass(frozen=True)
class ListenSettings:
    """Where a mail server hands its mail over, and by which protocol: lmtp | smtp."""

    host: str
    port: int
    protocol: str = "lmtp"


@dataclass(frozen=True)
class MailboxSettings:
    """A mailbox that is emptied of what is ours. `security`: tls | starttls | none."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    security: str = "tls"
    folder: str = "INBOX"

    @property
    def mailbox(self) -> str:
        """What it is known by."""
        return f"{self.user}@{self.host}:{self.port}/{self.folder}"


@dataclass(frozen=True)
class Config:
    """`twilio_token` signs what Twilio sends; without it nothing of that is believed. `mail_back`: where mail comes
    back to; without it no mail is taken, by `listen`, by `mailbox` or by the web. `twilio_account`: with it and the
    token, pictures are fetched from Twilio; `networks`: where they may lie although these are not public.
    """

    twilio_token: str = field(default="", repr=False)
    twilio_account: str = ""
    twilio_address: str = ""
    networks: tuple[Network, ...] = ()
    mail_back: BackAddress | None = None
    listen: ListenSettings | None = None
    mailbox: MailboxSettings | None = None

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Config:
        listen = providers.MAIL_LISTEN.read(environment)
        return cls(
            twilio_token=providers.TWILIO_TOKEN.read(environment),
            twilio_account=providers.TWILIO_ACCOUNT.read(environment),
            twilio_address=providers.TWILIO_ADDRESS.read(environment),
            networks=OUTGOING_NETWORKS.read(environment),
            mail_back=providers.MAIL_BACK.read(environment),
            listen=ListenSettings(*listen, protocol=providers.MAIL_PROTOCOL.read(environment)) if listen else None,
            mailbox=_mailbox(environment) if providers.IMAP_HOST.read(environment) else None,
        )


def _mailbox(environment: Mapping[str, str]) -> MailboxSettings:
    return MailboxSettings(
        host=providers.IMAP_HOST.read(environment),
        port=providers.IMAP_PORT.read(environment),
        user=providers.IMAP_USER.needed(environment),
        password=environment.get(providers.IMAP_PASSWORD.name, ""),  # as it is: it may begin or end with a blank
        security=providers.IMAP_SECURITY.read(environment),
        folder=providers.IMAP_FOLDER.read(environment),
    )
