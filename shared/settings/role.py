"""What every role of every service needs before it starts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from shared.crypto.purposes import Hashing
from shared.crypto.sealing import KeyRing
from shared.errors import SettingError
from shared.settings import installation


@dataclass(frozen=True)
class Settings:
    service: str
    database: str
    keyring: KeyRing
    broker_url: str = ""  # the pages and the clocks do without
    partitions: int = 1
    direct: str = ""  # where `database` names a pooler: the same, for what needs a session
    replica: str = ""
    most_behind: timedelta = installation.REPLICA_SECONDS.default

    @classmethod
    def read(cls, service: str, environment: Mapping[str, str]) -> Settings:
        """Raises `SettingError` naming the variable that is missing or malformed."""
        return cls(
            service=service,
            database=installation.DATABASES[service].needed(environment),
            keyring=keyring_of(service, environment),
            broker_url=installation.BROKER.read(environment),
            direct=installation.DIRECT[service].read(environment),
            partitions=installation.RELAY_PARTITIONS.read(environment),
            replica=installation.REPLICA[service].read(environment),
            most_behind=installation.REPLICA_SECONDS.read(environment),
        )

    @property
    def broker(self) -> str:
        """Raises `SettingError` where this role needs the broker and none is set."""
        if not self.broker_url:
            raise SettingError(f"{installation.BROKER.name} is not set")
        return self.broker_url


def read_keyring(environment: Mapping[str, str]) -> KeyRing:
    try:
        return KeyRing.parse(installation.KEYS.needed(environment), installation.ERASURE_KEYS.read(environment))
    except SettingError as error:
        raise SettingError(f"{installation.KEYS.name}: {error}") from error


def keyring_of(service: str, environment: Mapping[str, str]) -> KeyRing:
    """The keys of one service. The erasure key alone may be missing, until somebody is erased."""
    keyring = read_keyring(environment).held_by(service)
    if missing := [one for one in keyring.missing() if not isinstance(one, Hashing)]:
        raise SettingError(f"{installation.KEYS.name}: no key of the purpose «{missing[0]}», which {service} needs")
    return keyring
