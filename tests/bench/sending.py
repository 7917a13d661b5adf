"""How fast mail leaves: `python -m tests.bench.sending [mails]`, from the word «go» until the last mail has arrived.

Ours: surveys that are due, through claim, gate, text, MIME, SMTP and record, by one sender process and by two. Beside
it a bare smtplib loop over ready bytes with as many connections, and Celery on RabbitMQ with as many worker processes
(`tests/bench/diy.py`), its tasks queued beforehand as ours are, timed from its first mail on, so that its start is not
counted. smtplib waits for the answer to each command; ours sends them in groups to a server that takes groups, as the
sink does. Everything, the mail server too, on this machine. Aims: 0.8 of the bare loop, 4 × Celery, two senders
1.7 × one.
"""

from __future__ import annotations

import os
import smtplib
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from services.messaging.channels.registry import chosen_senders
from services.messaging.commands.sending.calendar import Calendar
from services.messaging.config import Config
from services.messaging.service import sending
from shared.crypto.sealing import KeyRing
from shared.database.pool import Database
from shared.ids import make_id
from shared.telemetry.gc import tune_garbage_collector
from tests.bench.ground import Make, count_given, databases, rabbit, tell
from tests.messaging.hotel import LONG_AGO, MONDAY, Hotel, email, guest, lisbon, stay, survey
from tests.rabbit import why_not

CHUNK = 500
Sent = tuple[int, float | None]  # so many mails, since when; None: since the first arrived
QUIET = 1.0  # seconds without another mail: whoever sends is done


def main(mails: int) -> None:
    keys = KeyRing.fresh()
    rates: dict[tuple[str, int], float] = {}
    with databases(keys) as make:
        for senders in (1, 2):
            rates["bare", senders] = with_sink("bare smtplib loop", senders, lambda port, n: loops(port, mails, n))
            rates["ours", senders] = with_sink("Guestloop", senders, lambda port, n: ours(make, keys, mails, port, n))
        if why_not() is None:
            with rabbit() as url:
                for senders in (1, 2):
                    rates["diy", senders] = with_sink("Celery", senders, lambda port, n: celery(url, mails, port, n))
    for senders in (1, 2):
        print(f"{senders}: {rates['ours', senders] / rates['bare', senders]:.2f} of the bare loop", end="")
        print(f", {rates['ours', senders] / rates['diy', senders]:.1f} × Celery" if ("diy", senders) in rates else "")
    print(f"two senders {rates['ours', 2] / rates['ours', 1]:.2f} × one")


def with_sink(name: str, senders: int, send: Any) -> float:
    command = [sys.executable, "-m", "tests.bench.sink"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as sink:
        assert sink.stdout is not None
        port = int(sink.stdout.readline())
        try:
            expected, started_at = send(port, senders)
            count, first, last = arrived(port)
            assert count == expected, f"{count} mails arrived, not {expected}"
            each = f"{name}, {senders} sender{'s' if senders > 1 else ''}"
            return tell(each, count / (last - (started_at or first)), "mails")
        finally:
            sink.kill()


def arrived(port: int) -> tuple[int, float, float]:
    with smtplib.SMTP("127.0.0.1", port) as asking:
        _, answer = asking.docmd("XCOUNT")
    count, first, last = answer.split()
    return int(count), float(first), float(last)


def ours(make: Make, keys: str, mails: int, port: int, senders: int) -> Sent:
    database = make("messaging")
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
    settings = {"BENCH_DSN": database.dsn, "BENCH_KEYS": keys, "BENCH_PORT": str(port)}
    return mails, together([[sys.executable, "-m", "tests.bench.sending", "sender"]] * senders, settings)


def sender() -> None:
    """One sender role as it is configured for SMTP, until nothing is due."""
    database = Database(os.environ["BENCH_DSN"], service="messaging", keyring=KeyRing.parse(os.environ["BENCH_KEYS"]))
    smtp = {"GUESTLOOP_EMAIL": "smtp", "GUESTLOOP_SMTP_HOST": "127.0.0.1", "GUESTLOOP_SMTP_SECURITY": "none"}
    smtp |= {"GUESTLOOP_SMTP_PORT": os.environ["BENCH_PORT"], "GUESTLOOP_MAIL_FROM": "stay@bench.example"}
    config = replace(Config(), batch=int(os.environ.get("BENCH_BATCH", Config().batch)))
    role = sending(database, config, chosen_senders(smtp, database))[0]
    role.step(LONG_AGO)  # it has its session and its templates, as a role that runs has
    tune_garbage_collector()
    await_go()
    while role.step(MONDAY):
        pass


def loops(port: int, mails: int, senders: int) -> Sent:
    command = [sys.executable, "-m", "tests.bench.sending", "loop", str(mails // senders)]
    return mails // senders * senders, together([command] * senders, {"BENCH_PORT": str(port)})


def loop(mails: int) -> None:
    """As many mails of some 4 kB as bytes that are ready."""
    body = b"From: a@bench.example\r\nTo: b@mail.example.com\r\nSubject: x\r\n\r\n" + b"thank you\r\n" * 350
    server = smtplib.SMTP("127.0.0.1", int(os.environ["BENCH_PORT"]), "bench.example")
    await_go()
    for number in range(mails):
        server.sendmail("a@bench.example", [f"guest{number}@mail.example.com"], body)
    server.quit()


def celery(broker: str, mails: int, port: int, senders: int) -> Sent:
    settings = {"BENCH_BROKER": broker, "BENCH_PORT": str(port)}
    subprocess.run(
        [sys.executable, "-m", "tests.bench.sending", "queue", str(mails)], env={**os.environ, **settings}, check=True
    )
    quiet = ["--loglevel", "ERROR", "--without-gossip", "--without-mingle", "--without-heartbeat"]
    command = [sys.executable, "-m", "celery", "-A", "tests.bench.diy", "worker", "--concurrency", str(senders)]
    worker = subprocess.Popen([*command, *quiet], env={**os.environ, **settings}, stdout=subprocess.DEVNULL)
    try:
        before = -1
        while (now := arrived(port)[0]) < mails and (now > before or not now):
            before = now
            time.sleep(QUIET)
    finally:
        worker.terminate()
        worker.wait()
    return mails, None


def queue(mails: int) -> None:
    from tests.bench.diy import send

    for number in range(mails):
        send.delay(
            f"guest{number}@mail.example.com", f"Ms Silva {number}", "Casa do Rio", f"https://go.example/{number}"
        )


def together(commands: Sequence[Sequence[str]], settings: dict[str, str]) -> float:
    """Started, and told to go at the same moment: when that was."""
    with started(commands, settings) as processes:
        for process in processes:
            assert process.stdout is not None
            process.stdout.readline()
        gone_at = time.perf_counter()
        for process in processes:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        for process in processes:
            if process.wait():
                raise SystemExit(f"{process.args!r} ended with {process.returncode}")
        return gone_at


@contextmanager
def started(commands: Sequence[Sequence[str]], settings: dict[str, str]) -> Iterator[list[subprocess.Popen[str]]]:
    environment, pipe = {**os.environ, **settings}, subprocess.PIPE
    processes = [subprocess.Popen(each, env=environment, stdin=pipe, stdout=pipe, text=True) for each in commands]
    try:
        yield processes
    finally:
        for process in processes:
            process.kill()


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
            main(count_given(5_000))
