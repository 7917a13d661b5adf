"""From a check-out to its message at the provider: `python -m tests.bench.latency [check-outs] [campaign's guests]`.

Every role of every service is a process of its own over RabbitMQ; the journey has no wait. The clock runs from the
commit of the check-out in segments to the mail's arrival at a mail server on this machine, five check-outs a second:
first while nothing else is to be done, then while a campaign goes out: two offers for each guest of a file. Aims: p99
under 1 s, and under 2 s.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from statistics import quantiles

from guestloop.composition.services import Group, build_group, prepare_databases
from services.segments.commands.reservations.book import book
from services.segments.commands.reservations.move_stays import check_in, check_out
from services.segments.rules.reservations import Reservation
from services.segments.store.properties import property_zones
from shared.crypto.sealing import KeyRing
from shared.embedded.server import EmbeddedPostgres
from shared.localtime import local_date
from shared.vocabulary.consent import ClaimedConsent
from shared.vocabulary.stay import StayStatus
from tests.chaos.campaign import HOTEL, ZONE, Invited, hand_over, letters, open_for_business, write_files
from tests.chaos.clock import TUESDAY, MovedClock
from tests.chaos.fleet import Fleet
from tests.chaos.scene import KEYS, SETTINGS
from tests.rabbit import RabbitNode

A_SECOND = 5
ARRIVES_WITHIN = 120.0
SETTLES_WITHIN = 300.0
OF_SMS = ("GUESTLOOP_TWILIO_ACCOUNT", "GUESTLOOP_TWILIO_SENDER", "GUESTLOOP_TWILIO_CALLBACK")


@dataclass(frozen=True)
class Ground:
    folder: Path
    group: Group
    clock: MovedClock
    fleet: Fleet

    def arrivals(self) -> dict[str, float]:
        """By recipient, when her first mail came."""
        found: dict[str, float] = {}
        for line in (self.folder / "arrived").read_text().splitlines():
            to, _, at = line.partition(" ")
            found.setdefault(to, float(at or 0))
        return found

    def count_arrivals(self) -> int:
        return (self.folder / "arrived").read_bytes().count(b"\n")


def main(check_outs: int, campaign: int) -> None:
    with ground() as at_work:
        await_hotel(at_work)
        idle = in_house(at_work, "idle", check_outs)
        loaded = in_house(at_work, "loaded", check_outs)
        warm = in_house(at_work, "warm", 10)
        time.sleep(3)
        leave(at_work, warm)
        report("nothing else to do", leave(at_work, idle))
        start_campaign(at_work, campaign)
        before = len(at_work.arrivals())
        delays = leave(at_work, loaded)
        out = len(at_work.arrivals()) - before - len(delays)
        report(f"during a campaign of {2 * campaign:,} messages ({out:,} went meanwhile)", delays)


def report(what: str, delays: Sequence[float]) -> None:
    cuts = quantiles(delays, n=100)
    print(f"{what}: p50 {cuts[49] * 1000:.0f} ms, p99 {cuts[98] * 1000:.0f} ms, {len(delays)} check-outs", flush=True)


def await_hotel(ground: Ground) -> None:
    """The console has told of the hotel."""
    deadline = time.monotonic() + SETTLES_WITHIN
    while time.monotonic() < deadline:
        with ground.group.database("segments").transaction() as tx:
            if property_zones(tx):
                return
        time.sleep(0.2)


def in_house(ground: Ground, name: str, count: int) -> list[Reservation]:
    """Guests who are in house since yesterday."""
    today = local_date(ground.clock.now(), ZONE)
    rows = [_reservation(name, number, today) for number in range(count)]
    with ground.group.database("segments").transaction() as tx:
        book(tx, rows, ground.clock.now() - timedelta(days=20))
        check_in(tx, [row.key() for row in rows], ground.clock.now() - timedelta(days=1))
    return rows


def _reservation(name: str, number: int, today: date) -> Reservation:
    return Reservation(
        source="bench",
        property=HOTEL,
        reservation=f"{name}-{number}",
        status=StayStatus.BOOKED,
        status_date=today,
        booked_on=today - timedelta(days=20),
        arrival=today - timedelta(days=1),
        departure=today,
        given_name=f"Ana{letters(number)}",
        family_name=f"Silva{name}",
        email=f"{name}{number}@mail.example.com",
        language="en",
        email_consent=ClaimedConsent.NEVER_ASKED,
    )


def leave(ground: Ground, rows: Sequence[Reservation]) -> list[float]:
    """Check them out one by one; the seconds until each mail arrived."""
    left: dict[str, float] = {}
    start = time.perf_counter()
    for number, row in enumerate(rows):
        time.sleep(max(0.0, start + number / A_SECOND - time.perf_counter()))
        with ground.group.database("segments").transaction() as tx:
            assert check_out(tx, [row.key()], ground.clock.now()).moved == 1
        left[str(row.email)] = time.perf_counter()
    deadline = time.perf_counter() + ARRIVES_WITHIN
    while (missing := left.keys() - ground.arrivals().keys()) and time.perf_counter() < deadline:
        time.sleep(0.2)
    assert not missing, f"{len(missing)} mails never came"
    arrived = ground.arrivals()
    return [arrived[to] - at for to, at in left.items()]


def start_campaign(ground: Ground, guests: int) -> None:
    """So many guests who will come and allow offers come in by a file; returns when their offers go out."""
    everybody = [Invited(number, "email", f"guest{number}@mail.example.com", True) for number in range(guests)]
    for path in write_files(ground.folder / "files", everybody, 1, ground.clock.now(), left=timedelta(days=-30)):
        hand_over(ground.group, path, ground.clock.now())
    before, deadline = len(ground.arrivals()), time.monotonic() + SETTLES_WITHIN
    while len(ground.arrivals()) < before + min(200, guests // 10) and time.monotonic() < deadline:
        time.sleep(0.2)


@contextmanager
def ground(webs: Sequence[str] = (), *, offers_at: str = "booked") -> Iterator[Ground]:
    """`webs`: the services whose pages are served. `offers_at`: the status a stay reaches for its guest to get
    offers."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "rabbitmq").mkdir()
        clock, broker = MovedClock.starting_at(TUESDAY, folder / "clock"), RabbitNode(folder / "rabbitmq")
        broker.start()
        try:
            with EmbeddedPostgres(folder / "pg") as server, sink(folder) as port:
                group = build_group(prepare_databases(server, KeyRing.parse(KEYS), clock.now()), clock, {})
                open_for_business(group, clock.now() - timedelta(days=3), offers_at=offers_at)
                settings = {name: value for name, value in SETTINGS.items() if name not in OF_SMS}
                settings |= {"GUESTLOOP_SMS": "sandbox", "GUESTLOOP_SMTP_PORT": str(port)}
                settings |= {"GUESTLOOP_CLAIM_BATCH": "200", "GUESTLOOP_LEASE_MINUTES": "15"}
                with closing(group), closing(Fleet(group, server, broker, folder, settings)) as fleet:
                    fleet.start(1, webs)
                    yield Ground(folder, group, clock, fleet)
        finally:
            broker.stop()


@contextmanager
def sink(folder: Path) -> Iterator[int]:
    command = [sys.executable, "-m", "tests.bench.sink", str(folder / "arrived")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.kill()


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    main(*(given or [300]), *([50_000] if len(given) < 2 else []))
