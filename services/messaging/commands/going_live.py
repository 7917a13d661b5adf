"""The switch out of the sandbox: a setting of the house, for the channels of which the environment says nothing.

What the environment says explicitly wins: `GUESTLOOP_EMAIL=sandbox` keeps e-mail in the sandbox, `smtp` is live.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.messaging.config import Config
from services.messaging.rules.senders import HouseSender, SenderState
from services.messaging.store.going_live import end_the_past
from services.messaging.store.senders import live as store
from services.messaging.store.senders.health import health_of_all
from services.messaging.store.senders.live import LivePeriod
from services.messaging.store.senders.rows import senders
from shared.access.audit import record
from shared.access.people import Person
from shared.database.pool import Tx
from shared.errors import Conflict, InputError, Problem
from shared.vocabulary.channel import Channel


@dataclass(frozen=True)
class Standing:
    """`period`: since when the house is live, None in the sandbox. `working`: senders that are on and showed that they
    work as they are set up now. `open_channels`: of which the environment says nothing, so that the house decides."""

    period: LivePeriod | None
    working: tuple[HouseSender, ...]
    open_channels: tuple[Channel, ...]

    @property
    def may_go_live(self) -> bool:
        return self.period is None and any(sender.channel in self.open_channels for sender in self.working)


def standing(tx: Tx, config: Config) -> Standing:
    return Standing(store.live_period(tx), working(tx), config.open_channels)


def working(tx: Tx) -> tuple[HouseSender, ...]:
    health = health_of_all(tx)
    return tuple(
        sender
        for sender in senders(tx)
        if sender.state == SenderState.ON
        and (fares := health.get(sender.sender_id)) is not None
        and fares.worked_version == sender.version
    )


def go_live(tx: Tx, config: Config, *, by: Person, at: datetime) -> None:
    """From the next claim on the house's senders really send what is due from now on; what was due before ends.
    `InputError` where the environment decides on every
    channel, or no sender of a channel that is open showed that it works; `Conflict` where the house is live already."""
    found = standing(tx, config)
    if not found.open_channels:
        raise InputError(None, {"live": Problem("the environment decides on every channel", "environment")})
    if found.period is None and not found.may_go_live:
        raise InputError(None, {"live": Problem("no sender has shown that it works", "no_sender_works")})
    if not store.begin(tx, by.name, at):
        raise Conflict("the house is live already")
    end_the_past(tx, found.open_channels)
    names = sorted(sender.name for sender in found.working)
    record(tx, by, "house.went_live", "messaging", {"senders": names}, at)


def back_to_sandbox(tx: Tx, *, by: Person, at: datetime) -> None:
    """From the next claim on nothing is really sent where the environment does not say otherwise. `Conflict` where the
    house is in the sandbox already."""
    if not store.end(tx, by.name, at):
        raise Conflict("the house is in the sandbox already")
    record(tx, by, "house.back_to_sandbox", "messaging", {}, at)
