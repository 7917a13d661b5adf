"""What pages need to know of the world outside, read once from the environment.

| variable | meaning | default |
|---|---|---|
| `GUESTLOOP_ORIGIN` | where people and guests reach all services, without a path | `http://127.0.0.1:8080` |
| `GUESTLOOP_GATEWAY` | where the services reach one another's pages | the same |
| `GUESTLOOP_DEMO` | `1`: every page says that its figures are invented | – |
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shared.settings import LOCAL, address_of, origin


@dataclass(frozen=True)
class WebConfig:
    origin: str = LOCAL
    gateway: str = LOCAL
    demo: bool = False

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> WebConfig:
        """Raises `SettingError` naming the variable."""
        public = origin(environment)
        gateway = address_of(environment, "GUESTLOOP_GATEWAY", public)
        return cls(public, gateway, environment.get("GUESTLOOP_DEMO", "").strip() == "1")

    @property
    def secure(self) -> bool:
        return self.origin.startswith("https://")
