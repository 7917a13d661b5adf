"""By what a message reaches a guest."""

from __future__ import annotations

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

    @property
    def contact(self) -> ContactKind:
        match self:
            case Channel.EMAIL:
                return ContactKind.ADDRESS
            case Channel.SMS:
                return ContactKind.NUMBER
            case _:
                assert_never(self)
