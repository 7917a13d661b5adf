"""Colleagues comment on a template, and a comment is resolved."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.messaging.store.templates import comments as store
from services.messaging.store.templates.comments import Comment
from shared.access.people import Person
from shared.database.pool import Tx
from shared.errors import NotFound
from shared.ids import make_id


def say(tx: Tx, key: str, language: str, about: str, words: str, *, by: Person, at: datetime) -> None:
    """The same words about the same, said twice, are one comment."""
    number = make_id("template comment", key, language, about, words, by.person_id)
    store.add(tx, Comment(number, key, language, about, words, by.name, by.person_id, at))


def resolve(tx: Tx, key: str, comment_id: UUID, *, by: Person, at: datetime) -> None:
    if not store.resolve(tx, key, comment_id, by.name, at):
        raise NotFound()
