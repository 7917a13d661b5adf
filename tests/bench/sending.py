"""How fast mail leaves: `python -m tests.bench.sending [mails]`, from the word «go» until all is sent and recorded.

Surveys that are due go through claim, gate, text, MIME, SMTP and record, by one sender process and by two, each with
its ten connections, to Postfix's smtp-sink on this machine and behind a line that takes 10 and 30 ms there and back.
The processor time is that of the senders and of PostgreSQL together. Each sender works until nothing is due. Aims:
300 mails a second and sender 30 ms away and 1.9 × by two; near by 4,000 and 1.7 × where there are cores for it (the
sink, PostgreSQL and two senders are four at work); 250 µs a mail. One sender also signs its mails by RSA (DKIM), near
by and 30 ms away: nine tenths of the rate without.

Beside it, near by: a bare smtplib loop over ready bytes, and Celery on RabbitMQ (`tests/bench/diy.py`), its tasks
queued beforehand as ours are, timed from its first mail on. Both keep one connection a process.
"""

from __future__ import annotations

import os
import smtplib
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

import psutil
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from services.messaging.channels.dkim import Signs, read_key
from services.messaging.channels.keeping import KeepingSender
from services.messaging.channels.registry import chosen_senders
from services.messaging.channels.sender import Sender
from services.messaging.commands.sending.calendar import Calendar
from services.messaging.config import Config
from services.messaging.service import sending
from shared.crypto.sealing import KeyRing
from shared.database.pool import Database
from shared.ids import make_id
from shared.settings.providers import SMTP_CONNECTIONS
from shared.telemetry.gc import tune_garbage_collector
from tests.bench.ground import Make, count_given, databases, rabbit, tell
from tests.bench.mail_server import MailServer, mail_server
from tests.messaging.hotel import LONG_AGO, MONDAY, Hotel, email, guest, lisbon, stay, survey
from tests.rabbit import why_not

CHUNK = 500
LATENCIES = {0: 1.0, 10: 0.5, 30: 0.2}  # milliseconds, and which share of the mails goes so far
SIGNED = (0, 30)  # milliseconds, at which one sender also signs its mails (DKIM)
QUIET = 1.0  # seconds without another mail: whoever sends is done
AGAIN = 0.01  # seconds until a sender that found nothing looks again


@dataclass(frozen=True)
class Measured:
    """`seconds` from the word «go»; `cpu`: seconds of processor time, of the processes that send and of PostgreSQL."""

    mails: int
    seconds: float
    cpu: float

    @property
    def rate(self) -> float:
        return self.mails / self.seconds

    @property
    def each(self) -> float:
        """Microseconds of processor time."""
        return 1_000_000 * self.cpu / self.mails


def main(mails: int) -> None:
    keys = KeyRing.fresh()
    with databases(keys) as make:
        for latency, share in LATENCIES.items():
            one, two = (ours(make, keys, int(mails * share), latency, senders) for senders in (1, 2))
            print(f"latency {latency} ms: two senders {two.rate / one.rate:.2f} × one", flush=True)
            if latency in SIGNED:
                signed = ours(make, keys, int(mails * share), latency, 1, is_signed=True)
                more = signed.each - one.each
                print(f"latency {latency} ms: signed {signed.rate / one.rate:.2f} × unsigned, {more:+.0f} µs a mail")
    for senders in (1, 2):
        with mail_server() as server:
            tell(f"bare smtplib loop, {senders}", loops(server, mails, senders), "mails")
        if why_not() is None:
            with mail_server() as server, rabbit() as broker:
                tell(f"Celery, {senders}", celery(broker, mails // 10, server, senders), "mails")


def ours(make: Make, keys: str, mails: int, latency: int, senders: int, *, is_signed: bool = False) -> Measured:
    database = make("messaging")
    queue_surveys(database, mails)
    with mail_server(latency) as server:
        settings = {"BENCH_DSN": database.dsn, "BENCH_KEYS": keys, "BENCH_PORT": str(server.port)}
        settings |= {"BENCH_SIGNED": "1"} if is_signed else {}
        found = together([[sys.executable, "-m", "tests.bench.sending", "sender"]] * senders, settings, mails)
        assert server.taken() == mails, f"{server.taken()} mails arrived, not {mails}"
    with database.transaction() as tx:
        row = tx.execute("select count(*) from delivery where state = 'sent'").fetchone()
    assert row == (mails,), f"{row} mails are recorded as sent, not {mails}"
    who = f"{senders} sender{'s' if senders > 1 else ''}, {SMTP_CONNECTIONS.default} connections"
    who += ", signed" if is_signed else ""
    print(f"latency {latency} ms, {who}: {found.rate:,.0f} mails/s, {found.each:.0f} µs a mail", flush=True)
    return found


def queue_surveys(database: Database, mails: int) -> None:
    hotel = Hotel(database)
    hotel.hears(lisbon())
    for first in range(0, mails, CHUNK):
        numbers = range(first, min(first + CHUNK, mails))
        ids = {n: make_id("guest", "bench", n) for n in numbers}
        points = {n: [email(hotel.keyring, f"guest{n}@mail.example.com")] for n in numbers}
        hotel.hears(*(guest(ids[n], points=points[n]) for n in numbers))
        hotel.hears(*(stay(f"R{n}", ids[n]) for n in numbers))
        hotel.hears(*(survey(f"R{n}", ids[n]) for n in numbers))
    with database.transaction() as tx:
        Calendar().prepare(tx, {"PT"}, MONDAY.date())  # as in a house that runs: kept, and not made anew
        tx.execute("analyze")


def sender() -> None:
    """One sender role as it is configured for SMTP, until nothing is due for anybody."""
    database = Database(os.environ["BENCH_DSN"], service="messaging", keyring=KeyRing.parse(os.environ["BENCH_KEYS"]))
    smtp = {"GUESTLOOP_EMAIL": "smtp", "GUESTLOOP_SMTP_HOST": "127.0.0.1", "GUESTLOOP_SMTP_SECURITY": "none"}
    smtp |= {"GUESTLOOP_SMTP_PORT": os.environ["BENCH_PORT"], "GUESTLOOP_MAIL_FROM": "stay@bench.example"}
    config = replace(Config(), batch=int(os.environ.get("BENCH_BATCH", Config().batch)))
    senders = chosen_senders({**os.environ, **smtp}, database)
    if os.environ.get("BENCH_SIGNED"):
        sign(senders.values())
    role = sending(database, config, senders)[0]
    role.step(LONG_AGO)  # it has its session and its templates, as a role that runs has
    tune_garbage_collector()
    await_go()
    before = time.process_time()
    while role.step(MONDAY) or is_due(database):
        pass
    print(time.perf_counter(), time.process_time() - before, flush=True)
    sys.stdin.readline()


def sign(senders: Iterable[Sender]) -> None:
    """From now on these sign their mails, with a key of RSA as a domain has it."""
    private = generate_private_key(65537, 2048)
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    for sender in senders:
        provider = sender.sender if isinstance(sender, KeepingSender) else sender
        if isinstance(provider, Signs):
            provider.keys.renew([read_key("bench.example", "bench", pem)], ())


def is_due(database: Database) -> bool:
    """Whether another sender may still leave something to do: looked at as often as a role that runs does."""
    with database.glance() as tx:
        row = tx.execute("select exists (select from delivery where state in ('queued', 'held'))").fetchone()
    if row == (True,):
        time.sleep(AGAIN)
    return row == (True,)


def loops(server: MailServer, mails: int, senders: int) -> float:
    command = [sys.executable, "-m", "tests.bench.sending", "loop", str(mails // senders)]
    return together([command] * senders, {"BENCH_PORT": str(server.port)}, mails // senders * senders).rate


def loop(mails: int) -> None:
    """As many mails of some 4 kB as bytes that are ready."""
    body = b"From: a@bench.example\r\nTo: b@mail.example.com\r\nSubject: x\r\n\r\n" + b"thank you\r\n" * 350
    server = smtplib.SMTP("127.0.0.1", int(os.environ["BENCH_PORT"]), "bench.example")
    await_go()
    before = time.process_time()
    for number in range(mails):
        server.sendmail("a@bench.example", [f"guest{number}@mail.example.com"], body)
    print(time.perf_counter(), time.process_time() - before, flush=True)
    server.quit()


def celery(broker: str, mails: int, server: MailServer, senders: int) -> float:
    settings = {**os.environ, "BENCH_BROKER": broker, "BENCH_PORT": str(server.port)}
    subprocess.run([sys.executable, "-m", "tests.bench.sending", "queue", str(mails)], env=settings, check=True)
    quiet = ["--loglevel", "ERROR", "--without-gossip", "--without-mingle", "--without-heartbeat"]
    command = [sys.executable, "-m", "celery", "-A", "tests.bench.diy", "worker", "--concurrency", str(senders)]
    worker = subprocess.Popen([*command, *quiet], env=settings, stdout=subprocess.DEVNULL)
    try:
        while not (first := server.taken()):
            time.sleep(AGAIN)
        began = changed = time.perf_counter()
        taken = first
        while taken < mails and time.perf_counter() < changed + QUIET:
            time.sleep(AGAIN)
            if (now := server.taken()) > taken:
                taken, changed = now, time.perf_counter()
        assert taken == mails, f"{taken} mails arrived, not {mails}"
        return (mails - first) / (changed - began)
    finally:
        worker.terminate()
        worker.wait()


def queue(mails: int) -> None:
    from tests.bench.diy import send

    for number in range(mails):
        send.delay(
            f"guest{number}@mail.example.com", f"Ms Silva {number}", "Casa do Rio", f"https://go.example/{number}"
        )


def together(commands: Sequence[Sequence[str]], settings: dict[str, str], mails: int) -> Measured:
    """Started, and told to go at the same moment. Each says when it is done and its processor time, and ends once all
    are: until then what PostgreSQL did for it can be read of its processes."""
    with started(commands, settings) as processes:
        for process in processes:
            heard(process)
        of_postgres, began = seconds_of_postgres(), time.perf_counter()
        for process in processes:
            tell_on(process)
        ended, cpu = zip(*([float(word) for word in heard(process).split()] for process in processes), strict=True)
        return Measured(mails, max(ended) - began, sum(cpu) + seconds_of_postgres() - of_postgres)


def seconds_of_postgres() -> float:
    """Processor time of all PostgreSQL processes of this run, those that ended too."""
    total = 0.0
    for process in psutil.Process().children(recursive=True):
        if process.name().startswith("postgres"):
            times = process.cpu_times()
            total += times.user + times.system + times.children_user + times.children_system
    return total


@contextmanager
def started(commands: Sequence[Sequence[str]], settings: dict[str, str]) -> Iterator[list[subprocess.Popen[str]]]:
    environment, pipe = {**os.environ, **settings}, subprocess.PIPE
    processes = [subprocess.Popen(each, env=environment, stdin=pipe, stdout=pipe, text=True) for each in commands]
    try:
        yield processes
    finally:
        for process in processes:
            process.kill()
            process.wait()


def heard(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    said = process.stdout.readline()
    if not said:
        raise SystemExit(f"{process.args!r} ended with {process.wait()}")
    return said


def tell_on(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()


def await_go() -> None:
    print("ready", flush=True)
    sys.stdin.readline()


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["sender"]:
            sender()
        case ["loop", count]:
            loop(int(count))
        case ["queue", count]:
            queue(int(count))
        case _:
            main(count_given(20_000))
