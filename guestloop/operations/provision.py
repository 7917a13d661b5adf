"""The secrets of a server installation, made once: the key ring, passwords, and files for PostgreSQL and RabbitMQ.

One user a service: in PostgreSQL with a database of its own and no way into another, in RabbitMQ as
`guestloop.composition.broker_definitions` says. What is there already stays: made again after an upgrade, only the
broker's definitions, the databases' scripts, what the pooler is told and each service's share of the key ring are new.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from guestloop.composition.broker_definitions import SETUP, definitions_with_users, user_of
from guestloop.composition.services import SERVICES, database_name
from shared.crypto.purposes import IN_THE_RING, Hashing
from shared.crypto.sealing import KeyRing
from shared.crypto.streams import StreamKeys
from shared.errors import InputError

GIVEN_BY_OTHERS = (
    *("smtp_password", "twilio_token", "oidc_secret"),
    *("imap_password", "mailgun_key", "postmark_secret", "pictures_secret", "files_secret"),
)
"""Empty until somebody writes into them what a provider gave."""
BACKUP = "backup"
POOLER, REPLICA = "pooler:6432", "postgres-replica:5432"
Make = Callable[[], str]


def provision(folder: Path, *, database_host: str, broker_host: str, replica_host: str | None = None) -> list[str]:
    """Make what is missing; the names of the files made now. `replica_host` replaces the one that stands there.

    The folder is closed to others, its files are not: each is mounted alone into containers that run as somebody whom
    this machine does not know.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        new = [
            name
            for name, make in _secrets(database_host, broker_host).items()
            if not (folder / name).exists() and _write(folder / name, make())
        ]
        write_keys_of_services(folder)
        _write(folder / "definitions.json", _definitions(folder))
        _write(folder / "databases.sql", "".join(_database(folder, one) for one in SERVICES))
        _write_of_the_pooler(folder)
        _write_of_the_replica(folder, replica_host)
        _write(folder / "backup.sql", _backup(folder))
    except OSError as error:
        raise InputError(f"the secrets cannot be written into {folder}: {error.strerror}") from error
    return new


def _secrets(database_host: str, broker_host: str) -> dict[str, Make]:
    made: dict[str, Make] = {"postgres": _password, "setup_broker": _amqp(SETUP, broker_host)}
    made |= {"keys": lambda: KeyRing.fresh(IN_THE_RING), "erasure_keys": lambda: KeyRing.fresh(tuple(Hashing))}
    made |= {"backup_keys": lambda: StreamKeys.fresh(f"{BACKUP}.1")}
    made["backup_database"] = lambda: f"postgresql://{user_of(BACKUP)}:{quote(_password())}@{database_host}/postgres"
    made |= dict.fromkeys(GIVEN_BY_OTHERS, str)
    for service in SERVICES:
        made[f"{service}_database"] = _postgresql(service, database_host)
        made[f"{service}_broker"] = _amqp(user_of(service), broker_host)
    return made


def write_keys_of_services(folder: Path) -> None:
    """What each service is given of the key ring and of the erasure keys, in a file of its own."""
    texts = [(folder / name).read_text(encoding="utf-8") for name in ("keys", "erasure_keys")]
    for service in SERVICES:
        _write(folder / f"{service}_keys", KeyRing.parse(*texts).held_by(service).text())


def has_shares(folder: Path) -> bool:
    """Whether the services have key rings of their own here; in a home they share one."""
    return (folder / f"{SERVICES[0]}_keys").exists()


def _password() -> str:
    return secrets.token_urlsafe(24)


def _postgresql(service: str, host: str) -> Make:
    return lambda: f"postgresql://{user_of(service)}:{quote(_password())}@{host}/{database_name(service)}"


def _amqp(user: str, host: str) -> Make:
    return lambda: f"amqp://{user}:{quote(_password())}@{host}/%2F"


def _definitions(folder: Path) -> str:
    passwords = {user_of(one): password_in(folder / f"{one}_broker") for one in SERVICES}
    passwords[SETUP] = password_in(folder / "setup_broker")
    return json.dumps(definitions_with_users(passwords), indent=1)


def _database(folder: Path, service: str) -> str:
    """For a server that has none of it; read once, by its first start."""
    name, word = database_name(service), password_in(folder / f"{service}_database").replace("'", "''")
    return (
        f"create role {user_of(service)} login password '{word}';\n"
        f"create database {name} owner {user_of(service)} template template0"
        " encoding 'UTF8' lc_collate 'C' lc_ctype 'C.UTF-8';\n"
        f"revoke all on database {name} from public;\n"
    )


def _write_of_the_pooler(folder: Path) -> None:
    """Where the roles find their databases behind PgBouncer, by the same users, whom it is told of; nobody reads it
    where none is started."""
    users = list[str]()
    for service in SERVICES:
        direct = folder / f"{service}_database"
        url = urlsplit(direct.read_text(encoding="utf-8").strip())
        who, word = unquote(url.username or user_of(service)), password_in(direct)
        place = f"postgresql://{quote(who)}:{quote(word, safe='')}@{POOLER}{url.path}"
        _write(folder / f"{service}_pooled", place)
        users.append(" ".join('"' + one.replace('"', '""') + '"' for one in (who, word)))
    _write(folder / "pooler_users", "\n".join(users))


def _write_of_the_replica(folder: Path, host: str | None) -> None:
    """Where pages find what follows their databases: the same users of the same names, at `host` or at the one that
    somebody wrote there, with the options that stand there; nobody reads it where there is none."""
    for service in SERVICES:
        url = urlsplit((folder / f"{service}_database").read_text(encoding="utf-8").strip())
        path = folder / f"{service}_replica"
        before = urlsplit(path.read_text(encoding="utf-8").strip() if path.exists() else "")
        place = host or before.netloc.rpartition("@")[2] or REPLICA
        _write(path, url._replace(netloc=f"{url.netloc.rpartition('@')[0]}@{place}", query=before.query).geturl())


def password_in(path: Path) -> str:
    """The password of the URL in a file, which somebody may have changed."""
    word = urlsplit(path.read_text(encoding="utf-8").strip()).password
    if not word:
        raise InputError(f"{path} holds no URL with a password: put it back, or remove it to have it made anew")
    return unquote(word)


def _backup(folder: Path) -> str:
    """The user of the backups, who replicates and reads all and changes nothing. It may be run again, in the database
    `postgres`: what is there already is given the password of the file anew.
    """
    user, word = user_of(BACKUP), password_in(folder / "backup_database").replace("'", "''")
    connects = "".join(f"grant connect on database {database_name(one)} to {user};\n" for one in SERVICES)
    return (
        f"select 'create role {user}' where not exists (select from pg_roles where rolname = '{user}') \\gexec\n"
        f"alter role {user} login replication connection limit 20 password '{word}';\n"
        f"grant pg_read_all_data, pg_read_all_stats to {user};\n"
        f"grant execute on function pg_create_restore_point(text), pg_switch_wal() to {user};\n{connects}"
    )


def _write(path: Path, text: str) -> bool:
    new = path.with_name(f"{path.name}.new")
    new.write_text(f"{text}\n" if text else "", encoding="utf-8")
    new.chmod(0o444)
    new.replace(path)
    return True
