"""The text of an approved WhatsApp template, fetched into the form of the editor."""

from __future__ import annotations

from flask import flash
from flask_babel import gettext

from services.messaging.channels.whatsapp.approved import APPROVED, ContentAccount, NotTold
from services.messaging.config import Config
from shared.web.site import here


def with_approved_text(typed: dict[str, str]) -> dict[str, str]:
    """What was typed, with the text that Twilio tells and a line for each of its places; unchanged where it tells
    none. Says what came of it. A network call: outside any transaction."""
    config = here().part(Config)
    account = ContentAccount(config.twilio_account, config.twilio_token, config.content_address, config.networks)
    try:
        told = account.tell(typed.get("content", "").strip())
    except NotTold:
        flash(
            gettext("Twilio did not tell the text of this ContentSid. Is it written right, and of our account?"),
            "problem",
        )
        return typed
    if told.status != APPROVED:
        flash(
            gettext("WhatsApp has not approved it: %(status)s. Until then it does not arrive.", status=told.status),
            "problem",
        )
    lines = typed.get("variables", "").strip().splitlines()[: told.places]
    return {**typed, "whatsapp": told.text, "variables": "\n".join(lines)}
