"""The six languages of guests' pages, chosen by the switch, else by the guest's own, else by the browser."""

from __future__ import annotations

from flask import request

GUEST_LANGUAGES = {
    "en": "English",
    "zh-Hans": "简体中文",
    "pt": "Português",
    "es": "Español",
    "fr": "Français",
    "de": "Deutsch",
}
"""By BCP 47 tag, each in its own words."""


def guest_language(spoken: str | None = None) -> str:
    """The language of this page: `?in=` of the switch, else the one `spoken`, else the browser's, else English."""
    accepted = [tag for tag, _ in request.accept_languages]
    wishes = (nearest(wish) for wish in (request.args.get("in"), spoken, *accepted))
    return next((wish for wish in wishes if wish), "en")


def nearest(tag: str | None) -> str | None:
    """The language of ours nearest to a tag; all Chinese is read in the one script that is written."""
    main = (tag or "").replace("_", "-").lower().split("-")[0]
    return next((ours for ours in GUEST_LANGUAGES if ours.split("-")[0] == main), None)
