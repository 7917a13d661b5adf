"""The hotels that segments knows."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from orjson import dumps

from shared.database.pool import Tx
from shared.events.dictionary import Chunk


def property_zones(tx: Tx) -> dict[str, str]:
    """Each known property and its zone."""
    return dict(tx.execute("select code, zone from property_known").fetchall())


def property_places(tx: Tx) -> dict[str, tuple[str, str]]:
    """Each known property with its zone and its country."""
    rows = tx.execute("select code, zone, country from property_known").fetchall()
    return {code: (zone, country) for code, zone, country in rows}


def note_data_received(tx: Tx, codes: Collection[str], at: datetime) -> None:
    """A source sent data of these hotels' stays, changed or not."""
    statement = """
        update property_known set heard_at = %(at)s
        where code = any(%(codes)s::text[]) and (heard_at is null or heard_at < %(at)s)
    """
    tx.execute(statement, {"codes": sorted(codes), "at": at})


def save_properties(tx: Tx, chunk: Chunk) -> None:
    statement = """
        insert into property_known as old
            (code, version, name, zone, country, legal_entity, told_of_survey, currency, names, colour, logo)
        select distinct on (code) code, version, name, zone, country, legal_entity, told_of_survey, currency,
                                  names::jsonb, colour, logo
        from unnest(
            %(code)s::text[], %(version)s::bigint[], %(name)s::text[], %(zone)s::text[], %(country)s::text[],
            %(legal_entity)s::text[], %(told_of_survey)s::bool[], %(currency)s::text[], %(names)s::text[],
            %(colour)s::text[], %(logo)s::text[])
            as t(code, version, name, zone, country, legal_entity, told_of_survey, currency, names, colour, logo)
        order by code, version desc
        on conflict (code) do update
        set version = excluded.version, name = excluded.name, zone = excluded.zone, country = excluded.country,
            legal_entity = excluded.legal_entity, told_of_survey = excluded.told_of_survey,
            currency = excluded.currency, names = excluded.names, colour = excluded.colour, logo = excluded.logo
        where excluded.version > old.version
    """
    tx.execute(statement, {**chunk.columns, "names": [dumps(names).decode() for names in chunk["names"]]})
