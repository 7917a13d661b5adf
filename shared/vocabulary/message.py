"""What has become of a message."""

from __future__ import annotations

from shared.vocabulary.term import N_, Term


class MessageState(Term):
    QUEUED = "queued", N_("planned"), "look"
    HELD = "held", N_("waits"), "look"
    CLAIMED = "claimed", N_("on its way")
    SENT = "sent", N_("sent"), "good"
    FAILED = "failed", N_("not sent"), "bad"
    SKIPPED = "skipped", N_("not sent")
    EXPIRED = "expired", N_("not sent")
    WITHDRAWN = "withdrawn", N_("taken back")
    UNKNOWN = "unknown", N_("outcome unclear"), "bad"  # the provider may or may not have it
