"""What pages need to know of the world outside, read once from the environment.

| variable | meaning | default |
|---|---|---|
| `GUESTLOOP_ORIGIN` | where people and guests reach all services, without a path | `http://127.0.0.1:8080` |
| `GUESTLOOP_GATEWAY` | where the services reach one another's pages | the same |
| `GUESTLOOP_PROXIES` | how many proxies of ours stand before the pages and say by `X-Forwarded-For` who asks | `0` |
| `GUESTLOOP_DEMO` | `1`: every page says that its figures are invented | – |
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shared.errors import SettingError
from shared.settings import LOCAL, address_of, origin


@dataclass(frozen=True)
class WebConfig:
    origin: str = LOCAL
    gateway: str = LOCAL
    demo: bool = False
    proxies: int = 0

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> WebConfig:
        """Raises `SettingError` naming the variable."""
        public = origin(environment)
        gateway = address_of(environment, "GUESTLOOP_GATEWAY", public)
        demo = environment.get("GUESTLOOP_DEMO", "").strip() == "1"
        return cls(public, gateway, demo, _proxies(environment))

    @property
    def secure(self) -> bool:
        return self.origin.startswith("https://")


def _proxies(environment: Mapping[str, str]) -> int:
    text = environment.get("GUESTLOOP_PROXIES", "").strip() or "0"
    if not text.isdecimal():
        raise SettingError(f"GUESTLOOP_PROXIES must be a number such as 1, not «{text}»")
    return int(text)
