"""What somebody types to find a conversation: a name, a reservation, an address or a number, or a part of these two."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from services.feedback.queries.inbox.candidates import points_in
from services.feedback.rules.finding_points import ways_in
from shared.access.scope import Scope, within
from shared.crypto.sealing import KeyRing
from shared.database.pool import Tx


@dataclass(frozen=True, kw_only=True)
class Sought:
    """`words`: of a name, each by its beginning, as PostgreSQL looks for them; `threads`: those found otherwise."""

    words: str
    threads: Sequence[UUID]


NOTHING = Sought(words="", threads=())


def find(tx: Tx, text: str, scope: Scope, *, contacts: bool) -> Sought:
    """`contacts`: by addresses and numbers, too, as far as they are written from; what is found by a part is so by its
    hash, as nothing is opened to compare."""
    params = {
        **scope.values,
        "sought": text.replace("\\", " "),
        "points": list(points_in(tx.keyring, text)) if contacts else [],
    }
    row = tx.execute(WORDS, params).fetchone()
    words, threads = row or ("", [])
    for pieces in _pieces(tx.keyring, text) if contacts else ():
        threads += [found for (found,) in tx.execute(BY_PIECES, {"pieces": pieces})]
    return Sought(words=words, threads=threads)


def _pieces(keyring: KeyRing, text: str) -> Iterator[list[int]]:
    """A thread has those under the key that was in use: while keys are turned they are looked for under each."""
    for way in ways_in(text):
        of_each = [keyring.pieces(kind, piece) for kind, piece in way]
        yield from (sorted(set(under)) for under in zip(*of_each, strict=True))


WORDS = f"""
    select (
        select coalesce(string_agg(quote_literal(word) || ':*', ' & '), '')
        from unnest(string_to_array(translate(folded(%(sought)s), '.,''’`"()/·_-', '            '), ' ')) as word
        where word <> ''
    ), array(
        select thread_id from thread join stay_known as own using (guest_id)
        where lower(own.reservation) = lower(%(sought)s) and {within("own.property")}
        union
        select thread_id from thread where guest_id is null and point = any(%(points)s::text[])
        union
        select thread_id from thread join guest_known using (guest_id)
        where emails && %(points)s::text[] or numbers && %(points)s::text[]
    )
"""
BY_PIECES = "select thread_id from thread where found_by @> %(pieces)s::int[] limit 1000"
