"""What every role of every service needs to know before it starts, read once from the environment.

| variable | meaning |
|---|---|
| `GUESTLOOP_<SERVICE>_DATABASE` | the service's PostgreSQL, as a URL or a conninfo string |
| `GUESTLOOP_BROKER` | RabbitMQ, as an amqp:// URL |
| `GUESTLOOP_ORIGIN` | where people and guests reach all services, without a path; http://127.0.0.1:8080 where unset |
| `GUESTLOOP_KEYS` or `GUESTLOOP_KEYS_FILE` | the key ring: `index=<base64>,k1=<base64>` |
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from shared.errors import SettingError
from shared.sealing import KeyRing

LOCAL = "http://127.0.0.1:8080"


@dataclass(frozen=True)
class Settings:
    service: str
    database: str
    broker: str
    keyring: KeyRing

    @classmethod
    def read(cls, service: str, environment: Mapping[str, str]) -> Settings:
        """Raises `SettingError` naming the variable that is missing or malformed."""
        return cls(
            service=service,
            database=needed(environment, f"GUESTLOOP_{service.upper()}_DATABASE"),
            broker=_broker(environment),
            keyring=read_keyring(environment),
        )


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
        try:
            return KeyRing.parse(Path(file).read_text())
        except OSError as error:
            raise SettingError(f"GUESTLOOP_KEYS_FILE: {file} cannot be read ({error.strerror})") from error
    try:
        return KeyRing.parse(needed(environment, "GUESTLOOP_KEYS"))
    except SettingError as error:
        raise SettingError(f"GUESTLOOP_KEYS: {error}") from error


def _broker(environment: Mapping[str, str]) -> str:
    url = needed(environment, "GUESTLOOP_BROKER")
    if not url.startswith(("amqp://", "amqps://")):
        raise SettingError("GUESTLOOP_BROKER must be an amqp:// or amqps:// URL")
    return url
