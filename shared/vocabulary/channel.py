"""By what a message reaches a guest."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import assert_never

from shared.vocabulary.term import N_, Term


class ContactKind(StrEnum):
    """What is written to. A channel that writes to numbers finds guests, and a STOP, as every other one does."""

    ADDRESS = "address"
    NUMBER = "number"


class Channel(Term):
    EMAIL = "email", N_("e-mail"), "plain", "mail"
    SMS = "sms", N_("text message"), "plain", "phone"
    WHATSAPP = "whatsapp", N_("WhatsApp"), "plain", "speech"

    @property
    def contact(self) -> ContactKind:
        match self:
            case Channel.EMAIL:
                return ContactKind.ADDRESS
            case Channel.SMS | Channel.WHATSAPP:
                return ContactKind.NUMBER
            case _:
                assert_never(self)

    @property
    def kept_as(self) -> Channel:
        """Under which channel its contact points are kept and indexed: a number is one, whatever writes to it."""
        return Channel.SMS if self is Channel.WHATSAPP else self

    @property
    def window(self) -> timedelta | None:
        """For how long after a guest wrote on it anything may be written to them; None: always."""
        return timedelta(hours=24) if self is Channel.WHATSAPP else None


WITH_POINTS: tuple[Channel, ...] = tuple(channel for channel in Channel if channel.kept_as is channel)
"""Those under which contact points are kept: one for each kind."""
