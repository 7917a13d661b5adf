"""What is sent, and what a provider answers. One folder a channel beside this module.

A sender is handed messages that the gate has let through and that are claimed; it opens no transaction of the claim.
It answers every message exactly once, in order, and never raises for what a provider or the network does:

- `sent`: the provider has it and confirmed it.
- `failed`: it certainly does not have it. `again`: another attempt may succeed (it was never offered, or
  refused for now); without it the answer is final.
- `unknown`: it may have it. Never sent again blindly.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol, runtime_checkable
from uuid import UUID

from services.messaging.rules.senders import Tiers
from services.messaging.store.sending.sent_words import SentWords
from services.messaging.wording.piece import Approved
from services.messaging.wording.sheets import Copy
from shared.crypto.mail_addresses import BackSigner
from shared.rows import row
from shared.vocabulary.message import MessageState
from shared.vocabulary.reason import Reason

NOT_OURS = "no longer ours"  # the detail of what was never offered because its claim, or its sender, had ended


def always() -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Part:
    """What is inside a mail beside its text: a picture that its page shows by `content_id`, or, where that is empty, a
    file under `name`."""

    media_type: str
    content: bytes = field(repr=False)
    name: str = ""
    content_id: str = ""


@row
class Outgoing:
    """One message to one contact point, ready to leave. `html`, `from_name` and `unsubscribe_url` are e-mail's.

    `back`: makes the signed addresses by which mail about it comes back, where a mail server serves them.
    `copy`: its text and page as a copy of their sheet, where they are one.
    `targets`: by the number of a tracked link, where it leads, if values of this guest stand in it.
    `approved`: the approved template that it is: the provider writes `text` itself.
    `is_by_hand`: a person wrote it; `in_reply_to`: the Message-ID of the mail it continues.
    `at`: the instant it was claimed (an e-mail's Date). `valid_for`: seconds a carrier may keep trying, so that its
    queue cannot defeat quiet hours. `claim`: the token of the claim it is sent under; `is_ours`: whether that still
    holds: a sender asks right before it hands the message over, and what is no longer ours was never offered.
    `parts`: pictures and files of an e-mail that has a page.
    `sender`: the house's own that it was given to, None for the environment's; `others`: all that might have it.
    """

    message_id: UUID
    channel: str  # a Channel
    to: str
    text: str
    at: datetime
    purpose: str  # a Purpose
    language: str = "en"
    subject: str = ""
    html: str | None = None
    from_name: str = ""
    reply_to: str | None = None
    unsubscribe_url: str | None = None
    valid_for: int | None = None
    back: BackSigner | None = field(default=None, repr=False)
    approved: Approved | None = field(default=None, hash=False)
    is_by_hand: bool = False
    in_reply_to: str | None = None
    targets: Mapping[int, str] = field(default_factory=dict, hash=False)
    copy: Copy | None = field(default=None, compare=False, repr=False)
    parts: tuple[Part, ...] = field(default=(), repr=False)
    claim: UUID | None = field(default=None, compare=False, repr=False)
    is_ours: Callable[[], bool] = field(default=always, compare=False, repr=False)
    sender: UUID | None = None
    others: Tiers = field(default=(), compare=False, repr=False)

    @property
    def via(self) -> str:
        """By what its sender is found."""
        return str(self.sender) if self.sender else self.channel

    @property
    def reference(self) -> str:
        """Our own name for this message at the provider: by it an unknown one is looked up."""
        return str(self.message_id)

    @property
    def words(self) -> SentWords:
        """What is kept of it."""
        return SentWords(self.from_name, self.subject, self.text, self.html, self.targets, self.copy)


@row
class Outcome:
    """What became of one message. `detail` is the provider's code, never the address or the text. `elsewhere`: it
    certainly was not taken, and another sender is tried at once. `parts`: to pay, where it was handed over."""

    message_id: UUID
    state: MessageState  # sent, failed or unknown
    provider_ref: str | None = None
    reason: Reason | None = None
    again: bool = False
    detail: str | None = None
    elsewhere: bool = False
    parts: int | None = None

    @property
    def kind(self) -> str:
        """Its state, but for what may be offered again: refused for now (`again`), or never offered (`given_back`)."""
        if not self.again:
            return str(self.state)
        return "given_back" if self.detail == NOT_OURS else "again"


def not_offered(message: Outgoing) -> Outcome:
    """Nobody was handed it; it is due again."""
    reason = Reason.UNREACHABLE
    return Outcome(message_id=message.message_id, state=MessageState.FAILED, reason=reason, again=True)


def given_back(message: Outgoing) -> Outcome:
    """Nobody was handed it, since its claim or its sender had ended; it is due again at once."""
    return replace(not_offered(message), detail=NOT_OURS)


def cut_off(message: Outgoing, detail: str, reference: str | None = None) -> Outcome:
    """Nobody knows whether the provider has it."""
    return Outcome(
        message_id=message.message_id,
        state=MessageState.UNKNOWN,
        provider_ref=reference,
        reason=Reason.CUT_OFF,
        detail=detail,
    )


def unwritable(message: Outgoing, problem: str) -> Outcome:
    """It cannot be made into what is sent. Of `problem` only the kind of error is kept: the rest may quote the text."""
    detail = problem.split(":")[0]
    return Outcome(message_id=message.message_id, state=MessageState.FAILED, reason=Reason.UNWRITABLE, detail=detail)


class Sender(Protocol):
    """A configured provider account. Called outside any transaction."""

    name: str
    is_sandbox: bool  # nothing leaves: what became of a message is never unclear

    def send(self, batch: Sequence[Outgoing]) -> list[Outcome]: ...

    def rest(self) -> None:
        """Nothing is due for now: what was held open between batches is let go, until the next one."""


@dataclass(frozen=True, slots=True)
class Closed:
    """No connection is to be had, and why."""

    reason: Reason
    detail: str

    def outcome(self, message: Outgoing) -> Outcome:
        """Of a message that waited for one."""
        return replace(not_offered(message), reason=self.reason, detail=self.detail)


class Line(Protocol):
    """One connection to a provider, used by one thread. Like a sender it raises for nothing a provider does."""

    @property
    def is_open(self) -> bool: ...

    def open(self) -> Closed | None:
        """Connects, where it is not open; None: it is."""
        ...

    def one(self, message: Outgoing, coming: Sequence[Outgoing] = ()) -> Outcome:
        """Hands it over. `coming`: what this line is given next, if it stays open."""
        ...

    def rest(self) -> None: ...


@runtime_checkable
class ManyLines(Protocol):
    """A sender that can keep several connections, each independent of the others.

    `connections`: at most so many; `ahead`: how many messages a line has a use for beside the one it hands over.
    """

    connections: int
    ahead: int

    def line(self) -> Line: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class LookupRequest:
    """A message whose outcome is unclear, as its provider may know it. `since`: it was not handed over earlier.

    `text`: its words; None where they were not kept. `others`: the provider's numbers of other messages of ours.
    """

    message_id: UUID
    to: str
    text: str | None
    since: datetime
    others: frozenset[str] = frozenset()


class LookupOutcome(StrEnum):
    FOUND = "found"
    NONE = "none"  # nothing in the provider's list can be this message
    UNCLEAR = "unclear"  # it did not answer, or holds something that may be this message


@dataclass(frozen=True, kw_only=True, slots=True)
class LookupResult:
    message_id: UUID
    trace: LookupOutcome
    provider_ref: str | None = None


@runtime_checkable
class PriceLookup(Protocol):
    """A provider that can be asked what it takes for a message. Like a sender it never raises."""

    def price_of(self, provider_ref: str) -> tuple[Decimal, str] | None:
        """The amount, above zero, and its currency; None where it is not known yet, or there was no answer."""
        ...


@runtime_checkable
class MessageLookup(Protocol):
    """A provider that can be asked what it took. Like a sender it never raises for what the network does."""

    def find(self, sought: LookupRequest) -> LookupResult: ...
