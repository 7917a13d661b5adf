"""The connections of one sender: each is a thread with a line of its own, and takes what comes next.

- Messages are taken in the order in which they were put in, but never two to one contact point at once: what a guest is
  sent arrives in the order in which it was judged.
- What happens on a connection concerns the message on it and no other: the one that was to follow there goes back to
  the front, and another connection takes it.
- Connections are made as they are needed, and closed where there was nothing to send for a while. A server that takes
  fewer than it is offered has those it took; where none is to be had, what waits was never offered.
- Where a message takes a moment only, a few connections are as much as one interpreter can serve: the others pause, and
  take part again once the few are slow. Ten threads that wait for each other's turn cost a tenth more for nothing.
- Whether a message is still ours is asked when it is taken, and by its line right before it is handed over.

Every message that is put in comes out once: answered, or withdrawn before a line took it.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence

import structlog

from services.messaging.channels.sender import Closed, Line, ManyLines, Outcome, Outgoing, cut_off, given_back
from services.messaging.channels.turns import Turns

IDLE_FOR = 10.0  # seconds that a connection is kept with nothing to send
PAUSE = 5.0  # seconds until another connection is tried where one was refused
QUICK, A_FEW = 0.003, 3  # seconds for a message, and how many connections are enough then
LOOKS_AGAIN = 0.02  # seconds until a connection that pauses looks whether the few are still quick
TOO_LATE = 1.0  # seconds after which an instant for sending has passed unused
ENDS_WITHIN = 40.0  # seconds: longer than any answer is waited for

Answered = tuple[Outgoing, Outcome, float]  # and for how many seconds it was with a line

log = structlog.get_logger()


class Pool:
    """`ring` is called where few wait (see `call_at`), and where all are answered."""

    def __init__(self, provider: ManyLines, ring: Callable[[], None]) -> None:
        self._provider, self._ring = provider, ring
        self._lock = threading.Condition()
        self._turns, self._answered = Turns(), list[Answered]()
        self._threads, self._open = set[threading.Thread](), set[Line]()
        self._busy = self._taken = self._opening = 0  # lines with messages, messages with lines
        self._takes, self._answered_at = 1.0, 0.0  # seconds for a message of late, and when the last was answered
        self._low, self._refused_until, self._is_closing = 0, 0.0, False
        self._instants: deque[float] | None = None  # of the monotonic clock; at each one may be taken. None: at any

    def put(self, messages: Sequence[Outgoing]) -> None:
        with self._lock:
            self._turns.add(messages)
            self._man_lines()
            self._lock.notify(len(messages))

    def pace(self, instants: Iterable[float]) -> None:
        """Only at these instants, and at those given before, may a message be taken, one at each."""
        with self._lock:
            self._instants = deque((*(self._instants or ()), *instants))
            self._lock.notify_all()

    def call_at(self, low: int) -> bool:
        """From now on `ring` where at most `low` wait (below 0: only where all are answered). Whether that is so."""
        with self._lock:
            self._low = low
            return self._is_low()

    @property
    def waiting(self) -> int:
        return len(self._turns)

    @property
    def under_way(self) -> int:
        """Put in, and not answered yet."""
        with self._lock:
            return len(self._turns) + self._taken

    @property
    def connections(self) -> int:
        return len(self._threads)

    @property
    def instants(self) -> int:
        with self._lock:
            self._miss_instants()
            return len(self._instants or ())

    def answers(self) -> list[Answered]:
        """Since the last time."""
        with self._lock:
            answered, self._answered = self._answered, []
            self._man_lines()
            return answered

    def withdraw(self) -> list[Outgoing]:
        """What no line has taken is not handed over."""
        with self._lock:
            return self._turns.empty()

    def close(self) -> list[Outgoing]:
        """The same, and the end of all connections. What a line is at is answered before."""
        with self._lock:
            left, self._is_closing = self._turns.empty(), True
            self._lock.notify_all()
            threads = list(self._threads)
        deadline = time.monotonic() + ENDS_WITHIN
        for thread in threads:
            thread.join(max(deadline - time.monotonic(), 0.0))
        with self._lock:
            self._is_closing = False
            return left + self._turns.empty()

    def end(self) -> list[Outgoing]:
        """The same without waiting: what lines are at is answered later."""
        with self._lock:
            left, self._is_closing = self._turns.empty(), True
            self._lock.notify_all()
            return left

    def _man_lines(self) -> None:
        """As many as have something to do, and can be had."""
        if self._is_closing or self._are_enough() or (self._threads and time.monotonic() < self._refused_until):
            return
        wanted = min(self._provider.connections, self._busy + self._turns.free)
        for _ in range(wanted - len(self._threads)):
            thread = threading.Thread(target=self._work, name="line", daemon=True)
            self._threads.add(thread)
            thread.start()

    def _work(self) -> None:
        """One line, until nothing comes for it or no connection is to be had."""
        line, hand = self._provider.line(), deque[Outgoing]()
        try:
            while self._comes() and self._is_connected(line):
                with self._lock:
                    if not self._are_enough():
                        self._take(hand)
                while hand:
                    self._hand_over(line, hand)
        finally:
            with self._lock:
                self._threads.discard(threading.current_thread())
                self._open.discard(line)
                self._busy -= bool(hand)
                self._put_back(hand)
            line.rest()

    def _comes(self) -> bool:
        """Waits until a message may be taken."""
        ends = time.monotonic() + IDLE_FOR
        with self._lock:
            while not self._is_closing and (now := time.monotonic()) < ends:
                opens = self._opens_at() if self._turns.free else ends
                if opens <= now and not self._are_enough():
                    return True
                self._lock.wait(min(opens, ends) - now if opens > now else LOOKS_AGAIN)
        return False

    def _are_enough(self) -> bool:
        """Whether those that are busy get through as fast as more of them would."""
        return self._busy >= A_FEW and max(self._takes, time.monotonic() - self._answered_at) < QUICK

    def _is_connected(self, line: Line) -> bool:
        if line.is_open:
            return True
        with self._lock:
            self._opening += 1
        closed = line.open()
        with self._lock:
            self._opening -= 1
            if closed is None:
                self._open.add(line)
                return True
            self._refused_until = time.monotonic() + PAUSE
            if not self._open and not self._opening:
                self._nobody_takes(closed)
        return False

    def _nobody_takes(self, closed: Closed) -> None:
        for message in self._turns.empty():
            self._answer(message, closed.outcome(message))

    def _hand_over(self, line: Line, hand: deque[Outgoing]) -> None:
        """The first in hand, and the next is taken before it is answered or then."""
        if len(hand) <= self._provider.ahead and self._turns.free >= self._provider.connections:
            with self._lock:
                self._take(hand)
        message, began = hand[0], time.monotonic()
        try:
            outcome = line.one(message, list(hand)[1:])
        except Exception as error:  # no line raises; should one, nobody knows what it handed over
            log.error("a line broke off", message=str(message.message_id), error=type(error).__name__)
            outcome = cut_off(message, type(error).__name__)
        with self._lock:
            hand.popleft()
            self._taken -= 1
            self._turns.leave(message)
            self._answered_at = time.monotonic()
            self._takes += (self._answered_at - began - self._takes) / 8
            self._answer(message, outcome, self._answered_at - began)
            if not line.is_open:
                self._open.discard(line)
                self._put_back(hand)
            if not hand:
                self._busy -= 1
            if not hand and line.is_open and not self._are_enough():
                self._take(hand)

    def _answer(self, message: Outgoing, outcome: Outcome, seconds: float = 0.0) -> None:
        self._answered.append((message, outcome, seconds))
        if self._is_low():
            self._ring()

    def _is_low(self) -> bool:
        waiting = len(self._turns)
        return waiting <= self._low or not (waiting or self._taken)

    def _take(self, hand: deque[Outgoing]) -> None:
        """The next that is ours, if it may go now."""
        while self._opens_at() <= time.monotonic() and (message := self._turns.take()):
            if message.is_ours():
                self._busy += not hand
                self._taken += 1
                hand.append(message)
                if self._instants:
                    self._instants.popleft()
                return
            self._turns.leave(message)
            self._answer(message, given_back(message))

    def _put_back(self, hand: deque[Outgoing]) -> None:
        while hand:
            self._taken -= 1
            self._turns.put_back(hand.pop())
            self._lock.notify()

    def _opens_at(self) -> float:
        """When the next may be taken."""
        if self._instants is None:
            return 0.0
        self._miss_instants()
        return self._instants[0] if self._instants else float("inf")

    def _miss_instants(self) -> None:
        """Who was stopped for a while does not make up for it."""
        while self._instants and self._instants[0] < time.monotonic() - TOO_LATE:
            self._instants.popleft()
