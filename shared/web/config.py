"""The settings of the pages of every service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shared.errors import SettingError
from shared.settings.installation import BIND, DEMO, GATEWAY, LOCAL, ORIGIN, PROXIES


@dataclass(frozen=True)
class WebConfig:
    """`gateway`: where this service reaches the others' pages. `proxies`: how many before the pages are to be believed
    in `X-Forwarded-For`. `bind`: host:port to serve on; none where the pages are served by another process.
    """

    origin: str = LOCAL
    gateway: str = LOCAL
    demo: bool = False
    proxies: int = 0
    bind: str = ""

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> WebConfig:
        """Raises `SettingError` naming the variable."""
        origin = ORIGIN.read(environment)
        return cls(
            origin,
            gateway=GATEWAY.read(environment) or origin,
            demo=DEMO.read(environment),
            proxies=PROXIES.read(environment),
            bind=BIND.read(environment),
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
