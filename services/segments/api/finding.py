"""Guests found by a question, as the page finds them: by parts of names, numbers and addresses, the likeliest first.

A program finds by parts of addresses and numbers where its key grants `contacts:read`, and by parts of reservation
numbers where it grants `stays:read`; a whole address, number or reservation finds its guest for every key.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from marshmallow import Schema, ValidationError, fields, validate

from services.segments.api import documents
from services.segments.queries.guests.finding import Wish, conditions_of
from services.segments.queries.search.matches import Within
from services.segments.queries.search.ranked import Ranked, ranked
from services.segments.queries.search.readiness import Readiness, readiness
from services.segments.rules.search.question import readings
from services.segments.rules.search.reasons import How, tried
from shared.access.people import Person
from shared.database.pool import Tx
from shared.errors import InputError, NotReady
from shared.vocabulary.grant import Grant
from shared.web.api.pages import KeyCursor, cursor_of, key_cursor_of

LONGEST_QUESTION = 200
UNWRITTEN = (
    "Nobody is found, and that tells nothing: guests changed who are not findable by parts yet, and the role `search` "
    "of segments, which makes them so, does not run. Start it and ask again; a whole address, number or reservation is "
    "found without it."
)


def asks_for_something(text: str) -> None:
    if not readings(text):
        raise ValidationError("There is no word and no number in it to look for.")


class GuestQuery(documents.GuestQuery):
    q = fields.String(
        load_default=None,
        validate=[validate.Length(1, LONGEST_QUESTION), documents.plain_text, asks_for_something],
        metadata={
            "description": "guests in whom each word is found, the likeliest first: a name or its beginning in any "
            "spelling or script, with one letter wrong; an address, a number or a reservation; with contacts:read the "
            "last digits of a number or a word of an address; with stays:read four characters of a reservation"
        },
    )


class GuestSearchQuery(GuestQuery):
    cursor = KeyCursor(load_default=None)


class WordFound(Schema):
    word = fields.String(metadata={"description": "as it was asked, or as it is read"})
    how = fields.String(validate=validate.OneOf([str(how) for how in How]))
    what = fields.String(metadata={"description": "the name or the reservation that it agrees with"})


class GuestHit(Schema):
    guest = fields.UUID()
    by = fields.List(fields.Nested(WordFound))


class WordTried(Schema):
    word = fields.String()
    tried_as = fields.List(fields.String(validate=validate.OneOf([str(how) for how in How])))


class Search(Schema):
    complete = fields.Boolean(
        metadata={"description": "false: guests who changed a moment ago, or come in by a file, may be missing"}
    )
    too_many = fields.Boolean(metadata={"description": "more guests agree than can be found: ask with one more word"})
    hits = fields.List(fields.Nested(GuestHit), metadata={"description": "why each guest was found"})
    tried = fields.List(fields.Nested(WordTried), metadata={"description": "where nobody is found: what was tried"})


class GuestPage(Schema):
    items = fields.List(fields.Nested(documents.Guest), required=True)
    next = fields.String(required=True, allow_none=True)
    search = fields.Nested(Search, allow_none=True, metadata={"description": "of a page that was asked for with `q`"})


@dataclass(frozen=True)
class Listed:
    """Guests of a page in their order, the cursor of the next one, and what is said of the search."""

    guests: Sequence[UUID]
    next: str | None
    search: Mapping[str, Any] | None = None


def listed(ids: Sequence[UUID], most: int) -> Listed:
    """`ids`: one more than `most` where there are more."""
    return Listed(ids[:most], cursor_of(ids[most - 1]) if len(ids) > most else None)


def find(tx: Tx, asked: Mapping[str, Any], who: Person, now: datetime) -> Listed:
    """Raises `InputError` for a cursor that is none, and `NotReady` where nobody is found because nobody looks."""
    most, after = asked["limit"], asked["cursor"] or ""
    try:
        found = ranked(tx, asked["q"], _within(asked, who), most + 1, after)
    except InputError as error:
        raise InputError("The query cannot be used.", {"cursor": "This is no cursor of this question."}) from error
    state = readiness(tx, now)
    if state is Readiness.UNWRITTEN and not found.matches and not after:
        raise NotReady(UNWRITTEN)
    page = found.matches[:most]
    following = key_cursor_of(page[-1].key) if len(found.matches) > most else None
    told = _told(found, [match.id for match in page], who, complete=state is Readiness.COMPLETE)
    return Listed([match.id for match in page], following, told)


def _within(asked: Mapping[str, Any], who: Person) -> Within:
    conditions, values = conditions_of(Wish(), who.scope)
    if asked["tag"] is not None:
        conditions.append("%(tag)s = any(g.tags)")
    if asked["changed_since"] is not None:
        conditions.append("g.changed_at >= %(since)s")
    values |= {"tag": asked["tag"], "since": asked["changed_since"]}
    reads_contacts, reads_stays = (grant in who.grants for grant in (Grant.CONTACTS_READ, Grant.STAYS_READ))
    return Within(conditions, values, "g.name_key", who.scope, reads_contacts, reservations=reads_stays)


def _told(found: Ranked, page: Sequence[UUID], who: Person, *, complete: bool) -> dict[str, Any]:
    contacts, reservations = (grant in who.grants for grant in (Grant.CONTACTS_READ, Grant.STAYS_READ))
    words = [] if page else [(one.text, tried(one, contacts, reservations=reservations)) for one in found.reading]
    said: dict[str, Any] = Search().dump(
        {
            "complete": complete,
            "too_many": found.too_many,
            "hits": [{"guest": guest, "by": found.hits[guest]} for guest in page],
            "tried": [{"word": word, "tried_as": ways} for word, ways in words],
        }
    )
    return said
