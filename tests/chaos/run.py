"""One run: a fleet, a campaign, blows by a seeded plan, rest, the reckoning."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from guestloop.composition.services import SERVICES, Group
from shared.crypto.mail_addresses import BackAddress
from shared.crypto.sealing import KeyRing
from tests.chaos import networks
from tests.chaos.answers import Answering
from tests.chaos.audit import Audit, audit
from tests.chaos.audit_back import audit_back
from tests.chaos.blows import STOPPED_FOR, Ground, Striker, plan
from tests.chaos.campaign import Invited, guests, hand_over, write_files
from tests.chaos.clock import MovedClock
from tests.chaos.fleet import Fleet
from tests.chaos.parted import PartedCluster
from tests.chaos.poison import Poison
from tests.chaos.readers import Reading, audit_reading, employ
from tests.chaos.replay import effects, say_all_again
from tests.chaos.rest import Rest
from tests.chaos.scene import KEYS, SETTINGS, WENT_WRONG, Say, house, providers, started
from tests.chaos.told_back import ToldBack


@dataclass(frozen=True)
class Given:
    """What a run is asked for. `pace`: seconds to wait at most for the campaign before each blow. `pooled`: a PgBouncer
    stands before the databases. `partitions`: of each service's outbox. `replica`: a standby follows the database, and
    pages read from it."""

    seed: int
    guests: int
    kills: int
    copies: int = 2
    cluster: bool = False
    webs: tuple[str, ...] = SERVICES
    pace: float = 6.0
    rest_within: float = 900.0
    pooled: bool = False
    partitions: int = 1
    replica: bool = False


def run(given: Given, say: Say) -> Audit:
    with (
        house() as folder,
        providers(folder, given.seed) as ports,
        started(
            folder,
            ports,
            say,
            partitions=given.partitions,
            cluster=given.cluster,
            pooled=given.pooled,
            replica=given.replica,
        ) as (group, fleet),
    ):
        done = Run(given, folder, group, fleet, say).through()
        if not done.is_clean:
            (folder / WENT_WRONG).touch()
            say(f"something went wrong: {folder} is kept")
        return done


class Run:
    def __init__(self, given: Given, folder: Path, group: Group, fleet: Fleet, say: Say) -> None:
        self._given, self._folder, self._group, self._fleet, self._say = given, folder, group, fleet, say
        self._clock = MovedClock(folder / "clock")
        self._rest = Rest(group, self._clock, folder, say, given.rest_within)
        self._striker, self._poison = Striker(fleet, given.seed), Poison()
        self._everybody: list[Invited] = list(guests(given.guests))
        self._began = time.monotonic()

    def through(self) -> Audit:
        if reason := networks.why_not() if self._given.cluster else None:
            self._say(f"no node is cut off from the others: {reason}")
        self._fleet.start(self._given.copies, self._given.webs)
        self._say(f"{len(self._fleet.roles)} processes are at work")
        if self._given.kills:
            self._say("blow 0: broker, while its queues are young")
            self._striker.strike("broker")
        self._rest.wait()  # the hotel is known before its guests come
        poisoned = self._poison.spread(self._group, self._fleet.broker.url)
        self._say(f"{poisoned} poisonous messages stand in the queues")
        with self._answers() as answering, self._told_back() as told_back, self._reading() as reading:
            self._under_fire()
            self._rest.wait()
        self._rest.wait()
        before = effects(self._group, self._folder)
        said_again = say_all_again(self._group)
        self._say(f"all {said_again:,} messages are said again")
        self._rest.wait()
        done = audit(self._group, self._folder, self._everybody, answering.given, self._poison)
        audit_back(done, self._group, told_back)
        if reading and self._fleet.standby:
            audit_reading(done, self._group, self._fleet.standby, reading)
        done.figures["said again at the end"] = said_again
        done.wrong["second effects of what was said again"] = len(before ^ effects(self._group, self._folder))
        self._tell_blows(done)
        return done

    @contextmanager
    def _answers(self) -> Iterator[Answering]:
        """Guests answer within the block; who was not thanked by its end tries until she is."""
        answering = Answering(self._folder, KeyRing.parse(KEYS), self._fleet.pages_of("feedback"))
        try:
            yield answering
        finally:
            answering.end()

    @contextmanager
    def _told_back(self) -> Iterator[ToldBack]:
        """Carriers report, mail servers return and guests write within the block."""
        told_back = ToldBack(
            self._folder,
            KeyRing.parse(KEYS),
            BackAddress.read(SETTINGS["GUESTLOOP_MAIL_BACK"]),
            self._fleet.pages_of("messaging"),
            self._fleet.mail_doors,
            SETTINGS["GUESTLOOP_ORIGIN"],
            SETTINGS["GUESTLOOP_TWILIO_TOKEN"],
        )
        try:
            yield told_back
        finally:
            told_back.end()

    @contextmanager
    def _reading(self) -> Iterator[Reading | None]:
        """Where there is a replica, a colleague saves and reads within the block."""
        if self._fleet.standby is None:
            yield None
            return
        now = self._clock.now()
        reading = Reading(self._fleet.pages_of("campaigns"), employ(self._group, now), KeyRing.parse(KEYS), now)
        try:
            yield reading
        finally:
            reading.end()

    def _under_fire(self) -> None:
        """The guests come in many files; each blow waits until the campaign has come its share of the way."""
        given, parted = self._given, isinstance(self._fleet.broker, PartedCluster)
        blows = plan(given.seed, given.kills, Ground(given.cluster, parted, given.pooled, given.replica))
        files = write_files(self._folder / "files", self._everybody, max(2, len(blows) // 2), self._clock.now())
        expected = sum(1 + guest.offers for guest in self._everybody)
        for number, blow in enumerate(blows):
            while files and number >= (len(blows) - 2 * len(files)):
                hand_over(self._group, files.pop(0), self._clock.now())
            _await_share(self._folder, 0.7 * expected * number / len(blows), given.pace)
            taken = f"{_taken(self._folder):,} of some {expected:,} messages taken"
            self._say(f"blow {number + 1} of {len(blows)}: {blow}; {taken}")
            self._striker.strike(blow)
            self._striker.let_go_on()
        for file in files:
            hand_over(self._group, file, self._clock.now())
        self._striker.let_all_go_on(within=STOPPED_FOR)

    def _tell_blows(self, done: Audit) -> None:
        killed, struck = self._striker.killed, self._striker.struck
        done.wrong["roles that ended by themselves"] = len(died := self._fleet.died())
        for role in died:
            self._say(f"{role} ended by itself")
        if isinstance(broker := self._fleet.broker, PartedCluster):
            done.wrong["nodes cut off that still took messages"] = struck["partition"] - broker.refused
        done.figures |= {f"killed: {name}": count for name, count in sorted(killed.items())}
        done.figures |= {name: count for name, count in sorted(struck.items()) if name not in (*killed, "role")}
        done.figures |= {"kills": self._striker.kills, "seconds": round(time.monotonic() - self._began)}


def _await_share(folder: Path, share: float, within: float) -> None:
    deadline = time.monotonic() + within
    while _taken(folder) < share and time.monotonic() < deadline:
        time.sleep(0.1)


def _taken(folder: Path) -> int:
    files = (folder / "mails.jsonl", folder / "texts.jsonl")
    return sum(file.read_bytes().count(b"\n") for file in files if file.exists())
