"""The settings of segments.

| variable | meaning | default |
|---|---|---|
| `GUESTLOOP_AGENCY_DOMAINS` | e-mail domains of travel agencies and bookers, by commas | – |
| `GUESTLOOP_IMPORTS` | where files wait for their import, shared by web and clock | `imports` in `GUESTLOOP_HOME` |
| `GUESTLOOP_WATCHED` | a folder whose files are imported by themselves | – |
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from shared.embedded.home import DEFAULT_HOME


@dataclass(frozen=True)
class Config:
    """`agency_domains`: e-mail domains of travel agencies and bookers, beside those known by their role addresses."""

    agency_domains: frozenset[str] = frozenset()
    imports: Path = Path(DEFAULT_HOME) / "imports"
    watched: Path | None = None

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Config:
        domains = environment.get("GUESTLOOP_AGENCY_DOMAINS", "")
        home = Path(environment.get("GUESTLOOP_HOME") or DEFAULT_HOME).expanduser()
        imports = environment.get("GUESTLOOP_IMPORTS", "").strip()
        watched = environment.get("GUESTLOOP_WATCHED", "").strip()
        return cls(
            frozenset(domain.strip().lower() for domain in domains.split(",") if domain.strip()),
            (Path(imports).expanduser() if imports else home / "imports").absolute(),
            Path(watched).expanduser().absolute() if watched else None,
        )
