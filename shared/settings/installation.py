"""Settings of an installation: where things are, and how a role serves."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from shared.crypto.purposes import IN_THE_RING
from shared.events.console import EVERY_SERVICE
from shared.outgoing.reach import Network, networks
from shared.settings.setting import (
    SetBy,
    Setting,
    address,
    broker_address,
    host_and_port,
    minutes,
    number_up_to,
    path,
    port,
    seconds,
    switch,
    whole_number,
)

LOCAL = "http://127.0.0.1:8080"
EXAMPLE_KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
DATABASE_NAME, DIRECT_NAME, REPLICA_NAME = "GUESTLOOP_{}_DATABASE", "GUESTLOOP_{}_DIRECT", "GUESTLOOP_{}_REPLICA"

DATABASES = {
    service: Setting(
        DATABASE_NAME.format(service.upper()),
        "PostgreSQL 15 to 18, one database a service, as a URL or a conninfo string",
        str,
        "",
        f"postgresql://guestloop_{service}@postgres/guestloop_{service}",
        set_by=SetBy.SECRET,
    )
    for service in EVERY_SERVICE
}
DIRECT = {
    service: Setting(
        DIRECT_NAME.format(service.upper()),
        "the same database without the pooler, where the first names PgBouncer in transaction mode",
        str,
        "",
        f"postgresql://guestloop_{service}@postgres/guestloop_{service}",
        default_text="the first",
        set_by=SetBy.SECRET,
    )
    for service in EVERY_SERVICE
}
REPLICA = {
    service: Setting(
        REPLICA_NAME.format(service.upper()),
        "a streaming standby of the same database, or a balancer before several, that pages and exports read from",
        str,
        "",
        f"postgresql://guestloop_{service}@postgres-replica/guestloop_{service}",
        "web, `guestloop export`, `guestloop check`",
        "none",
        SetBy.SECRET,
    )
    for service in EVERY_SERVICE
}
REPLICA_SECONDS = Setting(
    "GUESTLOOP_REPLICA_SECONDS",
    "how many seconds a replica may be behind and still be read from; nobody is shown less than they saved themselves",
    seconds,
    timedelta(seconds=10),
    "10",
    "web, `guestloop export`, `guestloop check`",
    default_text="10",
)
BROKER = Setting(
    "GUESTLOOP_BROKER",
    "RabbitMQ, `amqp://user:password@host/vhost` or `amqps://…`",
    broker_address,
    "",
    "amqp://guestloop@rabbitmq/%2F",
    "relay, consumer, `guestloop topology`",
    set_by=SetBy.SECRET,
)
RELAY_PARTITIONS = Setting(
    "GUESTLOOP_RELAY_PARTITIONS",
    "how many relays of a service publish side by side, each its share of the subjects; at most 64, one number for all",
    number_up_to(64),
    1,
    "4",
)
KEYS = Setting(
    "GUESTLOOP_KEYS",
    "the key ring, `contact.1=<base64>,words.1=<base64>,…`; back it up apart from the databases",
    str,
    "",
    ",".join(f"{one}.1={EXAMPLE_KEY}" for one in IN_THE_RING),
    default_text="`keys` in the home",
    set_by=SetBy.SECRET,
)
ERASURE_KEYS = Setting(
    "GUESTLOOP_ERASURE_KEYS",
    "by what the erased are known again, `erasure.1=<base64>`; keep it for ever, apart from databases and backups",
    str,
    "",
    f"erasure.1={EXAMPLE_KEY}",
    default_text="`erasure_keys` in the home",
    set_by=SetBy.SECRET,
)
ORIGIN = Setting(
    "GUESTLOOP_ORIGIN",
    "the public address, without a path, where people and guests reach all services; `https://…`",
    address,
    LOCAL,
    "https://loop.example.com",
)
LINK_ORIGIN: Setting[str | None] = Setting(
    "GUESTLOOP_LINK_ORIGIN",
    "a short public address of the same gateway, without a path, where tracked links in messages lead; `https://…`",
    address,
    None,
    "https://go.hotel.example.com",
    "messaging",
    default_text="`GUESTLOOP_ORIGIN`",
)
GATEWAY: Setting[str | None] = Setting(
    "GUESTLOOP_GATEWAY",
    "where the services reach one another's pages",
    address,
    None,
    "http://gateway:8080",
    "web",
    default_text="the public address",
    set_by=SetBy.COMPOSE,
)
HOME = Setting(
    "GUESTLOOP_HOME",
    "the folder of an installation on one machine: its database, key ring and files",
    path,
    Path(".guestloop"),
    "/var/lib/guestloop",
    "`guestloop` commands, segments",
    set_by=SetBy.COMPOSE,
)
ERASURES: Setting[Path | None] = Setting(
    "GUESTLOOP_ERASURES",
    "the list of erased guests, which `guestloop restored` replays; keep it apart from databases and their backups",
    path,
    None,
    "/var/lib/guestloop/erasures",
    "`guestloop` commands, segments' web",
    default_text="`erasures` in the home",
    set_by=SetBy.COMPOSE,
)
PORT = Setting("GUESTLOOP_PORT", "the port of `guestloop up`", port, 8080, "8081", "`guestloop up`", "", SetBy.COMPOSE)


def origin_of(environment: Mapping[str, str]) -> str:
    """Where guests' links lead: as it is set, else to this machine, at the port of `guestloop up`."""
    given = environment.get(ORIGIN.name, "").strip()
    return ORIGIN.read(environment) if given else f"http://127.0.0.1:{PORT.read(environment)}"


# How a role serves

BIND = Setting(
    "GUESTLOOP_BIND", "host:port of the pages", str, "", "0.0.0.0:8000", "web, `guestloop up`", "", SetBy.COMPOSE
)
SIDE_BIND: Setting[tuple[str, int] | None] = Setting(
    "GUESTLOOP_SIDE_BIND",
    "host:port of a role's `/health`, `/ready` and `/metrics`; for the inside only",
    host_and_port,
    None,
    "0.0.0.0:9000",
    set_by=SetBy.COMPOSE,
)
PROXIES = Setting(
    "GUESTLOOP_PROXIES",
    "how many proxies of your own stand before the web: whose address counts when passwords are guessed",
    whole_number(0),
    0,
    "1",
    "web",
    set_by=SetBy.COMPOSE,
)
SESSION_MINUTES = Setting(
    "GUESTLOOP_SESSION_MINUTES",
    "after how many minutes somebody signs in again, however busy they were",
    minutes,
    timedelta(hours=12),
    "720",
    "web",
    default_text="720",
)
SESSION_IDLE_MINUTES = Setting(
    "GUESTLOOP_SESSION_IDLE_MINUTES",
    "after how many minutes without a page somebody signs in again",
    minutes,
    timedelta(hours=4),
    "240",
    "web",
    default_text="240",
)
CONTACTS_AN_HOUR = Setting(
    "GUESTLOOP_CONTACTS_AN_HOUR",
    "of how many guests somebody is shown addresses, numbers and words in full within an hour, in each service",
    whole_number(1),
    150,
    "150",
    "web",
)
API_A_MINUTE = Setting(
    "GUESTLOOP_API_A_MINUTE",
    "how many requests one key may make within a minute, in each service",
    whole_number(1),
    600,
    "600",
    "web",
)
HEARTBEATS = Setting(
    "GUESTLOOP_HEARTBEATS",
    "`0`: pages stay open to people however long a service has heard nothing of whose access ended",
    switch,
    True,
    "0",
    "web, console's `heartbeat`",
    default_text="on",
)
OUTGOING_NETWORKS: Setting[tuple[Network, ...]] = Setting(
    "GUESTLOOP_OUTGOING_NETWORKS",
    "networks, by commas, that requests to other systems may reach although they are not public",
    networks,
    (),
    "10.20.0.0/16,fd12::7",
    "console's web and `webhooks`, messaging, feedback, segments' `systems`",
    default_text="none",
)
TRACES: Setting[str | None] = Setting(
    "GUESTLOOP_TRACES",
    "an OpenTelemetry collector (OTLP over HTTP); nothing is traced without it",
    address,
    None,
    "http://collector:4318",
)
DEMO = Setting(
    "GUESTLOOP_DEMO",
    "`1`: every page says that its figures are invented; `guestloop up --demo` sets it",
    switch,
    False,
    "1",
    "web, the engine of `guestloop up`",
    default_text="off",
    set_by=SetBy.COMPOSE,
)
