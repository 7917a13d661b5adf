"""The languages in which guests are addressed by pages and papers."""

from __future__ import annotations

GUEST_LANGUAGES = {
    "en": "English",
    "zh-Hans": "简体中文",
    "pt": "Português",
    "es": "Español",
    "fr": "Français",
    "de": "Deutsch",
}
"""By BCP 47 tag, each in its own words."""


def nearest(tag: str | None) -> str | None:
    """The language of ours nearest to a tag; all Chinese is read in the one script that is written."""
    main = (tag or "").replace("_", "-").lower().split("-")[0]
    return next((ours for ours in GUEST_LANGUAGES if ours.split("-")[0] == main), None)
