"""A group of hotels on a virtual clock: some days are played, and from there on nothing arrives."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from guestloop.composition.seed import set_up_everything
from guestloop.composition.services import Group, build_group, prepare_databases, world_of
from guestloop.composition.virtual_world import play
from guestloop.demo.cast import HOTELS
from guestloop.demo.play import ZONES, between, import_past
from guestloop.demo.rows import write_rows
from guestloop.simulation.history import PLAIN_MAPPING, acts_of, read_history
from services.campaigns.clock import Rehearsals
from services.campaigns.commands.rehearsal.ask import ask
from services.campaigns.commands.rehearsal.play import Launch
from services.messaging.config import Config
from services.messaging.queries.decided import DECIDED
from services.messaging.rehearsal_role import RehearsalRole
from services.segments.clock import Forecasts
from services.segments.commands.sign_ups.forms import make_form, publish_form
from services.segments.commands.sign_ups.take import keep_sign_up
from services.segments.rules.sign_ups import Typed, Wording
from services.segments.store.sign_ups import SignUp
from shared.access.people import Person
from shared.bus.outbox import publish
from shared.bus.roles import Timed
from shared.clock import VirtualClock
from shared.database.pool import Tx
from shared.embedded.home import throw_away_home
from shared.events.dictionary import chunk_of
from shared.events.segments.feeds import PropertyHeard
from shared.ids import make_id
from shared.vocabulary.role import Role
from shared.vocabulary.sign_up import Box, SignUpState

BEGAN = datetime(2026, 3, 1, 6, tzinfo=UTC)  # the clocks change in Europe within the month
PLAYED = timedelta(days=9)
NOW = BEGAN + PLAYED
ADA = Person(make_id("person", "Ada"), "Ada", Role.ADMINISTRATOR, frozenset())
Line = dict[str, Any]
NAMES = (
    *("at", "message", "guest", "journey", "step", "occurrence", "property", "zone"),
    *("purpose", "channel", "language", "state", "reason"),
)
LEDGER = f"""
    select decision.at, message_id, guest_id, journey, step, occurrence, property, zone, purpose, decision.channel,
           decision.language, decision.state, decision.reason
    from {DECIDED} as decision join delivery using (message_id) where decision.at > %s
    order by decision.at, message_id, decision.seq
"""
LINES = """
    select at, message_id, guest_id, journey, step, occurrence, property, zone, purpose, channel, language, state,
           reason
    from rehearsal_line where rehearsal_id = %s order by number
"""


@dataclass(frozen=True)
class House:
    group: Group
    clock: VirtualClock

    def play_on(self, until: datetime) -> None:
        """Nothing arrives, but that hotels' systems are heard of every day."""
        with closing(world_of(self.group, self.clock)) as world:
            databases = [one.database for one in self.group.services.values()]
            play(world.play(self._heard(until), until), databases, lambda _: None)

    def rehearse(
        self,
        days: int,
        *,
        journey: str | None = None,
        launches: Sequence[Launch] = (),
        as_booked: bool = True,
        is_replay: bool = False,
    ) -> UUID:
        """It is asked for, and answered by the roles over the bus."""
        now = self.clock.now()
        with self.group.database("campaigns").transaction() as tx:
            id_ = ask(tx, journey, days, launches, now, "Mia", as_booked=as_booked, is_replay=is_replay)
        self.settle_rehearsals(now)
        return id_

    def settle_rehearsals(self, now: datetime) -> None:
        with closing(world_of(self.group, self.clock)) as world:
            world.clocks = [(name, role) for name, role in self.roles()]
            world.mark_changed("campaigns")
            world.settle(now)

    def roles(self) -> list[tuple[str, Timed]]:
        messaging = self.group.database("messaging")
        return [
            ("segments", Forecasts(self.group.database("segments"))),
            ("campaigns", Rehearsals(self.group.database("campaigns"), most=2000)),
            ("messaging", RehearsalRole(messaging, Config())),
        ]

    def rehearsed(self, id_: UUID) -> list[Line]:
        """The report, as lines of a ledger."""
        with self.group.database("campaigns").transaction() as tx:
            rows = tx.execute(LINES, [id_]).fetchall()
        return [dict(zip(NAMES, row, strict=True)) for row in rows]

    def _heard(self, until: datetime) -> Iterator[tuple[datetime, Callable[[datetime], str]]]:
        at = self.clock.now() + timedelta(hours=1)
        while at <= until:
            yield at, self._hear
            at += timedelta(hours=12)

    def _hear(self, at: datetime) -> str:
        with self.group.database("segments").transaction() as tx:
            publish(
                tx,
                chunk_of(
                    [PropertyHeard(property=one.code, version=int(at.timestamp()), heard_at=at) for one in HOTELS]
                ),
                at=at,
            )
        return "segments"

    def ledger(self, since: datetime) -> list[Line]:
        """What the gate decided after that instant."""
        with self.group.database("messaging").transaction() as tx:
            rows = tx.execute(LEDGER, [since]).fetchall()
        return [dict(zip(NAMES, row, strict=True)) for row in rows]


@contextmanager
def house(folder: Path, *, guests: int = 400) -> Iterator[House]:
    export = folder / "reservations.csv"
    write_rows(export, NOW.date(), guests=guests)
    clock = VirtualClock(BEGAN)
    with throw_away_home() as home, home.postgres() as server:
        group = build_group(prepare_databases(server, home.keyring(), BEGAN), clock, {})
        with closing(group):
            history = read_history(export, PLAIN_MAPPING)
            segments = group.database("segments")
            with closing(world_of(group, clock)) as world:
                for service in set_up_everything(group, HOTELS, BEGAN):
                    world.mark_changed(service)
                world.settle(BEGAN)
                import_past(segments, history, BEGAN)
                world.mark_changed("segments")
                world.settle(BEGAN)
                acts = acts_of(history, segments, ZONES, NOW.date())
                databases = [one.database for one in group.services.values()]
                play(world.play(between(BEGAN, NOW, acts), NOW), databases, lambda _: None)
                with segments.transaction() as tx:
                    sign_somebody_up(tx)
                world.mark_changed("segments")
                world.settle(NOW)
            yield House(group, clock)


def sign_somebody_up(tx: Tx) -> None:
    """Before the morning: their welcome waits until the quiet hours are over."""
    words = {"title": "Stay in touch", str(Box.EMAIL_MARKETING): "Yes, by e-mail."}
    make_form(tx, "lisboa", "Front desk", "LIS", Wording((Box.EMAIL_MARKETING,), False, {"en": words}), ADA, NOW)
    publish_form(tx, "lisboa", ADA, NOW)
    signed = SignUp(
        id=make_id("sign-up", "Nia"),
        form="lisboa",
        form_version=1,
        property="LIS",
        page="join",
        language="en",
        boxes=(Box.EMAIL_MARKETING,),
        typed=Typed("Nia", "Neves", email="nia@example.com"),
        network="",
        said_at=NOW,
        state=SignUpState.WAITING,
        guest_id=None,
        differs=(),
    )
    assert keep_sign_up(tx, signed)
