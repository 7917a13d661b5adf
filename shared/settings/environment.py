"""What a process does with its environment before it reads a setting."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from difflib import get_close_matches
from pathlib import Path

import structlog

from shared.errors import SettingError
from shared.settings.declared import BY_NAME

PREFIX, IN_A_FILE = "GUESTLOOP_", "_FILE"

log = structlog.get_logger()


def read_setting_files(environment: MutableMapping[str, str]) -> None:
    """Read the settings that are kept in files: `GUESTLOOP_…_FILE` names the file, as secrets are mounted.

    Raises `SettingError` naming the variable.
    """
    for name in [name for name in environment if name.startswith(PREFIX) and name.endswith(IN_A_FILE)]:
        if not (file := environment[name].strip()):
            continue
        setting, value = name.removesuffix(IN_A_FILE), _content(name, file)
        if environment.get(setting, value) != value:
            raise SettingError(f"{setting} and {name} differ: set one of them")
        environment[setting] = value


def _content(name: str, file: str) -> str:
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        raise SettingError(f"{name}: {file} cannot be read ({reason})") from error


def unknown_settings(environment: Mapping[str, str]) -> dict[str, str | None]:
    """The variables that no code reads, each with the declared name nearest to it."""
    given = {name.removesuffix(IN_A_FILE) for name in environment if name.startswith(PREFIX)}
    return {name: _nearest(name) for name in sorted(given.difference(BY_NAME))}


def _nearest(name: str) -> str | None:
    """By what stands after the prefix, which all names share."""
    rests = [known.removeprefix(PREFIX) for known in BY_NAME]
    found = get_close_matches(name.removeprefix(PREFIX), rests, n=1)
    return PREFIX + found[0] if found else None


def warn_of_unknown_settings(environment: Mapping[str, str]) -> None:
    """A misspelt variable has no effect; its name is logged, never its value."""
    for name, nearest in unknown_settings(environment).items():
        log.warning("unknown setting", setting=name, nearest=nearest)
