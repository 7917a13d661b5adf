"""Who may do what. Every service keeps who there is and which hotels there are, and checks a session by itself."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from shared.access.heartbeat import HEARTBEAT, keep_heartbeat
from shared.access.scope import Scope, scope_of
from shared.access.sessions import keep_ended_sessions
from shared.bus.subscriptions import Subscription
from shared.bus.telling import keep_webhooks
from shared.database.pool import Tx
from shared.events.dictionary import Chunk
from shared.vocabulary.grant import Grant, grants_of
from shared.vocabulary.role import Role


class May(StrEnum):
    """What a page or a form needs."""

    SEE_GUESTS = "see_guests"
    SEE_CONTACTS = "see_contacts"  # addresses, numbers and the words of guests in full
    CARE = "care"  # open a case, record a STOP, mute a stay, mark a guest deceased
    CLOSE_CASES = "close_cases"
    HAND_OUT_FILES = "hand_out_files"  # all that is held of a guest, whichever hotel's: needs all hotels
    SEE_FIGURES = "see_figures"
    CONFIGURE = "configure"  # segments, journeys, templates
    STOP_SENDING = "stop_sending"
    IMPORT_DATA = "bring_data"
    OPERATE = "operate"  # queues, dead letters, unknowns
    ADMINISTER = "administer"  # people, keys, properties, the audit trail


_SEES = {May.SEE_GUESTS, May.SEE_FIGURES}
_CARES = {*_SEES, May.SEE_CONTACTS, May.CARE}
PERMISSIONS: Mapping[Role, frozenset[May]] = {
    Role.MARKETER: frozenset({*_SEES, May.CARE, May.CONFIGURE, May.STOP_SENDING, May.IMPORT_DATA}),
    Role.FRONT_DESK: frozenset(_CARES),
    Role.DUTY_MANAGER: frozenset({*_CARES, May.CLOSE_CASES, May.HAND_OUT_FILES, May.STOP_SENDING}),
    Role.ANALYST: frozenset(_SEES),
    Role.ADMINISTRATOR: frozenset(May),
    Role.PROGRAM: frozenset(),  # whatever its key grants
}
GRANTED: Mapping[Grant, May] = {Grant.IMPORTS_WRITE: May.IMPORT_DATA}
"""What a key lets its program do at doors that people use too."""


@dataclass(frozen=True)
class Person:
    """Somebody signed in, or a program with an API key. `properties`: empty means all. `grants`: of a key."""

    person_id: UUID
    name: str
    role: Role
    properties: frozenset[str]
    language: str | None = None
    sessions_ended: int = 0
    grants: frozenset[Grant] = frozenset()

    def may(self, what: May) -> bool:
        return what in PERMISSIONS[self.role] or any(GRANTED.get(one) is what for one in self.grants)

    @property
    def scope(self) -> Scope:
        """The hotels whose things this person may see."""
        return scope_of(self.properties)

    def sees(self, property_code: str) -> bool:
        return property_code in self.scope


@dataclass(frozen=True)
class Hotel:
    code: str
    name: str
    zone: str  # IANA
    country: str  # ISO 3166 alpha-2


def secret_hash(secret: str) -> str:
    """An API key is long and random: a plain hash of it reveals nothing."""
    return hashlib.sha256(secret.encode()).hexdigest()


def person(tx: Tx, person_id: UUID) -> Person | None:
    """Somebody who has access at this moment."""
    row = tx.execute(
        "select person_id, name, role, properties, language, sessions_ended from person_known where person_id = %s",
        (person_id,),
    ).fetchone()
    return _person(row) if row else None


def program(tx: Tx, key_id: UUID, secret: str, at: datetime) -> Person | None:
    """The holder of an API key that is good at that instant."""
    row = tx.execute(
        """
        select person_id, name, role, properties, language, sessions_ended, secret_hash, grants
        from person_known where person_id = %s and (expires_at is null or expires_at > %s)
        """,
        (key_id, at),
    ).fetchone()
    if row is None or row[6] is None or not hmac.compare_digest(row[6], secret_hash(secret)):
        return None
    found = _person(row[:6])
    return replace(found, grants=grants_of(row[7])) if found else None


def _person(row: Sequence[Any]) -> Person | None:
    person_id, name, role, properties, language, sessions_ended = row
    if role is None:
        return None
    return Person(person_id, name, Role(role), frozenset(properties), language, sessions_ended)


def hotels(tx: Tx) -> list[Hotel]:
    return tx.rows(Hotel, "select code, name, zone, country from hotel_known order by name, code")


def keep_people(tx: Tx, chunk: Chunk, _now: datetime) -> None:
    lists = {name: [list_literal(each) for each in chunk[name]] for name in ("properties", "grants")}
    tx.execute(KEEP_PEOPLE, {**chunk.columns, **lists, "legacy": [Grant.IMPORTS_WRITE], "program": Role.PROGRAM})


def keep_hotels(tx: Tx, chunk: Chunk, _now: datetime) -> None:
    tx.execute(KEEP_HOTELS, chunk.columns)


def list_literal(values: Sequence[str]) -> str:
    """A list inside a column of lists, which an array parameter cannot hold where lengths differ."""
    return "{" + ",".join('"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"' for value in values) + "}"


ACCESS = Subscription(
    "access",
    {
        "access.changed.v1": keep_people,
        "property.changed.v1": keep_hotels,
        "session.ended.v1": keep_ended_sessions,
        HEARTBEAT: keep_heartbeat,
        "webhook.changed.v1": keep_webhooks,
    },
)
"""The subscription that every service has."""

KEEP_PEOPLE = """
    insert into person_known as old
        (person_id, version, name, role, properties, language, secret_hash, sessions_ended, grants, expires_at)
    select distinct on (person_id)
        person_id, version, name, role, properties::text[], language, secret_hash, sessions_ended,
        -- a publisher of an earlier version knows no grants: its keys sent reservations
        case when role = %(program)s and grants = '{}' then %(legacy)s::text[] else grants::text[] end, expires_at
    from unnest(
        %(person_id)s::uuid[], %(version)s::bigint[], %(name)s::text[], %(role)s::text[], %(properties)s::text[],
        %(language)s::text[], %(secret_hash)s::text[], %(sessions_ended)s::int[], %(grants)s::text[],
        %(expires_at)s::timestamptz[]
    ) as new (person_id, version, name, role, properties, language, secret_hash, sessions_ended, grants, expires_at)
    order by person_id, version desc
    on conflict (person_id) do update
    set version = excluded.version, name = excluded.name, role = excluded.role, properties = excluded.properties,
        language = excluded.language, secret_hash = excluded.secret_hash, sessions_ended = excluded.sessions_ended,
        grants = excluded.grants, expires_at = excluded.expires_at
    where excluded.version > old.version
"""

KEEP_HOTELS = """
    insert into hotel_known as old (code, version, name, zone, country)
    select distinct on (code) *
    from unnest(
        %(code)s::text[], %(version)s::bigint[], %(name)s::text[], %(zone)s::text[], %(country)s::text[]
    ) as new (code, version, name, zone, country)
    order by code, version desc
    on conflict (code) do update
    set version = excluded.version, name = excluded.name, zone = excluded.zone, country = excluded.country
    where excluded.version > old.version
"""
