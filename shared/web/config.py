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
from urllib.parse import urlsplit

from shared.errors import SettingError

LOCAL = "http://127.0.0.1:8080"


@dataclass(frozen=True)
class WebConfig:
    origin: str = LOCAL
    gateway: str = LOCAL
    demo: bool = False

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> WebConfig:
        """Raises `SettingError` naming the variable."""
        origin = _address(environment, "GUESTLOOP_ORIGIN", LOCAL)
        gateway = _address(environment, "GUESTLOOP_GATEWAY", origin)
        return cls(origin, gateway, environment.get("GUESTLOOP_DEMO", "").strip() == "1")

    @property
    def secure(self) -> bool:
        return self.origin.startswith("https://")


def _address(environment: Mapping[str, str], name: str, default: str) -> str:
    text = environment.get(name, "").strip().rstrip("/") or default
    split = urlsplit(text)
    if split.scheme not in ("http", "https") or not split.hostname or split.path:
        raise SettingError(f"{name} must be an address such as https://loop.example.com, not «{text}»")
    return text
