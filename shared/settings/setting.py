"""What a setting is, and the kinds of values that settings have.

A kind is a function from the text of a variable to its value. It raises ValueError with the end of the sentence
«GUESTLOOP_… must be …»; where the text may hold a password, the sentence does not quote it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from ipaddress import ip_address
from pathlib import Path
from typing import Generic, TypeVar
from urllib.parse import urlsplit

from shared.errors import SettingError

T = TypeVar("T")
HIGHEST_PORT = 65535


class SetBy(Enum):
    """Who sets a variable where deploy/compose.yaml runs the roles."""

    OPERATOR = "you, in deploy/.env"
    SECRET = "a file in deploy/private"
    COMPOSE = "deploy/compose.yaml itself, or have no use there"


@dataclass(frozen=True)
class Setting(Generic[T]):
    """One variable. An empty one counts as not set.

    `meaning` and `default_text` (where it is more than `default`) are for people; `example` is a value that `parse`
    takes; `readers`: the roles or commands that read it.
    """

    name: str
    meaning: str
    parse: Callable[[str], T]
    default: T
    example: str
    readers: str = "every role"
    default_text: str = ""
    set_by: SetBy = SetBy.OPERATOR

    def read(self, environment: Mapping[str, str]) -> T:
        """The value, the default where it is not set. Raises `SettingError` naming the variable."""
        text = environment.get(self.name, "").strip()
        return self._parsed(text) if text else self.default

    def needed(self, environment: Mapping[str, str]) -> T:
        """The value. Raises `SettingError` naming the variable, also where it is not set."""
        text = environment.get(self.name, "").strip()
        if not text:
            raise SettingError(f"{self.name} is not set")
        return self._parsed(text)

    def _parsed(self, text: str) -> T:
        try:
            return self.parse(text)
        except SettingError as error:
            raise SettingError(f"{self.name}: {error}") from error
        except ValueError as error:
            raise SettingError(f"{self.name} must be {error}") from error


def address(text: str) -> str:
    """scheme://host[:port], without a path."""
    bare = text.rstrip("/")
    split = urlsplit(bare)
    if split.scheme not in ("http", "https") or not split.hostname or split.path:
        raise ValueError(f"an address such as https://loop.example.com, not «{bare}»")
    return bare


def secure_address(text: str) -> str:
    if not text.startswith("https://"):
        raise ValueError("an https:// URL")
    return text


def broker_address(text: str) -> str:
    if not text.startswith(("amqp://", "amqps://")):
        raise ValueError("an amqp:// or amqps:// URL")
    return text


def whole_number(least: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not text.isdecimal() or int(text) < least:
            raise ValueError(f"a whole number of at least {least}, not «{text}»")
        return int(text)

    return parse


def number_up_to(most: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not text.isdecimal() or not 0 < int(text) <= most:
            raise ValueError(f"a number from 1 to {most}, not «{text}»")
        return int(text)

    return parse


def port(text: str) -> int:
    return number_up_to(HIGHEST_PORT)(text)


def host_and_port(text: str) -> tuple[str, int]:
    """host and port of `host:port`, `:port` or `[::1]:port`."""
    host, colon, number = text.rpartition(":")
    if not colon or not number.isdecimal() or not 0 < int(number) <= HIGHEST_PORT:
        raise ValueError(f"host:port, such as 0.0.0.0:9100, not «{text}»")
    return host.strip("[]"), int(number)


def resolvers(text: str) -> tuple[tuple[str, int], ...]:
    """Address and port of `10.0.0.53:53,[fd12::53]:53`."""
    found = tuple(host_and_port(one.strip()) for one in text.split(",") if one.strip())
    for host, _ in found:
        ip_address(host)
    return found


def minutes(text: str) -> timedelta:
    if not re.fullmatch(r"\d{1,6}(\.\d{1,6})?", text) or not float(text):
        raise ValueError(f"a number of minutes above 0, not «{text}»")
    return timedelta(minutes=float(text))


def seconds(text: str) -> timedelta:
    if not re.fullmatch(r"\d{1,6}(\.\d{1,3})?", text) or not float(text):
        raise ValueError(f"a number of seconds above 0, not «{text}»")
    return timedelta(seconds=float(text))


def one_of(*choices: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in choices:
            raise ValueError(" or ".join(choices))
        return text

    return parse


def path(text: str) -> Path:
    return Path(text).expanduser()


def switch(text: str) -> bool:
    """`1` is on, anything else off."""
    return text == "1"


def domains(text: str) -> frozenset[str]:
    return frozenset(domain.strip().lower() for domain in text.split(",") if domain.strip())


def names(text: str) -> frozenset[str]:
    """As they are written, by commas."""
    return frozenset(name.strip() for name in text.split(",") if name.strip())


def countries(text: str) -> frozenset[str]:
    """Codes of two letters, by commas; `none` for none."""
    codes = [code.strip().upper() for code in text.split(",") if code.strip()]
    if codes == ["NONE"]:
        return frozenset()
    if wrong := [code for code in codes if not re.fullmatch(r"[A-Z]{2}", code)]:
        raise ValueError(f"codes of countries of two letters, by commas, or none; not «{wrong[0]}»")
    return frozenset(codes)
