"""The language of a guest's page: chosen by the switch, else the guest's own, else the browser's."""

from __future__ import annotations

from flask import request

from shared.vocabulary.guest_language import GUEST_LANGUAGES, nearest

__all__ = ["GUEST_LANGUAGES", "guest_language", "nearest"]


def guest_language(spoken: str | None = None) -> str:
    """The language of this page: `?in=` of the switch, else the one `spoken`, else the browser's, else English."""
    accepted = [tag for tag, _ in request.accept_languages]
    wishes = (nearest(wish) for wish in (request.args.get("in"), spoken, *accepted))
    return next((wish for wish in wishes if wish), "en")
