"""A setting that is one of a few words."""

from __future__ import annotations

from collections.abc import Mapping

from shared.errors import SettingError


def one_of(environment: Mapping[str, str], name: str, choices: tuple[str, ...]) -> str:
    """The choice made, the first where none is."""
    chosen = environment.get(name, "").strip() or choices[0]
    if chosen not in choices:
        raise SettingError(f"{name} must be {' or '.join(choices)}")
    return chosen
