"""The five services put together over their databases, and the virtual world made of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime

from guestloop.composition.virtual_world import World
from services.campaigns.service import SERVICE as CAMPAIGNS
from services.console.service import SERVICE as CONSOLE
from services.feedback.service import SERVICE as FEEDBACK
from services.messaging.service import SERVICE as MESSAGING
from services.messaging.service import configured_by
from services.segments.service import SERVICE as SEGMENTS
from shared.bus.mailbox.consumer import MailboxConsumer
from shared.bus.mailbox.publisher import MailboxPublisher
from shared.bus.publisher import Publisher
from shared.bus.relay import Relay
from shared.bus.roles import Service
from shared.clock import Clock, VirtualClock
from shared.crypto.sealing import KeyRing
from shared.database.pool import Database
from shared.embedded.server import EmbeddedPostgres
from shared.settings.installation import DATABASES, DEMO, DIRECT, RELAY_PARTITIONS, REPLICA, REPLICA_SECONDS
from shared.settings.role import read_keyring

MANIFESTS = (SEGMENTS, CAMPAIGNS, MESSAGING, FEEDBACK, CONSOLE)
MANIFEST = {one.name: one for one in MANIFESTS}
SERVICES = tuple(MANIFEST)
"""In the order in which they are stepped."""

Wrap = Callable[[MailboxPublisher], Publisher]


@dataclass(frozen=True)
class Group:
    """All services of one installation."""

    services: Mapping[str, Service]

    def database(self, name: str) -> Database:
        return self.services[name].database

    def close(self) -> None:
        for service in self.services.values():
            service.database.close()


def database_name(service: str) -> str:
    return f"guestloop_{service}"


def prepare_databases(server: EmbeddedPostgres, keyring: KeyRing, at: datetime) -> dict[str, Database]:
    """A database a service in the embedded server, migrated to the newest schema, all at once."""
    server.create_databases([database_name(service) for service in SERVICES])
    places = {one.name: server.dsn(database_name(one.name)) for one in MANIFESTS}
    with ThreadPoolExecutor(len(MANIFESTS)) as pool:
        for migrated in [pool.submit(one.migrate, places[one.name], at) for one in MANIFESTS]:
            migrated.result()
    return {name: Database(dsn, service=name, keyring=keyring) for name, dsn in places.items()}


def databases_from(environment: Mapping[str, str]) -> dict[str, Database]:
    """The databases that `settings_of` named, in another process. Raises `SettingError`."""
    keyring, partitions = read_keyring(environment), RELAY_PARTITIONS.read(environment)
    return {
        name: Database(
            DATABASES[name].needed(environment),
            service=name,
            keyring=keyring,
            direct=DIRECT[name].read(environment),
            partitions=partitions,
            replica=REPLICA[name].read(environment),
            most_behind=REPLICA_SECONDS.read(environment),
        )
        for name in SERVICES
    }


def settings_of(group: Group) -> dict[str, str]:
    """The environment by which another process finds these databases; the key ring comes from the home."""
    databases = {name: group.database(name) for name in group.services}
    direct = {DIRECT[name].name: one.direct for name, one in databases.items() if one.is_pooled}
    replicas = {REPLICA[name].name: one.replica_dsn for name, one in databases.items() if one.replica_dsn}
    return {DATABASES[name].name: one.dsn for name, one in databases.items()} | direct | replicas


def build_group(databases: Mapping[str, Database], clock: Clock, environment: Mapping[str, str]) -> Group:
    return Group({one.name: one.build(one.read_config(environment), databases[one.name], clock) for one in MANIFESTS})


def live_group(databases: Mapping[str, Database], clock: Clock, environment: Mapping[str, str]) -> Group:
    """The same, whose messages really leave where the environment or the house says so; never those of a demo."""
    group = build_group(databases, clock, environment)
    if DEMO.read(environment):
        return group
    live = replace(MESSAGING, clocks=configured_by(environment))
    messaging = live.build(live.read_config(environment), databases[live.name], clock)
    return Group({**group.services, live.name: messaging})


def as_it_is(publisher: MailboxPublisher) -> Publisher:
    return publisher


def mailbox_publisher(services: Iterable[Service], absent: Collection[str] = ()) -> MailboxPublisher:
    """The services' mailboxes. Services in `absent` receive no messages."""
    made = list(services)
    return MailboxPublisher(
        {service.name: service.database for service in made if service.name not in absent},
        {service.name: service.subscriptions for service in made},
    )


def world_of(
    group: Group,
    clock: VirtualClock,
    wrap: Wrap = as_it_is,
    *,
    of: Collection[str] = SERVICES,
    absent: Collection[str] = (),
) -> World:
    """The roles `of` these services in this process, over mailboxes; `wrap` may wrap their publisher.
    Services in `absent` receive no messages.
    """
    services = [group.services[name] for name in of]
    mailboxes = mailbox_publisher(group.services.values(), absent)
    publisher = wrap(mailboxes)
    return World(
        clock=clock,
        relays={one.name: Relay(one.database, publisher, service=one.name) for one in services},
        consumers={one.name: MailboxConsumer(one.database, one.subscriptions, looks_first=False) for one in services},
        clocks=[(one.name, timed) for one in services for timed in one.clocks],
        addressed=mailboxes.take_addressed,
    )
