"""Who else receives guests' data, by channel: the processors that a hotel may configure. Nobody does by default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shared.settings.providers import EMAIL, SMS, WHATSAPP
from shared.vocabulary.channel import Channel


@dataclass(frozen=True)
class Recipient:
    """`setting`: by which it is configured, and with which value. `gets`: what reaches it. `where`: its country; empty,
    wherever the hotel has it.
    """

    name: str
    setting: str
    value: str
    gets: str
    where: str
    needs: str


RECIPIENTS: Mapping[Channel, Recipient] = {
    Channel.EMAIL: Recipient(
        name="your mail server",
        setting=EMAIL.name,
        value="smtp",
        gets="address and text of each e-mail",
        where="",
        needs="an agreement with whoever runs it (GDPR 28), if that is not the hotel",
    ),
    Channel.SMS: Recipient(
        name="Twilio",
        setting=SMS.name,
        value="twilio",
        gets="number and text of each text message",
        where="USA",
        needs="an agreement (GDPR 28) and a basis for the transfer to the USA (GDPR 44)",
    ),
    Channel.WHATSAPP: Recipient(
        name="Twilio, and by it Meta (WhatsApp)",
        setting=WHATSAPP.name,
        value="twilio",
        gets="number and text of each WhatsApp message, and what fills an approved template",
        where="USA",
        needs="an agreement (GDPR 28) and a basis for the transfer to the USA (GDPR 44)",
    ),
}
