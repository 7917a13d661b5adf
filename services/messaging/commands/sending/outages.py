"""A sender that takes nothing is one line in the log and one row, however many messages and roles meet it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime

import structlog

from services.messaging.channels.sender import Outcome
from services.messaging.commands.sending.fares import trouble_of
from services.messaging.store.senders import outages as store
from shared.database.dedicated_connection import DedicatedConnection
from shared.vocabulary.message import MessageState

LOOKS_AGAIN = 2.0  # seconds
NOTED_EVERY = 10.0  # seconds, while an outage lasts

log = structlog.get_logger()


class Outages:
    """Of one sender role. What is heard is written once the outcomes themselves are: no answer is lost for it."""

    def __init__(self, session: DedicatedConnection) -> None:
        self._session = session
        self._heard: dict[str, tuple[str, Outcome | None]] = {}  # by sender: its channel, and its trouble
        self._out: set[str] = set()
        self._looked = float("-inf")
        self._noted: dict[str, float] = {}

    def hear(self, sender: str, channel: str, outcomes: Sequence[Outcome]) -> None:
        """`outcomes`: what it answered just now."""
        trouble = trouble_of(outcomes)
        if trouble or any(outcome.state is MessageState.SENT for outcome in outcomes):
            self._heard[sender] = channel, trouble

    def write(self, at: datetime) -> None:
        while self._heard:
            sender, (channel, trouble) = next(iter(self._heard.items()))
            if trouble:
                self._goes_on(sender, channel, trouble, at)
            else:
                self._ends(sender, channel, at)
            del self._heard[sender]

    def _goes_on(self, sender: str, channel: str, trouble: Outcome, at: datetime) -> None:
        if time.monotonic() - self._noted.get(sender, float("-inf")) < NOTED_EVERY:
            return
        reason = str(trouble.reason)
        with self._session.transaction() as tx:
            begins = store.note(tx, sender, channel, reason, trouble.detail, at)
        self._noted[sender] = time.monotonic()
        self._out.add(sender)
        if begins:
            log.warning(
                "a sender takes nothing", sender=sender, channel=channel, reason=reason, detail=trouble.detail or ""
            )

    def _ends(self, sender: str, channel: str, at: datetime) -> None:
        if sender not in self._known():
            return
        with self._session.transaction() as tx:
            since = store.end(tx, sender)
        self._out.discard(sender)
        self._noted.pop(sender, None)
        if since:
            seconds = round((at - since).total_seconds())
            log.warning("a sender takes messages again", sender=sender, channel=channel, seconds=seconds)

    def _known(self) -> set[str]:
        """Other roles note outages too."""
        if time.monotonic() - self._looked >= LOOKS_AGAIN:
            with self._session.transaction() as tx:
                self._out = store.senders_out(tx)
            self._looked = time.monotonic()
        return self._out
