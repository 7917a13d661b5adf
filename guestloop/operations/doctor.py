"""What is wrong with an installation's settings, home, databases, broker and senders, and how to mend it."""

from __future__ import annotations

import shutil
import smtplib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import pika
import psycopg

from guestloop.composition.services import MANIFEST, SERVICES
from guestloop.operations.connect import NoHome, on_servers, reach
from guestloop.supervisor.up import Place
from services.campaigns.config import Config as CampaignsConfig
from services.console.config import Config as ConsoleConfig
from services.feedback.config import Config as FeedbackConfig
from services.messaging.config import Config as MessagingConfig
from services.messaging.senders import Sender
from services.messaging.senders.choosing import chosen_senders
from services.segments.config import Config as SegmentsConfig
from shared.clock import Clock
from shared.crypto.sealing import KeyRing
from shared.database.migrate import SHARED_MIGRATIONS, pending
from shared.database.pool import Database
from shared.embedded.home import Home
from shared.errors import GuestloopError
from shared.web.config import WebConfig

Environment = Mapping[str, str]
CONFIGS = (SegmentsConfig, CampaignsConfig, MessagingConfig, FeedbackConfig, ConsoleConfig, WebConfig)
LEAST_FREE = 1_000_000_000  # bytes
BROKER_ANSWERS_WITHIN = 5


@dataclass(frozen=True)
class Finding:
    """`problem`: None where all is well, else what is wrong and what to do."""

    what: str
    detail: str = ""
    problem: str | None = None


def check(environment: Environment, clock: Clock) -> Iterator[Finding]:
    """Each thing looked at, one after another; a problem with one does not keep the others from being looked at."""
    yield from _settings(environment)
    yield _free_space(environment)
    yield from _databases(environment, clock)
    yield _broker(environment)
    yield from _senders(environment)


def _settings(environment: Environment) -> Iterator[Finding]:
    readers: list[tuple[str, Callable[[Environment], object]]] = [
        (f"settings of {config.__module__.split('.')[1]}", config.read) for config in CONFIGS
    ]
    for what, read in [*readers, ("port", Place.from_environment)]:
        yield _tried(what, partial(_read, read, environment))


def _read(read: Callable[[Environment], object], environment: Environment) -> str:
    read(environment)
    return "read"


def _tried(what: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(what, look())
    except GuestloopError as error:
        return Finding(what, problem=str(error))


def _free_space(environment: Environment) -> Finding:
    place = Home.from_environment(environment).path
    existing = next(folder for folder in (place, *place.parents) if folder.exists())
    free = shutil.disk_usage(existing).free
    problem = None if free >= LEAST_FREE else "less than 1 GB is free: make room, or name another GUESTLOOP_HOME"
    return Finding("disk", f"{free / 1e9:.0f} GB free at {existing}", problem)


def _databases(environment: Environment, clock: Clock) -> Iterator[Finding]:
    try:
        with reach(environment, clock) as reached:
            for name in SERVICES:
                yield _database(name, reached.group.database(name))
    except NoHome:
        yield Finding("home", "none yet: guestloop up makes it")
    except GuestloopError as error:
        yield Finding("databases", problem=str(error))


def _database(name: str, database: Database) -> Finding:
    what = f"database of {name}"
    try:
        missing = pending(database.dsn, [SHARED_MIGRATIONS, MANIFEST[name].migrations])
    except psycopg.OperationalError as error:
        reason = str(error).strip().splitlines()[0]
        return Finding(what, problem=f"{reason}: is GUESTLOOP_{name.upper()}_DATABASE right, and the server up?")
    if missing:
        return Finding(what, problem=f"{len(missing)} migrations are missing: run guestloop migrate")
    return Finding(what, "answers, schema up to date")


def _broker(environment: Environment) -> Finding:
    url = environment.get("GUESTLOOP_BROKER", "").strip()
    if not url:
        if on_servers(environment):
            return Finding("broker", problem="GUESTLOOP_BROKER is not set: services apart need RabbitMQ, amqp://…")
        return Finding("broker", "none: messages go through the databases")
    try:
        parameters = pika.URLParameters(url)
        parameters.socket_timeout = parameters.blocked_connection_timeout = BROKER_ANSWERS_WITHIN
        pika.BlockingConnection(parameters).close()
    except (pika.exceptions.AMQPError, OSError, ValueError) as error:
        reason = str(error) or type(error).__name__
        return Finding("broker", problem=f"RabbitMQ does not answer ({reason}): is GUESTLOOP_BROKER right, and it up?")
    return Finding("broker", "RabbitMQ answers")


def _senders(environment: Environment) -> Iterator[Finding]:
    nowhere = Database("", service="messaging", keyring=KeyRing.parse(KeyRing.fresh()))
    try:
        senders: Mapping[str, Sender] = chosen_senders(environment, nowhere)
    except GuestloopError as error:
        yield Finding("senders", problem=str(error))
        return
    for channel in senders:
        chosen = environment.get(f"GUESTLOOP_{channel.upper()}", "").strip() or "sandbox"
        detail = "sandbox: nothing leaves the house" if chosen == "sandbox" else chosen
        yield Finding(f"sender of {channel}", detail)
    if environment.get("GUESTLOOP_EMAIL", "").strip() == "smtp":
        yield _mail_server(environment)


def _mail_server(environment: Environment) -> Finding:
    host, port = environment["GUESTLOOP_SMTP_HOST"], int(environment.get("GUESTLOOP_SMTP_PORT") or 587)
    try:
        with smtplib.SMTP(host, port, timeout=BROKER_ANSWERS_WITHIN) as server:
            server.noop()
    except (OSError, smtplib.SMTPException) as error:
        return Finding("mail server", problem=f"{host}:{port} does not answer ({error}): see GUESTLOOP_SMTP_HOST")
    return Finding("mail server", f"{host}:{port} answers")
