"""The settings of messaging."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from shared.outgoing.object_store import Bucket
from shared.outgoing.reach import Network
from shared.settings import providers, services
from shared.settings.installation import DEMO, LINK_ORIGIN, LOCAL, OUTGOING_NETWORKS, origin_of
from shared.settings.object_stores import PICTURES
from shared.vocabulary.channel import Channel
from shared.vocabulary.consent import Confirmed, confirmed_in

AMAZON = r"https://sns\.[a-z]{2}(?:-[a-z]{3,4})?-[a-z]{4,9}-\d\.amazonaws\.com(?:\.cn)?"


RATES = {
    Channel.EMAIL: providers.EMAIL_RATE,
    Channel.SMS: providers.SMS_RATE,
    Channel.WHATSAPP: providers.WHATSAPP_RATE,
}


@dataclass(frozen=True, kw_only=True)
class Config:
    """How much, how fast and from where.

    `cap_contacts` marketing contacts in `cap_days` days, by guest and by contact point; `lease`: how long a claimed
    message may be on its way before it counts as unknown; `provider_lag`: by when at the latest a provider's own list
    shows what it took; `batch`: messages a claim; `paces`: by channel, messages a second at most, of all senders
    together; `origin`: where guests' links lead, `link_origin`: the tracked ones; `sandboxed`: channels whose messages
    end in the sandbox's mailbox, as the environment says or says nothing; `open_channels`: those of which it says
    nothing, so that the house decides (`commands.going_live`). `double_opt_in`, `double_opt_in_sms`: countries where a
    guest confirms a consent to offers by e-mail, by text message. `twilio_token`, `mailgun_key` and `postmark_secret`
    prove what these providers report, `ses_topics` what Amazon does: of whom none is set nothing is believed. `amazon`:
    what an address of Amazon's begins with, as a pattern; `networks`: reached although they are not public. `pictures`:
    where pictures are kept; None: in the database. `twilio_account`, `content_address`: where approved WhatsApp texts
    are asked for.
    """

    cap_contacts: int = services.CAP_CONTACTS.default
    cap_days: int = services.CAP_DAYS.default
    lease: timedelta = services.LEASE_MINUTES.default
    provider_lag: timedelta = services.PROVIDER_LAG_MINUTES.default
    batch: int = services.CLAIM_BATCH.default
    paces: Mapping[str, int] = field(default_factory=dict)
    origin: str = LOCAL
    link_origin: str = LOCAL
    twilio_account: str = ""
    twilio_token: str = field(default="", repr=False)
    content_address: str = providers.TWILIO_CONTENT_ADDRESS.default
    mailgun_key: str = field(default="", repr=False)
    postmark_secret: str = field(default="", repr=False)
    ses_topics: frozenset[str] = frozenset()
    amazon: str = AMAZON
    networks: tuple[Network, ...] = ()
    pictures: Bucket | None = None
    sandboxed: tuple[str, ...] = tuple(map(str, Channel))
    open_channels: tuple[Channel, ...] = tuple(Channel)
    mail_from: str = ""
    mail_host: str = ""
    mail_back: str = ""
    resolvers: tuple[tuple[str, int], ...] = ()
    double_opt_in: frozenset[str] = services.DOUBLE_OPT_IN.default
    double_opt_in_sms: frozenset[str] = services.DOUBLE_OPT_IN_SMS.default

    @property
    def confirmed(self) -> Confirmed:
        return confirmed_in(self.double_opt_in, self.double_opt_in_sms)

    def is_live(self, channel: str, *, house_is_live: bool) -> bool:
        """Whether messages of that channel really leave: as the environment says, where it says something."""
        return house_is_live if channel in self.open_channels else channel not in self.sandboxed

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Config:
        return cls(
            cap_contacts=services.CAP_CONTACTS.read(environment),
            cap_days=services.CAP_DAYS.read(environment),
            lease=services.LEASE_MINUTES.read(environment),
            provider_lag=services.PROVIDER_LAG_MINUTES.read(environment),
            batch=services.CLAIM_BATCH.read(environment),
            paces={channel: pace for channel, rate in RATES.items() if (pace := rate.read(environment))},
            origin=origin_of(environment),
            link_origin=LINK_ORIGIN.read(environment) or origin_of(environment),
            double_opt_in=services.DOUBLE_OPT_IN.read(environment),
            twilio_account=providers.TWILIO_ACCOUNT.read(environment),
            twilio_token=providers.TWILIO_TOKEN.read(environment),
            content_address=providers.TWILIO_CONTENT_ADDRESS.read(environment),
            mailgun_key=providers.MAILGUN_KEY.read(environment),
            postmark_secret=providers.POSTMARK_SECRET.read(environment),
            ses_topics=providers.SES_TOPICS.read(environment),
            networks=OUTGOING_NETWORKS.read(environment),
            pictures=PICTURES.read(environment),
            double_opt_in_sms=services.DOUBLE_OPT_IN_SMS.read(environment),
            sandboxed=tuple(channel for channel in Channel if _said_of(environment, channel) in ("", "sandbox")),
            open_channels=tuple(channel for channel in Channel if not _said_of(environment, channel)),
            resolvers=providers.DNS_RESOLVERS.read(environment),
            mail_back=back.domain if (back := providers.MAIL_BACK.read(environment)) else "",
            **_own_mail(environment),
        )


def _said_of(environment: Mapping[str, str], channel: str) -> str:
    """In a demo nothing is ever sent, whatever is set."""
    if DEMO.read(environment):
        return "sandbox"
    return environment.get(f"GUESTLOOP_{channel.upper()}", "").strip()


def _own_mail(environment: Mapping[str, str]) -> dict[str, str]:
    """Where the environment names a mail server."""
    if _said_of(environment, Channel.EMAIL) != "smtp":
        return {}
    domain = providers.MAIL_FROM.read(environment).rpartition("@")[2].lower()
    return {"mail_from": domain, "mail_host": providers.SMTP_HOST.read(environment)}
