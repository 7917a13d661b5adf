"""The text of an approved WhatsApp template, fetched into the form of the editor."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from flask import flash
from flask_babel import gettext

from services.messaging.channels.whatsapp.approved import APPROVED, ContentAccount, NotTold, Told
from services.messaging.config import Config
from services.messaging.store.senders.rows import secrets_of, senders
from shared.crypto.purposes import Sealing
from shared.vocabulary.channel import Channel
from shared.web.site import here


def with_approved_text(typed: dict[str, str]) -> dict[str, str]:
    """What was typed, with the text that Twilio tells and a line for each of its places; unchanged where it tells
    none. Says what came of it. A network call: outside any transaction."""
    told = next(_told(typed.get("content", "").strip()), None)
    if told is None:
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


def _told(sid: str) -> Iterator[Told]:
    """By the account of the environment, and by those of the house's own senders."""
    config = here().part(Config)
    accounts = dict.fromkeys([(config.twilio_account, config.twilio_token), *_accounts_of_the_house()])
    for name, token in (one for one in accounts if all(one)):
        with suppress(NotTold):
            yield ContentAccount(name, token, config.content_address, config.networks).tell(sid)


def _accounts_of_the_house() -> list[tuple[str, str]]:
    with here().transaction() as tx:
        rows = [one for one in senders(tx) if one.channel == Channel.WHATSAPP]
        secrets = secrets_of(tx, [one.sender_id for one in rows])
        keyring = tx.keyring
    return [
        (one.settings["account"], keyring.open(secrets[one.sender_id], Sealing.SENDER))
        for one in rows
        if one.sender_id in secrets
    ]
