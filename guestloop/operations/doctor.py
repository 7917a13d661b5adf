"""What is wrong with an installation's settings, home, databases, broker and senders, and how to mend it."""

from __future__ import annotations

import shutil
import smtplib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import pika
import psycopg

from guestloop.backup.folder import BackupFolder
from guestloop.backup.told import age_of, problem_of
from guestloop.composition.services import MANIFEST, SERVICES
from guestloop.operations.connect import NoHome, connect, on_servers
from guestloop.supervisor.up import LocalAddress
from services.campaigns.config import Config as CampaignsConfig
from services.console.config import Config as ConsoleConfig
from services.feedback.config import Config as FeedbackConfig
from services.messaging.channels.registry import chosen_senders
from services.messaging.channels.sender import Sender
from services.messaging.config import Config as MessagingConfig
from services.messaging.queries.senders import resting
from services.messaging.store.senders.outages import standing
from services.messaging.store.senders.rows import senders
from services.segments.config import Config as SegmentsConfig
from shared.clock import Clock
from shared.crypto.sealing import KeyRing
from shared.database.migrate import SHARED_MIGRATIONS, pending
from shared.database.pool import Database
from shared.database.replica import Because, ReplicaFailed
from shared.embedded.home import Home
from shared.errors import DatabaseUnavailable, GuestloopError
from shared.settings import providers
from shared.settings.backups import BACKUPS
from shared.settings.environment import unknown_settings
from shared.settings.installation import BROKER, REPLICA
from shared.web.config import WebConfig

Environment = Mapping[str, str]
CONFIGS = (SegmentsConfig, CampaignsConfig, MessagingConfig, FeedbackConfig, ConsoleConfig, WebConfig)
TELLS_SENDERS = (providers.EMAIL, providers.SMS, providers.WHATSAPP)
LEAST_FREE = 1_000_000_000  # bytes
BROKER_ANSWERS_WITHIN = 5
WHICH = "select system_identifier, current_database() from pg_control_system()"


@dataclass(frozen=True)
class CheckResult:
    """`problem`: None where all is well, else what is wrong and what to do."""

    what: str
    detail: str = ""
    problem: str | None = None


def check(environment: Environment, clock: Clock) -> Iterator[CheckResult]:
    """Each thing looked at, one after another; a problem with one does not keep the others from being looked at."""
    yield from _settings(environment)
    yield _free_space(environment)
    yield from _databases(environment, clock)
    yield _broker(environment)
    yield from _senders(environment)
    yield from _backups(environment, clock)


def _settings(environment: Environment) -> Iterator[CheckResult]:
    readers: list[tuple[str, Callable[[Environment], object]]] = [
        (f"settings of {config.__module__.split('.')[1]}", config.read) for config in CONFIGS
    ]
    for what, read in [*readers, ("port", LocalAddress.from_environment)]:
        yield _checked(what, partial(_read, read, environment))
    for name, nearest in unknown_settings(environment).items():
        meant = f"; is {nearest} meant?" if nearest else ""
        yield CheckResult(f"setting {name}", problem=f"no such setting{meant}")


def _read(read: Callable[[Environment], object], environment: Environment) -> str:
    read(environment)
    return "read"


def _checked(what: str, look: Callable[[], str]) -> CheckResult:
    try:
        return CheckResult(what, look())
    except GuestloopError as error:
        return CheckResult(what, problem=str(error))


def _free_space(environment: Environment) -> CheckResult:
    place = Home.from_environment(environment).path
    existing = next(folder for folder in (place, *place.parents) if folder.exists())
    free = shutil.disk_usage(existing).free
    problem = None if free >= LEAST_FREE else "less than 1 GB is free: make room, or name another GUESTLOOP_HOME"
    return CheckResult("disk", f"{free / 1e9:.0f} GB free at {existing}", problem)


def _databases(environment: Environment, clock: Clock) -> Iterator[CheckResult]:
    try:
        with connect(environment, clock) as installation:
            for name in SERVICES:
                yield _database(name, installation.group.database(name))
                if installation.group.database(name).replica:
                    yield replica_of(name, installation.group.database(name))
            yield from _house_senders(installation.group.database("messaging"), clock.now())
    except NoHome:
        yield CheckResult("home", "none yet: guestloop up makes it")
    except GuestloopError as error:
        yield CheckResult("databases", problem=str(error))


def _database(name: str, database: Database) -> CheckResult:
    what = f"database of {name}"
    try:
        missing = pending(database.direct, [SHARED_MIGRATIONS, MANIFEST[name].migrations])
    except psycopg.OperationalError as error:
        reason = str(error).strip().splitlines()[0]
        return CheckResult(what, problem=f"{reason}: is GUESTLOOP_{name.upper()}_DATABASE right, and the server up?")
    if missing:
        return CheckResult(what, problem=f"{len(missing)} migrations are missing: run guestloop migrate")
    return CheckResult(what, "answers, schema up to date")


def replica_of(name: str, database: Database) -> CheckResult:
    """Whether pages may read from it, and from what they read otherwise."""
    assert database.replica is not None
    found, setting = database.replica.look(), REPLICA[name].name
    problem = {
        Because.AWAY: f"it does not answer: is {setting} right, and the server up? Pages read from the primary",
        Because.BEHIND: "it is too far behind, and pages read from the primary: GuestloopReplicaBehind in "
        "docs/operations.md says why that may be",
        Because.NO_STANDBY: f"a primary answers there, and pages do not read from it: name a standby in {setting}",
    }.get(found.because) if found.because else None  # fmt: skip
    if problem is None and not _is_copy(database):
        problem = f"it is a standby of another server: name one of this database in {setting}"
    return CheckResult(f"replica of {name}", f"read from, {found.behind or 0:.0f} s behind at most", problem)


def _is_copy(database: Database) -> bool:
    """Of the database that is written to; true where one of them does not say."""
    try:
        with database.transaction() as tx, database.reading() as there:
            return tx.execute(WHICH).fetchone() == there.execute(WHICH).fetchone()
    except (psycopg.Error, ReplicaFailed):
        return True


def _house_senders(database: Database, now: datetime) -> Iterator[CheckResult]:
    """Those that were set up on screen: on or paused, and what troubles them."""
    try:
        with database.transaction() as tx:
            found, troubles = senders(tx), {number: reason for number, _, reason in resting(tx, now)}
            out = standing(tx, now)
    except (psycopg.Error, DatabaseUnavailable):
        return  # what ails the database was said
    for one in found:
        what = f"sender «{one.name}» ({one.channel})"
        if one.sender_id in troubles:
            reason = troubles[one.sender_id] or "no reason given"
            yield CheckResult(what, problem=f"it rests after a failure ({reason}): test it on the page «Senders»")
        else:
            yield CheckResult(what, one.state)
    for outage in out:
        why = " ".join(filter(None, (outage.reason, outage.detail)))
        problem = (
            f"{outage.waiting} messages wait: it has taken nothing since {outage.since:%Y-%m-%d %H:%M} UTC ({why})"
        )
        yield CheckResult(f"sending by {outage.name or outage.channel}", problem=problem)


def _broker(environment: Environment) -> CheckResult:
    url = environment.get(BROKER.name, "").strip()
    if not url:
        if on_servers(environment):
            return CheckResult("broker", problem="GUESTLOOP_BROKER is not set: services apart need RabbitMQ, amqp://…")
        return CheckResult("broker", "none: messages go through the databases")
    try:
        parameters = pika.URLParameters(url)
        parameters.socket_timeout = parameters.blocked_connection_timeout = BROKER_ANSWERS_WITHIN
        pika.BlockingConnection(parameters).close()
    except (pika.exceptions.AMQPError, OSError, ValueError) as error:
        reason = str(error) or type(error).__name__
        return CheckResult(
            "broker", problem=f"RabbitMQ does not answer ({reason}): is GUESTLOOP_BROKER right, and it up?"
        )
    return CheckResult("broker", "RabbitMQ answers")


def _backups(environment: Environment, clock: Clock) -> Iterator[CheckResult]:
    """Nothing of them where no folder is named."""
    if BACKUPS.read(environment):
        folder = BackupFolder.of(environment)
        yield CheckResult("backups", age_of(folder, clock.now()), problem_of(folder, clock.now()))


def _senders(environment: Environment) -> Iterator[CheckResult]:
    """Those of the environment, where it is told them: a place apart from the roles may know nothing of them."""
    if on_servers(environment) and not any(one.name in environment for one in TELLS_SENDERS):
        yield CheckResult("senders", "not told here: ask where the roles' settings are (deploy/guestloop check)")
        return
    nowhere = Database("", service="messaging", keyring=KeyRing.parse(KeyRing.fresh()))
    try:
        senders: Mapping[str, Sender] = chosen_senders(environment, nowhere)
        config = MessagingConfig.read(environment)
    except GuestloopError as error:
        yield CheckResult("senders", problem=str(error))
        return
    for channel, sender in senders.items():
        yield CheckResult(f"sender of {channel}", sender.name if not sender.is_sandbox else _sandboxed(channel, config))
    if providers.EMAIL.read(environment) == "smtp":
        yield _mail_server(environment)


def _sandboxed(channel: str, config: MessagingConfig) -> str:
    if channel in config.open_channels:
        return "the house decides on its pages; until it is live nothing is sent (guestloop senders)"
    return "sandbox: nothing is sent"


def _mail_server(environment: Environment) -> CheckResult:
    host, port = providers.SMTP_HOST.needed(environment), providers.SMTP_PORT.read(environment)
    try:
        with smtplib.SMTP(host, port, timeout=BROKER_ANSWERS_WITHIN) as server:
            server.noop()
    except (OSError, smtplib.SMTPException) as error:
        return CheckResult("mail server", problem=f"{host}:{port} does not answer ({error}): see GUESTLOOP_SMTP_HOST")
    return CheckResult("mail server", f"{host}:{port} answers")
