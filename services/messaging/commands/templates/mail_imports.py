"""A mail is brought from elsewhere, decided on, and made a template of: a new one, or a language of one there is."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from services.messaging.channels.email.incoming.reading import Incoming, read_incoming
from services.messaging.commands.templates.drafts import draft_of, start_template
from services.messaging.store.templates import drafts
from services.messaging.store.templates import mail_imports as store
from services.messaging.store.templates.mail_imports import MailImport
from services.messaging.wording.values import is_value
from shared.access.audit import record
from shared.access.people import Person
from shared.database.pool import Tx
from shared.errors import Conflict, InputError
from shared.vocabulary.channel import Channel

KEPT_FOR = timedelta(days=30)
LONGEST_NAME = 120


def bring_mail(tx: Tx, name: str, source: str, *, by: Person, at: datetime) -> UUID:
    """InputError where it is no mail. What has lain here for 30 days goes."""
    read_incoming(source, {}, {})
    store.drop_old(tx, at - KEPT_FOR)
    import_id = uuid4()
    store.keep(tx, import_id, name[:LONGEST_NAME], source, by=by.name, at=at)
    record(tx, by, "mail.brought", f"mail import {import_id}", {"characters": len(source)}, at)
    return import_id


def read_again(found: MailImport) -> Incoming:
    return read_incoming(found.source, found.choices, found.pictures)


def choose_values(tx: Tx, found: MailImport, chosen: Mapping[str, str]) -> None:
    """Only values that there are, at places that this mail has."""
    tags = {tag.text for tag in read_again(found).tags}
    kept = {tag: value for tag, value in chosen.items() if tag in tags and (value == "" or is_value(value))}
    store.choose(tx, found.import_id, {**found.choices, **kept})


def part_of(incoming: Incoming, *, as_blocks: bool) -> dict[str, Any]:
    """The part of a document that the mail becomes."""
    body = incoming.blocks if as_blocks and incoming.blocks else [{"source": {"text": incoming.source}}]
    return {"subject": incoming.subject, "preview": incoming.preview, "body": body}


def make_template(
    tx: Tx, found: MailImport, into: str, name: str, purpose: str, language: str, part: Mapping[str, Any], *,
    by: Person, at: datetime,
) -> str:  # fmt: skip
    """The key of its template: `into`, else a new one of this name. InputError as of a new template."""
    key = into or start_template(tx, name, purpose, language, by=by, at=at)
    draft = draft_of(tx, key, by=by, at=at)
    document = deepcopy(draft.document)
    document["locales"][language] = {**document["locales"].get(language, {}), str(Channel.EMAIL): dict(part)}
    if not drafts.save(tx, key, document, draft.version, by=by, at=at):
        raise Conflict()
    store.drop(tx, found.import_id)
    record(tx, by, "mail.made_template", f"template {key}", {"language": language}, at)
    return key


def check_fault(incoming: Incoming, *, as_blocks: bool) -> None:
    """InputError where the source cannot be used and is asked for."""
    if incoming.fault and not (as_blocks and incoming.blocks):
        raise InputError(None, {"as": incoming.fault})
