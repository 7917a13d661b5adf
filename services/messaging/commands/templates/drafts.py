"""Writing a template: a draft is begun, changed piece by piece, published as the next version, or deleted."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from copy import deepcopy
from datetime import datetime
from functools import reduce
from typing import Any

from services.messaging.channels.email.looks import CALM
from services.messaging.channels.registry import CHANNELS
from services.messaging.commands.templates.four_eyes import require_approval
from services.messaging.commands.templates.publish import publish_template
from services.messaging.library.documents import Template
from services.messaging.library.formatting import formatted
from services.messaging.library.gallery import gallery
from services.messaging.library.heroes import with_hero
from services.messaging.queries.templates.versions import one
from services.messaging.store.templates import drafts as store
from services.messaging.store.templates.drafts import Draft
from shared.access.audit import record
from shared.access.people import Person
from shared.database.pool import Tx
from shared.errors import Conflict, InputError, NotFound
from shared.vocabulary.channel import Channel

Document = dict[str, Any]
EMPTY: Document = {str(Channel.EMAIL): {"subject": "", "preview": "", "body": []}}  # what a new language begins with


def start_template(
    tx: Tx,
    name: str,
    purpose: str,
    language: str,
    begins_as: str | None = None,
    look: str = CALM,
    picture: str = "",
    *,
    by: Person,
    at: datetime,
) -> str:
    """A new template as a draft in one language, or in all those of the ready one it begins as, whose purpose it has
    then, with the `picture` of the library at its head. Its key is made of its name."""
    key = key_for(name)
    if not key:
        raise InputError(None, {"name": "has no letter or figure a key could be made of"})
    ready = gallery().get(begins_as or "")
    document: Document = {"key": key, "name": name, "purpose": purpose, "locales": {language: EMPTY}}
    if ready:
        document = {**deepcopy(ready.document), "key": key, "name": name}
        document = with_hero(document, ready.key, picture) if picture else document
    document["locales"] = {tag: _looking(locale, look) for tag, locale in document["locales"].items()}
    if one(tx, key) or not store.begin(tx, key, document, 0, by=by, at=at):
        raise InputError(None, {"name": "is taken: another template is called so"})
    return key


def _looking(locale: Document, look: str) -> Document:
    return locale if look == CALM else {**locale, "email": {**locale["email"], "look": look}}


def key_for(name: str) -> str:
    ascii_ = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_).strip("-")[:80]


def draft_of(tx: Tx, key: str, *, by: Person, at: datetime) -> Draft:
    """The draft of a template, begun from its newest version where there is none."""
    found = store.draft(tx, key)
    if found is None:
        published = one(tx, key)
        if published is None:
            raise NotFound()
        store.begin(tx, key, published.document, published.version, by=by, at=at)
        found = store.draft(tx, key)
    assert found is not None
    return found


def draft_to_see(tx: Tx, key: str, *, by: Person, at: datetime) -> Draft:
    """As `draft_of`; one that is not there yet is shown and not kept."""
    if found := store.draft(tx, key):
        return found
    published = one(tx, key)
    if published is None:
        raise NotFound()
    return Draft(key, published.document, published.version, store.FIRST, by.name, at, by.person_id)


def write_language(tx: Tx, draft: Draft, language: str, typed: Mapping[str, str], *, by: Person, at: datetime) -> None:
    """`typed`: name, offer, subject, preview, body, text as they were written; a channel that is left empty is not
    there."""
    document = deepcopy(draft.document)
    document["name"] = typed.get("name", "").strip() or document["name"]
    if "offer" in typed:
        document["offer"] = typed["offer"].strip() or None
    if "marks" in typed:  # a form that shows the box; a program's may not
        document["utm"] = "utm" in typed
    parts = {str(channel): of.text.part(typed) for channel, of in CHANNELS.items()}
    document["locales"][language] = {channel: part for channel, part in parts.items() if part} or EMPTY
    _save(tx, draft, document, by, at)


def add_language(tx: Tx, draft: Draft, language: str, *, by: Person, at: datetime) -> None:
    if language not in draft.document["locales"]:
        document = deepcopy(draft.document)
        document["locales"][language] = EMPTY
        _save(tx, draft, document, by, at)


def remove_language(tx: Tx, draft: Draft, language: str, *, by: Person, at: datetime) -> None:
    document = deepcopy(draft.document)
    document["locales"].pop(language, None)
    _save(tx, draft, document, by, at)


def format_places(tx: Tx, draft: Draft, places: Iterable[str], *, by: Person, at: datetime) -> None:
    """Raw marks or HTML of these texts are read as formatting; nothing happens where there are none."""
    document = reduce(formatted, places, draft.document)
    if document != draft.document:
        _save(tx, draft, document, by, at)


def publish_draft(
    tx: Tx, key: str, *, by: Person, at: datetime, own: Collection[str] = (), dates: Collection[str] | None = None
) -> Template:
    """The draft as the next version. Conflict where another one was published since it was begun; InputError where
    it is not sound, or the house wants a second person's word on it first. `own`, `dates`: as `publish_template`."""
    found = store.draft(tx, key)
    if found is None:
        raise Conflict()
    if store.newest(tx, key) != found.base:
        raise Conflict()
    approved_by = require_approval(tx, found)
    template = publish_template(tx, found.document, at=at, by=by.name, own=own, approved_by=approved_by, dates=dates)
    store.drop(tx, key)
    record(
        tx, by, "template.published", f"template {key}", {"version": template.version, "approved_by": approved_by}, at
    )
    return template


def drop_draft(tx: Tx, key: str, *, by: Person, at: datetime) -> None:
    if store.drop(tx, key):
        record(tx, by, "template.draft_dropped", f"template {key}", {}, at)


def _save(tx: Tx, draft: Draft, document: Document, by: Person, at: datetime) -> None:
    if not store.save(tx, draft.key, document, draft.version, by=by, at=at):
        raise Conflict()
