"""The generated passwords of the embedded database's roles, in one file that only its owner reads."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from pathlib import Path

from shared.errors import SettingError


class Passwords:
    """Passwords by role, made when first asked for. `own` hands the file to the one who shall have it."""

    def __init__(self, path: Path, own: Callable[[Path], None]) -> None:
        self._path, self._own = path, own
        try:
            self._words: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
        except ValueError as error:
            raise SettingError(f"{path} is damaged: put back the file of a backup.") from error

    def of(self, role: str) -> str:
        if role not in self._words:
            self._words[role] = secrets.token_urlsafe(24)
            self._save()
        return self._words[role]

    def _save(self) -> None:
        new = self._path.with_suffix(".new")
        new.touch(mode=0o600)
        new.write_text(json.dumps(self._words))
        self._own(new)
        new.replace(self._path)
