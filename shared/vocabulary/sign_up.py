"""Signing up: what a guest may tick on a form, what becomes of it, and what may differ from what is known of them."""

from __future__ import annotations

from shared.vocabulary.channel import Channel
from shared.vocabulary.purpose import Purpose
from shared.vocabulary.term import N_, Term


class FormState(Term):
    DRAFT = "draft", N_("draft"), "look"
    PUBLISHED = "published", N_("published"), "good"
    WITHDRAWN = "withdrawn", N_("withdrawn")


class SignUpState(Term):
    WAITING = "waiting", N_("waits to be taken over")
    TAKEN = "taken", N_("taken over"), "good"
    DIFFERS = "differs", N_("differs from what is known"), "look"
    SETTLED = "settled", N_("decided"), "good"


class Box(Term):
    """One thing that a guest may tick: a channel and a purpose."""

    EMAIL_MARKETING = "email-marketing", N_("offers by e-mail")
    SMS_MARKETING = "sms-marketing", N_("offers by text message")
    WHATSAPP_MARKETING = "whatsapp-marketing", N_("offers by WhatsApp")
    EMAIL_FEEDBACK = "email-feedback", N_("questions about a stay by e-mail")
    SMS_FEEDBACK = "sms-feedback", N_("questions about a stay by text message")
    WHATSAPP_FEEDBACK = "whatsapp-feedback", N_("questions about a stay by WhatsApp")

    @property
    def channel(self) -> Channel:
        return Channel(self.value.split("-")[0])

    @property
    def purpose(self) -> Purpose:
        return Purpose(self.value.split("-")[1])


class Difference(Term):
    """What a guest typed that is not what is known of them: nothing is overwritten, people decide."""

    NAME = "name", N_("name")
    BIRTH_DATE = "birth_date", N_("birth date")
    EMAIL = "email", N_("e-mail address")
    PHONE = "phone", N_("phone number")
    LANGUAGE = "language", N_("language")
