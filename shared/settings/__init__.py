"""Every `GUESTLOOP_…` variable, declared once, and how a process reads them.

A setting is a value: `installation.BROKER.read(environment)`. README's table and deploy/example.env are
printed from the same declarations (`make docs`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shared.errors import SettingError
from shared.settings.declared import SETTINGS
from shared.settings.setting import address

__all__ = ["address_of", "needed"]


def needed(environment: Mapping[str, str], name: str) -> Any:
    """The value of a declared setting by its name. Raises `SettingError` where it is not set."""
    return next(one for one in SETTINGS if one.name == name).needed(environment)


def address_of(environment: Mapping[str, str], name: str, default: str) -> str:
    """scheme://host[:port], without a path; of a setting whose default its reader knows."""
    text = environment.get(name, "").strip() or default
    try:
        return address(text)
    except ValueError as error:
        raise SettingError(f"{name} must be {error}") from error
