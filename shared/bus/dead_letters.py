"""Dead letters are rows of the subscriber: one subject that could not be applied, or a message that could not be read.

They wait for a person or a repaired handler: searched, shown masked, replayed or dropped.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg

from shared.bus.subscriptions import Handler, Subscription
from shared.crypto.sealing import PREFIX
from shared.database.dedicated_connection import is_passing
from shared.database.pool import Tx
from shared.errors import MalformedEvent, NotFound
from shared.events.dictionary import Chunk, event_type
from shared.events.wire import decode

WHOLE_MESSAGE = -1
LONGEST_REASON = 300
HIDDEN = "•••"
PRIVATE = frozenset({"title", "given_name", "family_name", "birth_date", "values", "details", "text", "comment"})


@dataclass(frozen=True, kw_only=True)
class DeadLetter:
    """`place`: the subject's place in its message, or -1 for the whole message. Exactly what can be replayed is kept:
    `subject` where it could be read, `body` where it could not."""

    subscription: str
    message_id: UUID
    place: int
    type: str
    subject_key: str
    subject: dict[str, Any] | None
    body: bytes | None
    republished: bool
    reason: str
    at: datetime
    attempts: int = 1


@dataclass(frozen=True)
class MaskedLetter:
    """A dead letter as a page shows it: sealed values, names and free text are hidden, unreadable bodies left out."""

    id: int
    subscription: str
    message_id: UUID
    type: str
    subject_key: str
    subject: dict[str, Any] | None
    size: int | None
    reason: str
    attempts: int
    at: datetime


def of_subject(subscription: str, origin: tuple[UUID, int], subject: Chunk, reason: str, at: datetime) -> DeadLetter:
    """A dead letter of a chunk of one subject; `origin` is its message and its place in it."""
    values = {name: column[0] for name, column in subject.columns.items()}
    return DeadLetter(
        subscription=subscription,
        message_id=origin[0],
        place=origin[1],
        type=subject.type.name,
        subject_key="/".join(str(values[name]) for name in subject.type.key),
        subject=values,
        body=None,
        republished=subject.republished,
        reason=reason,
        at=at,
    )


def of_message(
    subscription: str,
    message_id: UUID,
    type_name: str,
    body: bytes,
    *,
    republished: bool,
    reason: str,
    at: datetime,
) -> DeadLetter:
    """A dead letter of a message that could not be read."""
    return DeadLetter(
        subscription=subscription,
        message_id=message_id,
        place=WHOLE_MESSAGE,
        type=type_name,
        subject_key="",
        subject=None,
        body=body,
        republished=republished,
        reason=reason,
        at=at,
    )


def reason_of(error: Exception) -> str:
    """What went wrong, short. A database error's detail is left out: it quotes the row."""
    text = error.diag.message_primary if isinstance(error, psycopg.Error) else str(error)
    return f"{type(error).__name__}: {text or 'no message'}"[:LONGEST_REASON]


def storable(text: str) -> str:
    """The text without what PostgreSQL cannot hold: NUL, and halves of surrogate pairs."""
    return text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode()


def store_dead_letters(tx: Tx, letters: Sequence[DeadLetter]) -> None:
    """Keep dead letters; one that is there already counts another attempt."""
    if not letters:
        return
    fields = (
        "subscription",
        "message_id",
        "place",
        "type",
        "subject_key",
        "body",
        "republished",
        "reason",
        "attempts",
        "at",
    )
    columns: dict[str, list[Any]] = {name: [getattr(letter, name) for letter in letters] for name in fields}
    for name in ("type", "subject_key", "reason"):
        columns[name] = [storable(text) for text in columns[name]]
    columns["subject"] = [None if letter.subject is None else json.dumps(letter.subject) for letter in letters]
    tx.execute(
        """
        insert into dead_letter
            (concern, message_id, place, type, subject_key, subject, body, republished, reason, attempts, at)
        select * from unnest(
            %(subscription)s::text[], %(message_id)s::uuid[], %(place)s::int[], %(type)s::text[],
            %(subject_key)s::text[], %(subject)s::text[], %(body)s::bytea[], %(republished)s::boolean[],
            %(reason)s::text[], %(attempts)s::int[], %(at)s::timestamptz[]
        )
        on conflict (concern, message_id, place) do update
        set attempts = dead_letter.attempts + 1, reason = excluded.reason, at = excluded.at
        """,
        columns,
    )


def store_and_tell(tx: Tx, letters: Sequence[DeadLetter], subscriptions: Iterable[Subscription]) -> None:
    """Keep dead letters, and tell their subscriptions what they hold."""
    store_dead_letters(tx, letters)
    for subscription in subscriptions:
        if subscription.after_dead_letters is not None:
            theirs = [one for one in letters if one.subscription == subscription.name]
            held = [one.body if one.body is not None else json.dumps(one.subject).encode() for one in theirs]
            if held:
                subscription.after_dead_letters(tx, held)


def search(
    tx: Tx,
    *,
    subscription: str | None = None,
    type_name: str | None = None,
    key: str | None = None,
    reason: str | None = None,
    most: int = 100,
) -> list[MaskedLetter]:
    """The newest dead letters, of one subscription, type or subject key where given, masked. `reason`: a part of it."""
    rows = tx.execute(
        f"""
        select {SHOWN} from dead_letter
        where (%(subscription)s::text is null or concern = %(subscription)s)
          and (%(type)s::text is null or type = %(type)s)
          and (%(key)s::text is null or subject_key = %(key)s)
          and (%(reason)s::text is null or position(lower(%(reason)s) in lower(reason)) > 0)
        order by at desc, id desc
        limit %(most)s
        """,
        {"subscription": subscription, "type": type_name, "key": key, "reason": reason, "most": most},
    )
    return [_masked(_shown(row)) for row in rows]


def kinds(tx: Tx) -> list[tuple[str, str, int]]:
    """How many dead letters there are by subscription and type, most first."""
    return list(
        tx.execute(
            "select concern, type, count(*)::int from dead_letter group by 1, 2 order by 3 desc, 1, 2"
        ).fetchall()
    )


def show(tx: Tx, number: int) -> MaskedLetter:
    """One dead letter, masked. Raises `NotFound`."""
    row = tx.execute(f"select {SHOWN} from dead_letter where id = %s", (number,)).fetchone()
    if row is None:
        raise NotFound(f"there is no dead letter {number}")
    return _masked(_shown(row))


SHOWN = "id, concern, message_id, type, subject_key, subject, octet_length(body), reason, attempts, at"


def drop(tx: Tx, ids: Sequence[int]) -> int:
    """Delete dead letters; how many there were."""
    return tx.execute("delete from dead_letter where id = any(%s)", (list(ids),)).rowcount


def replay(tx: Tx, ids: Sequence[int], at: datetime, *, subscriptions: Iterable[Subscription]) -> int:
    """Call the handlers with dead letters again; how many were applied. The others stay, with one attempt more."""
    handlers = {subscription.name: subscription.handlers for subscription in subscriptions}
    applied, failed = [], {}
    for number, letter in _locked(tx, ids):
        try:
            handler, chunk = _readable(letter, handlers.get(letter.subscription, {}))
            with tx.savepoint():
                handler(tx, chunk, at)
            applied.append(number)
        except Exception as error:
            if is_passing(error):
                raise
            failed[number] = reason_of(error)
    drop(tx, applied)
    tx.execute(
        """
        update dead_letter set attempts = attempts + 1, at = %s, reason = failed.reason
        from unnest(%s::bigint[], %s::text[]) as failed (id, reason)
        where dead_letter.id = failed.id
        """,
        (at, list(failed), list(failed.values())),
    )
    return len(applied)


def _locked(tx: Tx, ids: Sequence[int]) -> list[tuple[int, DeadLetter]]:
    rows = tx.execute(
        """
        select id, concern as subscription, message_id, place, type, subject_key, subject, body, republished, reason,
               attempts, at
        from dead_letter where id = any(%s) order by id for update
        """,
        (list(ids),),
    )
    names = [column.name for column in rows.description or ()]
    found = [dict(zip(names, row, strict=True)) for row in rows]
    for values in found:
        values["subject"] = json.loads(values["subject"]) if values["subject"] else None
    return [(values.pop("id"), DeadLetter(**values)) for values in found]


def _readable(letter: DeadLetter, handlers: Any) -> tuple[Handler, Chunk]:
    if letter.type not in handlers:
        raise MalformedEvent(f"{letter.subscription} has no handler of {letter.type}")
    handler: Handler = handlers[letter.type]
    if letter.body is not None:
        return handler, decode(letter.type, letter.body, republished=letter.republished)
    columns = {name: [value] for name, value in (letter.subject or {}).items()}
    return handler, Chunk(event_type(letter.type), columns, letter.republished)


def _shown(row: tuple[Any, ...]) -> MaskedLetter:
    letter = MaskedLetter(*row)
    return replace(letter, subject=json.loads(row[5])) if row[5] else letter


def _masked(letter: MaskedLetter) -> MaskedLetter:
    hidden = None if letter.subject is None else {name: _hide(name, value) for name, value in letter.subject.items()}
    return replace(letter, subject=hidden)


def _hide(name: str, value: Any) -> Any:
    if name in PRIVATE and value is not None:
        return HIDDEN
    if isinstance(value, str):
        return HIDDEN if value.startswith(PREFIX) else value
    if isinstance(value, list):
        return [_hide(name, part) for part in value]
    if isinstance(value, dict):
        return {key: _hide(key, part) for key, part in value.items()}
    return value
