"""How hotels look on pages that guests see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from psycopg.types.json import Jsonb

from shared.database.pool import Tx
from shared.pictures.scaling import Picture


@dataclass(frozen=True, kw_only=True)
class Brand:
    """`names`: by language of guests; `colour`: #rrggbb; `logo`: of a `brand_picture`."""

    names: Mapping[str, str] = field(default_factory=dict)
    colour: str | None = None
    logo: str | None = None


@dataclass(frozen=True, kw_only=True)
class Shown:
    media_type: str
    content: bytes


def of_hotel(tx: Tx, code: str) -> Brand:
    found = tx.rows(Brand, "select names, colour, logo from property where code = %s", [code])
    return found[0] if found else Brand()


def put(tx: Tx, code: str, brand: Brand, at: datetime) -> int | None:
    """The hotel's new version; None where nothing differs."""
    values = {"code": code, "names": Jsonb(dict(brand.names)), "colour": brand.colour, "logo": brand.logo, "at": at}
    row = tx.execute(PUT, values).fetchone()
    return row[0] if row else None


def keep_picture(tx: Tx, picture: Picture, at: datetime) -> str:
    """What it is known by; the same one again is there once."""
    name = sha256(picture.content).hexdigest()
    values = {"picture": name, "type": picture.media_type, "width": picture.width, "height": picture.height}
    tx.execute(KEEP, {**values, "content": picture.content, "at": at})
    return name


def drop_unused(tx: Tx) -> None:
    """Pictures that no hotel shows any more."""
    tx.execute("delete from brand_picture where not exists (select from property where logo = picture)")


def picture(tx: Tx, name: str) -> Shown | None:
    found = tx.rows(Shown, "select media_type, content from brand_picture where picture = %s", [name])
    return found[0] if found else None


PUT = """
    update property
    set version = version + 1, names = %(names)s, colour = %(colour)s, logo = %(logo)s, changed_at = %(at)s
    where code = %(code)s and (names, colour, logo) is distinct from (%(names)s::jsonb, %(colour)s, %(logo)s)
    returning version
"""
KEEP = """
    insert into brand_picture (picture, media_type, width, height, content, added_at)
    values (%(picture)s, %(type)s, %(width)s, %(height)s, %(content)s, %(at)s)
    on conflict do nothing
"""
