"""What every role of every service needs to know before it starts, read once from the environment.

| variable | meaning |
|---|---|
| `GUESTLOOP_<SERVICE>_DATABASE` | the service's PostgreSQL, as a URL or a conninfo string |
| `GUESTLOOP_BROKER` | RabbitMQ, as an amqp:// URL |
| `GUESTLOOP_ORIGIN` | where people and guests reach all services, without a path; http://127.0.0.1:8080 where unset |
| `GUESTLOOP_KEYS` | the key ring: `index=<base64>,k1=<base64>` |

Each setting, of every module, may be kept in a file that `GUESTLOOP_…_FILE` names: secrets are mounted so.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from shared.crypto.sealing import KeyRing
from shared.errors import SettingError

LOCAL = "http://127.0.0.1:8080"
IN_A_FILE = "_FILE"


@dataclass(frozen=True)
class Settings:
    service: str
    database: str
    keyring: KeyRing
    broker_url: str = ""  # the pages and the clocks do without

    @classmethod
    def read(cls, service: str, environment: Mapping[str, str]) -> Settings:
        """Raises `SettingError` naming the variable that is missing or malformed."""
        return cls(
            service=service,
            database=needed(environment, f"GUESTLOOP_{service.upper()}_DATABASE"),
            keyring=read_keyring(environment),
            broker_url=_broker(environment),
        )

    @property
    def broker(self) -> str:
        """Raises `SettingError` where this role needs the broker and none is set."""
        if not self.broker_url:
            raise SettingError("GUESTLOOP_BROKER is not set")
        return self.broker_url


def read_setting_files(environment: MutableMapping[str, str]) -> None:
    """Settings kept in files, read in at the start of a process. Raises `SettingError` naming the variable."""
    named = [name for name in environment if name.startswith("GUESTLOOP_") and name.endswith(IN_A_FILE)]
    for name in named:
        if not (file := environment[name].strip()):
            continue
        setting, value = name.removesuffix(IN_A_FILE), _content(name, file)
        if environment.get(setting, value) != value:
            raise SettingError(f"{setting} and {name} differ: set one of them")
        environment[setting] = value


def _content(name: str, file: str) -> str:
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        raise SettingError(f"{name}: {file} cannot be read ({reason})") from error


def needed(environment: Mapping[str, str], name: str) -> str:
    value = environment.get(name, "").strip()
    if not value:
        raise SettingError(f"{name} is not set")
    return value


def address_of(environment: Mapping[str, str], name: str, default: str) -> str:
    """scheme://host[:port], without a path."""
    text = environment.get(name, "").strip().rstrip("/") or default
    split = urlsplit(text)
    if split.scheme not in ("http", "https") or not split.hostname or split.path:
        raise SettingError(f"{name} must be an address such as https://loop.example.com, not «{text}»")
    return text


def origin(environment: Mapping[str, str]) -> str:
    """Where people and guests reach all services."""
    return address_of(environment, "GUESTLOOP_ORIGIN", LOCAL)


def read_keyring(environment: Mapping[str, str]) -> KeyRing:
    if file := environment.get("GUESTLOOP_KEYS_FILE", "").strip():
        return KeyRing.parse(_content("GUESTLOOP_KEYS_FILE", file))
    try:
        return KeyRing.parse(needed(environment, "GUESTLOOP_KEYS"))
    except SettingError as error:
        raise SettingError(f"GUESTLOOP_KEYS: {error}") from error


def _broker(environment: Mapping[str, str]) -> str:
    url = environment.get("GUESTLOOP_BROKER", "").strip()
    if url and not url.startswith(("amqp://", "amqps://")):
        raise SettingError("GUESTLOOP_BROKER must be an amqp:// or amqps:// URL")
    return url
