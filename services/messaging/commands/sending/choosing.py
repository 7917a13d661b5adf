"""To which of the house's senders the messages of one claim are given.

- Its own, of the most specific that serve its hotel and country; another only while that one rests or, warming up, has
  had its day's messages. Where all rest, its own is tried again.
- A sender with enough to do for now takes no more: the message is looked at again when its turn should have come.
- What no sender takes today, since those that it might go by are warming up, waits until tomorrow, or goes by another
  channel where that is too late; what serves a stay does not wait, and counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from services.messaging.channels.flow import Room
from services.messaging.commands.sending.gate_facts import GateFacts
from services.messaging.rules.facts import Guest, Property, Request
from services.messaging.rules.gate import Verdict
from services.messaging.rules.senders import HouseSender, Tiers, choose
from services.messaging.rules.serving import Serving
from services.messaging.store.senders import health
from services.messaging.store.sending import claims
from shared.database.pool import Tx
from shared.vocabulary.message import MessageState
from shared.vocabulary.reason import Reason

SOON, LATER = timedelta(seconds=1), timedelta(minutes=1)
STAY = "stay"  # the lane of what a guest waits for


@dataclass(frozen=True, slots=True)
class Waiting:
    """It is looked at again at that instant."""

    until: datetime


class Choosing:
    def __init__(self, tx: Tx, serving: Serving, rooms: Mapping[str, Room], at: datetime) -> None:
        """`rooms`: by sender, of those that keep connections; the others take whatever comes."""
        self._tx, self._serving, self._rooms, self._at = tx, serving, rooms, at
        self._senders = {one.sender_id: one for one in serving.senders}
        self._given, self._new = Counter[UUID](), Counter[UUID]()
        self._waiting: dict[UUID, datetime] = {}  # by message
        self._day = at.astimezone(UTC).date()
        warm = {one.sender_id: one.warm_up.allows(self._day) for one in serving.senders if one.warm_up}
        allowed = {number: most for number, most in warm.items() if most is not None}
        taken = health.lock_taken(tx, sorted(allowed), self._day) if allowed else {}
        self._left = {number: most - taken.get(number, 0) for number, most in allowed.items()}

    @property
    def is_needed(self) -> bool:
        return bool(self._senders)

    def sender(self, number: UUID) -> HouseSender:
        return self._senders[number]

    def tiers(self, verdict: Verdict, guest: Guest, facts: GateFacts, speaker: Property | None) -> Tiers:
        assert verdict.channel is not None and verdict.point is not None
        country = facts.world.country_of(verdict.point) or guest.country
        hotel, brand = (speaker.code, speaker.legal_entity) if speaker else (None, None)
        return self._serving.tiers((verdict.channel, hotel, brand, country))

    def given(self, request: Request, verdict: Verdict, guest: Guest, facts: GateFacts) -> Verdict | Waiting:
        """The verdict with a sender; as it was, where none of the house's serves it; held, where all that would are
        warming up and have had their day."""
        tiers = self.tiers(verdict, guest, facts, facts.speaker(request))
        if not tiers:
            return verdict
        is_of_stay = request.lane == STAY
        chosen = choose(
            tiers,
            request.message_id,
            lambda one: self._serving.is_awake(one, self._at) and (is_of_stay or self._has_left(one)),
        ) or choose(tiers, request.message_id, lambda one: is_of_stay or self._has_left(one))
        if chosen is None:
            return self._tomorrow(request, verdict)
        if (wait := self._wait_for(chosen)) is not None:
            self._waiting[request.message_id] = self._at + wait
            return Waiting(self._at + wait)
        return replace(verdict, sender=chosen.sender_id)

    def note(self, verdict: Verdict) -> None:
        """It goes: what it takes of its sender is taken."""
        if verdict.sender:
            self._given[verdict.sender] += 1
            if verdict.sender in self._left:
                self._left[verdict.sender] -= 1
                self._new[verdict.sender] += 1

    def write(self, at: datetime) -> None:
        if self._new:
            health.add_taken(self._tx, self._new, self._day)
        if self._waiting:
            columns = {"message_id": list(self._waiting), "next_at": list(self._waiting.values())}
            claims.postpone(self._tx, {**columns, "at": at})

    def _has_left(self, sender: HouseSender) -> bool:
        return self._left.get(sender.sender_id, 1) > 0

    def _wait_for(self, sender: HouseSender) -> timedelta | None:
        """Until it should have got through what is before it; None where it takes one more now."""
        room = self._rooms.get(str(sender.sender_id))
        if room is None or self._given[sender.sender_id] < room.free:
            return None
        self._given[sender.sender_id] += 1
        before = room.waiting + self._given[sender.sender_id]
        return min(max(timedelta(seconds=before / max(room.rate, 0.01)), SOON), LATER)

    def _tomorrow(self, request: Request, verdict: Verdict) -> Verdict:
        until = datetime.combine(self._day + timedelta(days=1), time(), UTC)
        if until > request.useful_until:
            return Verdict(MessageState.EXPIRED, verdict.language, Reason.EXPIRED)
        return replace(verdict, state=MessageState.HELD, reason=Reason.WARM_UP, held_until=until)
