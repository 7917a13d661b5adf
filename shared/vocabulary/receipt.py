"""What a provider or a mail server says of a message after it took it."""

from __future__ import annotations

from shared.vocabulary.term import N_, Term


class ReceiptState(Term):
    ON_ITS_WAY = "on_its_way", N_("on its way")
    DELIVERED = "delivered", N_("delivered"), "good"
    BOUNCED = "bounced", N_("came back"), "bad"
    COMPLAINED = "complained", N_("reported as spam"), "bad"
