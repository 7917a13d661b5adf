"""By what a message reaches a guest."""

from __future__ import annotations

from shared.vocabulary.term import N_, Term


class Channel(Term):
    EMAIL = "email", N_("e-mail"), "plain", "mail"
    SMS = "sms", N_("text message"), "plain", "phone"
