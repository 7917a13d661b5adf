"""Let in those who were inside a journey's audience before its launch, a handful a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from services.campaigns.commands.enter import enter
from services.campaigns.rules.entries import AudienceChange, Entrance, Live, by_letting_in
from services.campaigns.store import letting_in as store
from services.campaigns.store.enrolments import lock_of_guests
from services.campaigns.store.journeys import live_journeys
from shared.bus.set_aside import Item, set_aside, work_in_halves
from shared.database.pool import Tx

ROLE = "letting in"
A_DAY = timedelta(days=1)
KNOWN_WITHIN = A_DAY  # of the launch: who becomes known as inside later was moved there by an edited rule or an import


def keep_members(tx: Tx, lives: Sequence[Live], changes: Sequence[AudienceChange]) -> None:
    """Guests who were inside all along wait for their day, where the launch lets them in."""
    initial = [change for change in changes if change.initial and change.entered]
    if not initial:
        return
    launches = {one.journey: one for one in store.under_way(tx)}
    for live in lives:
        launch = launches.get(live.key)
        if launch is None or not live.journey.lets_in:
            continue
        members = [change for change in initial if _belongs(live, launch, change)]
        if members:
            store.keep_members(tx, live.key, members)


def _belongs(live: Live, launch: store.LettingIn, change: AudienceChange) -> bool:
    early = launch.launched_at <= change.at < launch.launched_at + KNOWN_WITHIN
    return early and change.segment == live.journey.audience


def let_in(tx: Tx, at: datetime, *, careful: bool = False) -> int:
    """Enrol the next handful of each journey whose day has come; how many journeys there were. Careful, a member who
    cannot be let in is set aside, and a journey of which none can."""
    due = store.claim_due(tx, at)
    if not due:
        return 0
    lives = {live.key: live for live in live_journeys(tx, at)}

    def go_on(some: Sequence[store.LettingIn]) -> None:
        for one in some:
            _let_in(tx, lives[one.journey], store.take(tx, one.journey, one.a_day), at, careful)
            store.move_on(tx, one.journey, max(one.next_at, at) + A_DAY)

    if careful:
        failed = work_in_halves(tx, due, go_on)
        set_aside(tx, ROLE, [Item(one.journey, one.journey, reason) for one, reason in failed], at)
    else:
        go_on(due)
    return len(due)


def _let_in(tx: Tx, live: Live, members: Sequence[store.Member], at: datetime, careful: bool) -> None:
    def enrol(some: Sequence[store.Member]) -> None:
        present = lock_of_guests(tx, [member.guest_id for member in some], [live.key])
        enter(tx, [entrance for member in some if (entrance := _entrance(live, member, at))], present, at)

    if not careful:
        enrol(members)
        return
    failed = work_in_halves(tx, members, enrol)
    for member, _ in failed:
        store.put_back(tx, live.key, member)
    items = [Item(f"{live.key} {member.guest_id}", live.key, reason, member.guest_id) for member, reason in failed]
    set_aside(tx, ROLE, items, at)


def _entrance(live: Live, member: store.Member, at: datetime) -> Entrance | None:
    if not member.inside:
        return None
    return by_letting_in(live, member.guest_id, member.version, member.zone, member.because, at)
