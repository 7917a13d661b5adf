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


KEPT_AS = {
    MessageState.SENT: 1,
    MessageState.FAILED: 2,
    MessageState.SKIPPED: 3,
    MessageState.EXPIRED: 4,
    MessageState.WITHDRAWN: 5,
}
"""How the narrow row writes what became of a message, once nothing else of the message is kept. A number never changes
its meaning; a state without one is not the last."""
