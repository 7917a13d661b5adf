"""By whom notices to colleagues go: one of the house's senders, else the environment's; a test by the one it tests."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from services.messaging.channels.roster import Roster
from services.messaging.channels.sender import MessageLookup, Outgoing, Sender
from services.messaging.config import Config
from services.messaging.rules.senders import HouseSender, choose
from services.messaging.store.senders.health import SenderHealth


class Mailroom:
    def __init__(self, roster: Roster, config: Config) -> None:
        self._roster, self._config = roster, config

    def look(self, *, anew: bool = False) -> None:
        self._roster.look(anew=anew)

    @property
    def senders(self) -> Mapping[str, Sender]:
        return self._roster.senders

    @property
    def channels(self) -> frozenset[str]:
        """On which notices really leave."""
        return frozenset(self._roster.channel(key) for key in self._roster.at_work)

    @property
    def tested(self) -> frozenset[UUID]:
        """The house's senders that can be tried: also paused ones, and before the house is live. What the environment
        keeps in the sandbox is not."""
        kept_back = set(self._config.sandboxed) - set(self._config.open_channels)
        return frozenset(
            number
            for number, row in self._roster.rows.items()
            if str(number) in self._roster.senders and row.channel not in kept_back
        )

    @property
    def lookups(self) -> Mapping[str, MessageLookup]:
        """By channel. What may have gone by one of the house's is asked of nobody: another would not know of it."""
        ours = {row.channel for row in self._roster.rows.values()}
        return {
            key: one
            for key, one in self._roster.at_work.items()
            if isinstance(one, MessageLookup) and self._roster.row(key) is None and key not in ours
        }

    def key_for(self, message: Outgoing, tested: UUID | None) -> str:
        if tested:
            return str(tested)
        serving = [one for one in self._roster.serving.senders if one.channel == message.channel]
        general = self._roster.serving.tiers((message.channel, None, None, None))
        chosen = choose(general, message.message_id, lambda _: True)
        if chosen is None and message.channel not in self._roster.at_work:
            chosen = choose([serving], message.message_id, lambda _: True)
        return str(chosen.sender_id) if chosen else message.channel

    def row(self, key: str) -> HouseSender | None:
        return self._roster.row(key)

    def health(self, row: HouseSender) -> SenderHealth | None:
        return self._roster.health.get(row.sender_id)

    def rest(self) -> None:
        for sender in self._roster.senders.values():
            sender.rest()
