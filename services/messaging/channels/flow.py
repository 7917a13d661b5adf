"""What a sender role has under way on its providers' connections: a pool a sender, and the claims they work for.

The role claims ahead of the connections, so that they never wait for it: about two seconds' work at a time, once less
than one is left. How much that is is measured by sender; one that has enough to do takes no more, and no other waits
for it.
"""

from __future__ import annotations

import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from services.messaging.channels.keeping import KeepingSender
from services.messaging.channels.pool import Answered, Pool
from services.messaging.channels.sender import ManyLines, Outcome, Outgoing, Sender, given_back, not_offered

AHEAD = 2.0  # seconds' work that are claimed at a time
LEFT = 1.0  # seconds' work, with which it is time for the next claim
FIRST_RATE, LEAST = 100.0, 20  # messages a second until one has measured, and at a time at least
RESERVED = 2.0  # seconds' instants at most, where a sender has a pace; more once half of them have passed

ByToken = list[tuple[UUID, list[Outcome]]]
Reserve = Callable[[str, int, timedelta], datetime]  # by key, so many instants, so far apart: the first


@dataclass(frozen=True, slots=True)
class Room:
    """How many more messages a sender's connections take now, how many wait there, and how many go a second."""

    free: int
    waiting: int
    rate: float


@dataclass
class Channel:
    """`pace`: messages a second at most, of all roles together; 0: no limit."""

    pool: Pool
    keeping: KeepingSender
    pace: int
    most: int  # at a time
    rate: float = FIRST_RATE
    _since: float = field(default_factory=time.monotonic)
    _was_busy: bool = False

    @property
    def speed(self) -> float:
        """Messages a second that it gets through."""
        return min(self.rate, self.pace) if self.pace else self.rate

    @property
    def low(self) -> int:
        return min(int(self.speed * LEFT), self.most // 2)

    @property
    def room(self) -> int:
        """How many more it takes; 0 where it has enough for now."""
        return max(min(int(self.speed * AHEAD), self.most), LEAST) if self.pool.waiting <= self.low else 0

    def answers(self) -> list[Answered]:
        """What was answered; and how fast, where it had something to do all the while."""
        answered, now, is_busy = self.pool.answers(), time.monotonic(), self.pool.waiting > 0
        if answered:
            rate = len(answered) / max(now - self._since, 0.001)
            if is_busy and self._was_busy:
                self.rate = (self.rate + rate) / 2
            elif len(answered) >= LEAST:  # a few, answered at once, say nothing of what many take
                self.rate = max(self.rate, rate)
        if answered or not self.pool.under_way:
            self._since, self._was_busy = now, is_busy
        return answered


class Flow:
    """Of the senders that keep many connections; used by the role's thread alone. A sender is found by its key: the
    channel it serves, or the number of one of the house's own."""

    def __init__(self, senders: Mapping[str, Sender], *, most: int, paces: Mapping[str, int]) -> None:
        self._bell, self._most = threading.Event(), most
        self._under_way = Counter[UUID]()  # messages by claim
        self._channels: dict[str, Channel] = {}
        self._ended: list[tuple[str, Channel]] = []  # lines of these still await an answer
        self.renew(senders, paces)

    def renew(self, senders: Mapping[str, Sender], paces: Mapping[str, int]) -> ByToken:
        """From now on these send. What another was to send and is on no line is due again at once; its lines end."""
        left: list[Outgoing] = []
        for key in [key for key, one in self._channels.items() if senders.get(key) is not one.keeping]:
            channel = self._channels.pop(key)
            left += channel.pool.end()
            self._ended.append((key, channel))
        for key, sender in senders.items():
            if key not in self._channels and isinstance(sender, KeepingSender) and isinstance(sender.sender, ManyLines):
                self._channels[key] = self._begun(sender, sender.sender, paces.get(key, 0))
        return self.by_token((message, given_back(message)) for message in left)

    def _begun(self, keeping: KeepingSender, provider: ManyLines, pace: int) -> Channel:
        channel = Channel(Pool(provider, self._bell.set), keeping, pace, self._most)
        if pace:
            channel.pool.pace(())
        return channel

    def __contains__(self, key: str) -> bool:
        return key in self._channels

    def __len__(self) -> int:
        """Messages under way."""
        return self._under_way.total()

    @property
    def room(self) -> int | None:
        """How many messages the next claim takes; None where there are no connections to claim for."""
        return max((channel.room for channel in self._channels.values()), default=None)

    def rooms(self) -> dict[str, Room]:
        return {key: Room(channel.room, channel.pool.waiting, channel.speed) for key, channel in self._channels.items()}

    def full(self, channels: Mapping[str, str]) -> list[str]:
        """Of which all senders have enough to do. `channels`: by key."""
        open_ones = {channels[key] for key, channel in self._channels.items() if channel.room}
        return sorted({channels[key] for key in self._channels} - open_ones)

    @property
    def tokens(self) -> list[UUID]:
        return list(self._under_way)

    def put(self, token: UUID, key: str, messages: Sequence[Outgoing]) -> list[Outcome]:
        """Their words are kept, then they are on their way; what became of those that cannot be."""
        to = self._channels[key]
        unkept = to.keeping.keep(messages)
        going = [message for message in messages if message.message_id not in unkept] if unkept else messages
        self._under_way[token] += len(going)
        to.pool.put(going)
        return list(unkept.values())

    def keep_pace(self, reserve: Reserve, now: datetime) -> None:
        """Where a sender has one, connections may take messages only at instants that are reserved ahead."""
        for key, channel in self._channels.items():
            if channel.pace:
                wanted = min(max(int(channel.pace * RESERVED), 1), channel.pool.waiting)
                apart = timedelta(seconds=1 / channel.pace)
                instants: list[float] = []
                if channel.pool.instants * 2 < wanted:
                    count = wanted - channel.pool.instants
                    first = time.monotonic() + (reserve(key, count, apart) - now).total_seconds()
                    instants = [first + number / channel.pace for number in range(count)]
                channel.pool.pace(instants)

    def answers(self) -> list[tuple[str, list[Answered]]]:
        """By key; that of a sender that has ended may stand there twice."""
        found = [(key, answered) for key, channel in self._every() if (answered := channel.answers())]
        self._ended = [(key, channel) for key, channel in self._ended if channel.pool.under_way]
        return found

    def by_token(self, ended: Iterable[tuple[Outgoing, Outcome]]) -> ByToken:
        """They are no longer under way."""
        found: defaultdict[UUID, list[Outcome]] = defaultdict(list)
        for message, outcome in ended:
            assert message.claim is not None
            found[message.claim].append(outcome)
        self._under_way -= Counter({token: len(outcomes) for token, outcomes in found.items()})
        return list(found.items())

    def await_room(self, seconds: float) -> None:
        """Until a claim may be made, all is answered, or so long."""
        self._wait(seconds, lambda channel: channel.low)

    def await_end(self, seconds: float) -> None:
        self._wait(seconds, lambda _: -1)

    def _wait(self, seconds: float, low: Callable[[Channel], int]) -> None:
        """Where nothing is on its way nobody would ring, and nothing is waited for: a sandbox has no connections."""
        self._bell.clear()
        called = [channel.pool.call_at(low(channel)) for channel in self._channels.values()]
        if self._under_way.total() and not any(called):
            self._bell.wait(seconds)

    def withdraw(self) -> ByToken:
        """What is on no connection yet is not handed over; it is tried again."""
        left = [message for channel in self._channels.values() for message in channel.pool.withdraw()]
        return self.by_token((message, not_offered(message)) for message in left)

    def close(self) -> ByToken:
        """The same, due again at once, and what the connections were at."""
        left = [message for _, channel in self._every() for message in channel.pool.close()]
        answered = [(message, outcome) for _, some in self.answers() for message, outcome, _ in some]
        return self.by_token([*answered, *((message, given_back(message)) for message in left)])

    def connections(self) -> list[tuple[str, int]]:
        """By key."""
        return [(key, channel.pool.connections) for key, channel in self._every()]

    def _every(self) -> list[tuple[str, Channel]]:
        return [*self._channels.items(), *self._ended]
