"""All channels there are, and who sends on each."""

from __future__ import annotations

from collections.abc import Mapping

from services.messaging.channels.channel import ChannelParts, Environment, MakeSender
from services.messaging.channels.email.rules import EMAIL_RULES
from services.messaging.channels.email.settings import house_mail_server, mail_server
from services.messaging.channels.email.text import MailText
from services.messaging.channels.keeping import KeepingSender
from services.messaging.channels.sandbox import SandboxSender
from services.messaging.channels.sender import MessageLookup, PriceLookup, Sender
from services.messaging.channels.sms.rules import SMS_RULES
from services.messaging.channels.sms.settings import house_twilio_account, twilio_account
from services.messaging.channels.sms.text import SmsText
from services.messaging.channels.whatsapp.rules import WHATSAPP_RULES
from services.messaging.channels.whatsapp.settings import house_whatsapp_account, whatsapp_account
from services.messaging.channels.whatsapp.text import WhatsAppText
from services.messaging.rules.channel import ChannelRules
from services.messaging.rules.senders import HouseSender
from shared.database.pool import Database
from shared.vocabulary.channel import Channel

CHANNELS: Mapping[Channel, ChannelParts] = {
    Channel.EMAIL: ChannelParts(rules=EMAIL_RULES, text=MailText(), provider=mail_server, of_house=house_mail_server),
    Channel.SMS: ChannelParts(rules=SMS_RULES, text=SmsText(), provider=twilio_account, of_house=house_twilio_account),
    Channel.WHATSAPP: ChannelParts(
        rules=WHATSAPP_RULES, text=WhatsAppText(), provider=whatsapp_account, of_house=house_whatsapp_account
    ),
}
RULES: Mapping[str, ChannelRules] = {channel: parts.rules for channel, parts in CHANNELS.items()}


def chosen_senders(environment: Environment, database: Database) -> dict[str, Sender]:
    """A sender a channel. SettingError names the variable that is missing or malformed."""
    sandbox = SandboxSender(database)
    providers = {channel: parts.provider(environment) for channel, parts in CHANNELS.items()}
    return {channel: KeepingSender(database, one) if one else sandbox for channel, one in providers.items()}


def providers_of_notices(environment: Environment) -> dict[str, Sender]:
    """Providers with connections of their own, where there are any; they keep nothing of what they are handed."""
    found = {channel: parts.provider(environment) for channel, parts in CHANNELS.items()}
    return {channel: one for channel, one in found.items() if one}


def maker_of(environment: Environment) -> MakeSender:
    """Makes the house's own senders."""

    def make(row: HouseSender, secret: str) -> Sender:
        return CHANNELS[Channel(row.channel)].of_house(row, secret, environment)

    return make


def lookups_of(senders: Mapping[str, Sender]) -> dict[str, MessageLookup]:
    """By channel or number of a house's sender, the providers that can be asked what they took."""
    return {channel: one for channel, one in _bare(senders).items() if isinstance(one, MessageLookup)}


def prices_of(senders: Mapping[str, Sender]) -> dict[str, PriceLookup]:
    """The same of those that can be asked what a message costs."""
    return {channel: one for channel, one in _bare(senders).items() if isinstance(one, PriceLookup)}


def _bare(senders: Mapping[str, Sender]) -> dict[str, Sender]:
    return {channel: one.sender if isinstance(one, KeepingSender) else one for channel, one in senders.items()}
