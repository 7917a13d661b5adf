"""What guests read on the pages where they sign up, in their languages, read from the YAML file beside this one."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from shared.plain_yaml import read_yaml

TEXTS = Path(__file__).with_suffix(".yaml")
AT_THE_KIOSK = TEXTS.with_name("kiosk.yaml")


@cache
def sign_up_texts() -> dict[str, dict[str, Any]]:
    """By language; `own` holds the hotel's part as it is proposed to who makes a form."""
    found: dict[str, dict[str, Any]] = read_yaml(TEXTS.read_text(encoding="utf-8"))
    return found


@cache
def kiosk_texts() -> dict[str, dict[str, str]]:
    """By language, what the kiosk says beside it."""
    found: dict[str, dict[str, str]] = read_yaml(AT_THE_KIOSK.read_text(encoding="utf-8"))
    return found
