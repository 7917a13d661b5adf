"""Webhooks: made with a secret that is shown once, ended at once, and what is given up tried again."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from services.console.commands.record_audit import record_audit
from services.console.rules.webhooks import PREFIX
from services.console.store import properties as hotels
from services.console.store import webhooks as store
from services.console.store.webhooks import Webhook
from shared.bus.outbox import publish
from shared.bus.telling import keep_webhooks
from shared.crypto.purposes import Sealing
from shared.database.pool import Tx
from shared.errors import InputError
from shared.events import chunk_of
from shared.events.console import WebhookChanged
from shared.events.told_outside import TOLD
from shared.outgoing.addresses import web_address
from shared.vocabulary.term import N_


def make_webhook(
    tx: Tx, url: str, types: Sequence[str], properties: Sequence[str], by: str, at: datetime, *, plain_allowed: bool
) -> tuple[UUID, str]:
    """Its number and its secret, which cannot be read again. Raises `InputError`."""
    problems = {}
    if web_address(url, plain_allowed=plain_allowed) is None:
        problems["url"] = N_("An address that begins with https:// is needed.")
    if not types or set(types) - TOLD.keys():
        problems["types"] = N_("Tick what the other system is told of.")
    if set(properties) - set(hotels.codes(tx)):
        problems["properties"] = N_("One of these hotels does not exist.")
    if problems:
        raise InputError(N_("No webhook was made."), problems)
    secret = PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()
    sealed = tx.keyring.seal(secret, Sealing.SECRET)
    webhook = Webhook(uuid4(), 1, url, sorted(set(types)), list(properties), sealed, by, at)
    store.add(tx, webhook)
    _publish(tx, webhook, at)
    details = {"types": list(webhook.types), "properties": list(properties)}
    record_audit(tx, by, "webhook.made", f"webhook {webhook.webhook_id}", details, at)
    return webhook.webhook_id, secret


def end_webhook(tx: Tx, webhook_id: UUID, by: str, at: datetime) -> None:
    """Nothing is sent to it any more. Idempotent."""
    if ended := store.end(tx, webhook_id, at):
        _publish(tx, ended, at)
        record_audit(tx, by, "webhook.ended", f"webhook {webhook_id}", {}, at)


def try_again(tx: Tx, webhook_id: UUID, by: str, at: datetime) -> int:
    """What was given up waits again; how many."""
    count = store.revive(tx, webhook_id, at)
    record_audit(tx, by, "webhook.tried_again", f"webhook {webhook_id}", {"messages": count}, at)
    return count


def _publish(tx: Tx, webhook: Webhook, at: datetime) -> None:
    types = [] if webhook.ended_at else list(webhook.types)
    chunk = chunk_of(
        [WebhookChanged(webhook_id=webhook.webhook_id, version=webhook.version, types=types, occurred_at=at)]
    )
    keep_webhooks(tx, chunk, at)
    publish(tx, chunk, at=at)
