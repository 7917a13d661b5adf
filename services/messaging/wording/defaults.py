"""What the menu proposes to stand where a value is not known."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from services.messaging.wording.languages import choose_language
from shared.plain_yaml import read_yaml


def defaults_in(language: str) -> Mapping[str, str]:
    """By value; of what is always there, or means nothing where it is not (a code, a link), none."""
    return _read()[choose_language(_read(), language)]


@cache
def _read() -> Mapping[str, Mapping[str, str]]:
    loaded: dict[str, dict[str, str]] = read_yaml(Path(__file__).with_name("defaults.yaml").read_text(encoding="utf-8"))
    return loaded
