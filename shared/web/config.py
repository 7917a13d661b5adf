"""The settings of the pages of every service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from shared.errors import SettingError
from shared.settings.installation import (
    API_A_MINUTE,
    BIND,
    CONTACTS_AN_HOUR,
    DEMO,
    GATEWAY,
    HEARTBEATS,
    LOCAL,
    PROXIES,
    SESSION_IDLE_MINUTES,
    SESSION_MINUTES,
    origin_of,
)


@dataclass(frozen=True)
class WebConfig:
    """`gateway`: where this service reaches the others' pages. `proxies`: how many before the pages are to be believed
    in `X-Forwarded-For`. `bind`: host:port to serve on; none where the pages are served by another process.
    `session_lasts`: from the sign-in to the end, however busy; `session_idle`: how long it lasts unused.
    `contacts_an_hour`: of how many guests one person is shown contacts and words in full within an hour.
    `heartbeats`: whether pages close to people while nothing is heard of whose access ended.
    `api_a_minute`: requests that one key may make within a minute.
    """

    origin: str = LOCAL
    gateway: str = LOCAL
    demo: bool = False
    proxies: int = 0
    bind: str = ""
    session_lasts: timedelta = SESSION_MINUTES.default
    session_idle: timedelta = SESSION_IDLE_MINUTES.default
    contacts_an_hour: int = CONTACTS_AN_HOUR.default
    heartbeats: bool = HEARTBEATS.default
    api_a_minute: int = API_A_MINUTE.default

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> WebConfig:
        """Raises `SettingError` naming the variable."""
        origin = origin_of(environment)
        return cls(
            origin,
            gateway=GATEWAY.read(environment) or origin,
            demo=DEMO.read(environment),
            proxies=PROXIES.read(environment),
            bind=BIND.read(environment),
            session_lasts=SESSION_MINUTES.read(environment),
            session_idle=SESSION_IDLE_MINUTES.read(environment),
            contacts_an_hour=CONTACTS_AN_HOUR.read(environment),
            heartbeats=HEARTBEATS.read(environment),
            api_a_minute=API_A_MINUTE.read(environment),
        )

    @property
    def address(self) -> str:
        """Raises `SettingError` where this process serves pages and no address is set."""
        if not self.bind:
            raise SettingError(f"{BIND.name} is not set")
        return self.bind

    @property
    def secure(self) -> bool:
        return self.origin.startswith("https://")
