"""What a claim takes and leaves behind, and what its claimer is at meanwhile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from services.messaging.channels.flow import Room
from services.messaging.commands.sending.texts import MessageTexts
from services.messaging.rules.facts import Guest, Property, Request
from services.messaging.rules.gate import Verdict
from services.messaging.rules.senders import HouseSender, Tiers
from shared.rows import row


@row
class Claimed:
    """A message that goes now, with what is needed to write it. `valid_for`: seconds a carrier may keep trying. `by`:
    the house's sender that it is given to, None for the environment's; `others`: all that might have it."""

    request: Request
    guest: Guest
    verdict: Verdict
    speaker: Property | None
    hotel: Property | None
    valid_for: int | None
    by: HouseSender | None = None
    others: Tiers = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """What one claim did: `decided` messages judged or given up, of which `messages` are sent, under one token."""

    token: UUID | None
    decided: int
    messages: tuple[Claimed, ...]
    words: MessageTexts | None


@dataclass(frozen=True, slots=True)
class UnderWay:
    """What the claimer is at: claims not yet wholly answered, channels with enough to do for now, and how much more
    each sender takes."""

    tokens: Sequence[UUID] = ()
    full: Sequence[str] = ()
    rooms: Mapping[str, Room] = field(default_factory=dict)


NONE = UnderWay()
NOTHING = Claim(None, 0, (), None)
Judged = tuple[Request, Verdict]
