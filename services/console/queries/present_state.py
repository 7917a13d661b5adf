"""Console's present state, republished when a subscriber fills its tables again: sources for `shared.bus.republish`."""

from __future__ import annotations

from typing import Any

from services.console.store import retention, sessions
from shared.database.pool import Tx
from shared.events import Chunk, chunk_of_rows
from shared.events.console import AccessChanged, PropertyChanged, RetentionChanged, SessionEnded
from shared.vocabulary.role import Role

Key = tuple[Any, ...]


def properties_again(tx: Tx, after: Key | None, most: int) -> Chunk:
    rows = tx.execute(PROPERTIES, {"after": after[0] if after else None, "most": most})
    return chunk_of_rows(PropertyChanged, rows.fetchall())


def access_again(tx: Tx, after: Key | None, most: int) -> Chunk:
    """People and programs, also those whose access has ended."""
    rows = tx.execute(ACCESS, {"after": after[0] if after else None, "most": most, "program": Role.PROGRAM})
    return chunk_of_rows(AccessChanged, rows.fetchall())


def sessions_again(tx: Tx, after: Key | None, most: int) -> Chunk:
    """Sessions that were ended before their time; a subscriber keeps those whose cookies have not expired."""
    rows = sessions.ended_early(tx, after[0] if after else None, most)
    return chunk_of_rows(SessionEnded, rows)


def terms_again(tx: Tx, after: Key | None, most: int) -> Chunk:
    """The terms that the hotel set, also those that went back to the default."""
    return chunk_of_rows(RetentionChanged, retention.settings_after(tx, after, most))


PROPERTIES = """
    select code, version, name, zone, country::text, legal_entity, postal_address, contact, told_of_survey,
           survey_threshold, changed_at, currency::text, names, colour, logo, phone, check_in, map_url, booking_url
    from property
    where %(after)s::text is null or code > %(after)s
    order by code limit %(most)s
"""
ACCESS = """
    select * from (
        select person_id, version, name, role, properties, language, null::text as secret_hash, changed_at,
               sessions_ended, '{}'::text[], null::timestamptz
        from account
        union all
        select key_id, version, name, case when ended_at is null then %(program)s end, properties, null,
               case when ended_at is null then secret_hash::text end, coalesce(ended_at, made_at), 0, grants,
               expires_at
        from api_key
    ) as access
    where %(after)s::uuid is null or person_id > %(after)s
    order by person_id limit %(most)s
"""
