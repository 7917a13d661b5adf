"""The journeys that come with Guestloop, published but not launched."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from importlib.resources import files
from typing import Any

from services.campaigns.commands.publish import publish
from services.campaigns.schemas import overridden, parse
from services.campaigns.steps.kind import Document
from shared.database.pool import Tx
from shared.errors import NotFound

KEYS = ("birthday", "post-stay-survey", "win-back")
"""Published as one set."""

OFFERED = (
    *KEYS,
    *("pre-arrival", "welcome", "in-stay", "departure", "pre-arrival-upsell"),
    *("survey-review-or-task", "birthday-by-tier", "win-back-two-steps", "cancelled"),
    *("tier-near", "member-day", "festival", "fill-the-house"),
)
"""Those that the gallery offers to begin with; the welcome needs a sign-up form of the house's."""


def shipped(key: str) -> Document:
    if key not in OFFERED:
        raise NotFound(f"no journey «{key}» comes with Guestloop")
    return parse(files(__name__).joinpath(f"{key}.yaml").read_text(encoding="utf-8"))


def install_shipped(
    tx: Tx, at: datetime, by: str = "guestloop", overrides: Mapping[str, Mapping[str, Any]] | None = None
) -> dict[str, int]:
    """Publish the shipped journeys; by key, the version each has.

    `overrides` changes values of a journey's document before it is published, by journey and pointer:
    `{"win-back": {"holdout": 0, "entry/audience": "lapsed-3-months"}}` lifts win-back's condition of two stays.
    """
    chosen = overrides or {}
    return {key: publish(tx, overridden(shipped(key), chosen.get(key, {})), at, by) for key in KEYS}
