"""How an answer came to the hotel."""

from __future__ import annotations

from shared.vocabulary.channel import Channel
from shared.vocabulary.term import N_, Term


class AnswerWay(Term):
    EMAIL = "email", N_("e-mail"), "plain", "mail"
    SMS = "sms", N_("text message"), "plain", "phone"
    WHATSAPP = "whatsapp", N_("WhatsApp"), "plain", "speech"
    BY_HAND = "by_hand", N_("on paper or by word"), "plain", "pencil"

    @property
    def channel(self) -> Channel:
        """What an event says of it: of an answer by hand, that is no statement."""
        return Channel.EMAIL if self is AnswerWay.BY_HAND else Channel(self.value)
