"""A home with the demo group in it: what it was made of, and how to sign in."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from guestloop.demo.cast import ADMINISTRATOR
from shared.embedded.home import Home

SEED = 7


@dataclass(frozen=True)
class DemoHome:
    """`demo/` in a home: the export the group was made of, and how to sign in."""

    home: Home

    @property
    def folder(self) -> Path:
        return self.home.path / "demo"

    @property
    def export(self) -> Path:
        """The group's reservations, those to come as well."""
        return self.folder / "life.csv"

    @property
    def can_be_made(self) -> bool:
        """A home with other data is left alone; one whose making was interrupted is made anew."""
        return self.folder.exists() or not (self.home.path / "postgres").exists()

    @property
    def is_ready(self) -> bool:
        return self._ready.exists()

    @property
    def sign_in(self) -> tuple[str, str]:
        """E-mail and password of the administrator."""
        return ADMINISTRATOR.email, str(self._facts["password"])

    @property
    def played_to(self) -> datetime:
        return datetime.fromisoformat(str(self._facts["played_to"]))

    @property
    def _facts(self) -> dict[str, Any]:
        facts: dict[str, Any] = json.loads(self._ready.read_text())
        return facts

    def write_ready(self, password: str, played_to: datetime) -> None:
        self._ready.touch(mode=0o600)
        self._ready.write_text(json.dumps({"password": password, "played_to": played_to.isoformat()}) + "\n")

    @property
    def _ready(self) -> Path:
        return self.folder / "ready.json"
