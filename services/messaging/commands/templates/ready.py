"""A ready template of the gallery becomes the house's own."""

from __future__ import annotations

from copy import deepcopy
from datetime import datetime

from services.messaging.commands.templates.publish import publish_template
from services.messaging.library.gallery import gallery
from services.messaging.queries.templates.versions import one
from services.messaging.store.templates import drafts, four_eyes
from shared.database.pool import Tx
from shared.errors import InputError


def begin_ready(tx: Tx, key: str, *, by: str, at: datetime) -> None:
    """Under its own key, where the house has nothing under it: published; a draft, where the house wants a second
    person's word on what is published, or something of it has to be chosen first."""
    ready = gallery().get(key)
    if ready is None or one(tx, key) or drafts.draft(tx, key):
        return
    document = deepcopy(ready.document)
    if four_eyes.needs_approval(tx):
        drafts.begin_for(tx, key, document, by=by, at=at)
        return
    try:
        publish_template(tx, document, at=at, by=by)
    except InputError:
        drafts.begin_for(tx, key, document, by=by, at=at)
