"""Rehearse journeys from the command line: asked of campaigns, answered by the roles of a running installation, or by
roles of our own where none runs.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from guestloop.composition.services import Group
from guestloop.operations.connect import Installation
from guestloop.supervisor.engine import engine_process
from services.campaigns.commands.rehearsal.ask import ask, cancel, to_be_launched
from services.campaigns.commands.rehearsal.play import Launch
from services.campaigns.queries import rehearsals as queries
from services.campaigns.rules.rehearsals import Rehearsal, Stage
from services.campaigns.schemas.reading import validated
from services.campaigns.store import rehearsals as store
from shared.access.scope import EVERYWHERE
from shared.clock import Clock
from shared.database.pool import Tx
from shared.embedded.home import Home
from shared.errors import GuestloopError

BY = "command line"
LOOKS_EVERY = 0.2  # seconds
STALLED_AFTER = 600.0  # seconds without news
Told = Callable[[Rehearsal], None]


class NotRehearsed(GuestloopError):
    """The rehearsal came to no end."""


def rehearse(
    installation: Installation,
    environment: Mapping[str, str],
    clock: Clock,
    journey: str | None,
    days: int,
    told: Told,
    *,
    as_booked: bool,
    is_replay: bool = False,
) -> dict[str, Any]:
    """The report, with the seconds it took. `told`: is told where it stands. Raises `GuestloopError`."""
    group = installation.group

    def asked() -> UUID:
        return _ask(group, clock, journey, days, as_booked=as_booked, is_replay=is_replay)

    if installation.is_running:
        return _wait(group, clock, asked(), told)
    home = Home.from_environment(environment)
    with engine_process(group, home.with_keys(environment)):
        return _wait(group, clock, asked(), told)


def _ask(group: Group, clock: Clock, journey: str | None, days: int, *, as_booked: bool, is_replay: bool) -> UUID:
    with group.database("campaigns").transaction() as tx:
        document = to_be_launched(tx, journey) if journey else None
        launches = [Launch(str(journey), validated(document))] if document else []
        return ask(tx, journey, days, launches, clock.now(), BY, as_booked=as_booked, is_replay=is_replay)


def _wait(group: Group, clock: Clock, id_: UUID, told: Told) -> dict[str, Any]:
    campaigns, last, since = group.database("campaigns"), "", time.monotonic()
    try:
        while True:
            with campaigns.glance() as tx:
                one = store.find(tx, id_)
            if one is None or not one.is_under_way:
                break
            told(one)
            state = f"{one.state} {one.reached_at}"
            last, since = (state, time.monotonic()) if state != last else (last, since)
            if time.monotonic() - since > STALLED_AFTER:
                raise NotRehearsed("The rehearsal has not come further for ten minutes: see whether all roles run.")
            time.sleep(LOOKS_EVERY)
    except (KeyboardInterrupt, NotRehearsed):
        with campaigns.transaction() as tx:
            cancel(tx, id_, clock.now())
        raise
    if one is None or one.state is not Stage.DONE:
        raise NotRehearsed(f"The rehearsal came to no end: {one.problem or one.state if one else 'it is gone'}.")
    with campaigns.transaction() as tx:
        return report_of(tx, one)


def report_of(tx: Tx, one: Rehearsal) -> dict[str, Any]:
    """As plain values."""
    asked = (tx, one.id, one.journey, EVERYWHERE)
    verdicts, costs = queries.verdicts(*asked), queries.costs(*asked)
    amounts: dict[str, Decimal] = defaultdict(Decimal)
    for each in costs:
        if each.currency:
            amounts[each.currency] += each.amount
    expected = queries.expected(*asked)
    return {
        "rehearsal": str(one.id),
        "journey": one.journey,
        "days": one.days,
        "as_booked": one.as_booked,
        "is_replay": one.is_replay,
        "from": one.at.isoformat(),
        "to": one.until.isoformat(),
        "seconds": one.seconds,
        "sent": sum(each.messages for each in verdicts if each.state == "sent"),
        "parts": sum(each.parts for each in verdicts),
        "cost": {currency: str(amount) for currency, amount in sorted(amounts.items())},
        "unpriced": sum(each.unpriced for each in costs),
        "usual_pace": {
            "hotels": [vars(each) for each in queries.pace(tx, one.id, EVERYWHERE)],
            "messages": round(sum(float(each.messages) for each in expected), 1),
            "days": [
                {"day": each.day.isoformat(), "channel": each.channel, "messages": round(float(each.messages), 2)}
                for each in expected
            ],
        },
        "verdicts": [vars(each) for each in verdicts],
        "waits": [vars(each) for each in queries.how_long_held(*asked)],
        "calendar": [{**vars(each), "day": each.day.isoformat()} for each in queries.cells(*asked)],
        "languages": [vars(each) for each in queries.languages(*asked)],
        "guests": [
            {name: str(value) for name, value in vars(each).items() if value is not None}
            for each in queries.five_guests(*asked)
        ],
    }
