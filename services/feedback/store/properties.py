"""What feedback keeps of properties."""

from __future__ import annotations

from collections.abc import Collection

from orjson import dumps

from shared.database.pool import Tx
from shared.events import Chunk

USUAL_THRESHOLD = 6


def keep(tx: Tx, chunk: Chunk) -> None:
    tx.execute(KEEP, {**chunk.columns, "names": [dumps(names).decode() for names in chunk["names"]]})


def survey_threshold(tx: Tx, code: str | None) -> int:
    """The score at or below which somebody follows up."""
    found = tx.execute("select survey_threshold from property_known where code = %(code)s", {"code": code}).fetchone()
    return found[0] if found else USUAL_THRESHOLD


def zone_of(tx: Tx, code: str) -> str:
    found = tx.execute("select zone from property_known where code = %s", [code]).fetchone()
    return found[0] if found else "UTC"


def names_of(tx: Tx, codes: Collection[str | None]) -> dict[str, str]:
    """What hotels are called, by code; all of them where one of the codes is None."""
    query = "select code, name from hotel_known where %s or code = any(%s::text[])"
    return dict(tx.execute(query, [None in codes, [code for code in codes if code]]).fetchall())


KEEP = """
    insert into property_known
        (code, version, name, zone, survey_threshold, legal_entity, postal_address, contact, names, colour, logo)
    select distinct on (code)
        code, version, name, zone, survey_threshold, legal_entity, postal_address, contact, names::jsonb, colour, logo
    from unnest(%(code)s::text[], %(version)s::bigint[], %(name)s::text[], %(zone)s::text[],
                %(survey_threshold)s::int[], %(legal_entity)s::text[], %(postal_address)s::text[], %(contact)s::text[],
                %(names)s::text[], %(colour)s::text[], %(logo)s::text[])
        as said (code, version, name, zone, survey_threshold, legal_entity, postal_address, contact, names, colour,
                 logo)
    order by code, version desc
    on conflict (code) do update
    set version = excluded.version, name = excluded.name, zone = excluded.zone,
        survey_threshold = excluded.survey_threshold, legal_entity = excluded.legal_entity,
        postal_address = excluded.postal_address, contact = excluded.contact, names = excluded.names,
        colour = excluded.colour, logo = excluded.logo
    where excluded.version > property_known.version
"""
