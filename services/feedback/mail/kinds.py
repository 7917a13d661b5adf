"""What a mail can be, and what is read of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from shared.vocabulary.reason import Reason


class MailKind(StrEnum):
    REPLY = "reply"  # a person's words
    BOUNCE = "bounce"
    COMPLAINT = "complaint"
    UNSUBSCRIBE = "unsubscribe"  # a provider's word that its reader wants no more
    AUTOMATIC = "automatic"  # out of office, read receipts, delays: never an answer
    UNREADABLE = "unreadable"  # nothing can be made of it


@dataclass(frozen=True, kw_only=True)
class Mail:
    """`sender`: the address of From, as it stands there. `addressed`: the headers that say whom it was for. `text`: the
    sender's own words, without what they quote. `evidence`: what a report carries of the mail it is about; a signed
    address in it says which. `reason` and `code`: of a bounce. `fingerprint`: the same for the same mail on any way.
    """

    kind: MailKind
    fingerprint: str
    sender: str = ""
    addressed: str = ""
    text: str = ""
    evidence: str = ""
    reason: Reason | None = None
    code: str | None = None
