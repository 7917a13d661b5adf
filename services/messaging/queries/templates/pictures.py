"""The library of pictures as pages show it, and where each is used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from services.messaging.rules.pictures import file_name
from shared.access.scope import Scope, within
from shared.database.pool import Tx
from shared.rows import row

PAGE = 24


@row
class Shelved:
    """`alt`: by language; `length`: bytes; `uses`: published versions that show it."""

    library_id: UUID
    sha: str
    media_type: str
    width: int
    height: int
    length: int
    moves: bool
    legal_entity: str | None
    hotel: str | None
    name: str
    alt: Mapping[str, str]
    version: int
    added_by: str
    added_at: datetime

    @property
    def file(self) -> str:
        return file_name(self.sha, self.media_type)

    @property
    def key(self) -> str:
        """Of the pager."""
        return f"{self.added_at.isoformat()}_{self.library_id}"


@row
class Use:
    """A template whose published `versions` show a picture, or whose draft does. `newest`: the version that is sent; 0
    where none was published."""

    key: str
    name: str
    versions: Sequence[int]
    newest: int
    in_draft: bool

    @property
    def is_sent(self) -> bool:
        """Mails that are sent from now on show it."""
        return self.newest in self.versions


def shelved(
    tx: Tx, scope: Scope, words: str = "", after: tuple[datetime, UUID] | None = None, *, file: str = ""
) -> list[Shelved]:
    """What these hotels have in their libraries, the newest first, one more than a page. `words`: in its name or in one
    of its descriptions; `file`: this picture alone."""
    values = {
        **scope.values,
        "words": words or None,
        "sha": file.partition(".")[0] or None,
        "after_at": after[0] if after else None,
        "after_id": after[1] if after else None,
        "most": PAGE + 1,
    }
    return tx.rows(Shelved, SHELVED, values)


def one(tx: Tx, library_id: UUID, scope: Scope) -> Shelved | None:
    found = tx.rows(Shelved, f"{COLUMNS} where library_id = %(id)s and {SEEN}", {**scope.values, "id": library_id})
    return found[0] if found else None


def used_in(tx: Tx, sha: str) -> list[Use]:
    return tx.rows(Use, USED_IN, {"sha": sha})


def entities(tx: Tx) -> dict[str, list[str]]:
    """By legal entity its hotels."""
    query = "select legal_entity, array_agg(code order by code) from property_known group by 1 order by 1"
    return dict(tx.execute(query).fetchall())


SEEN = f"""(
    (shelf.hotel is null and shelf.legal_entity is null) or {within("shelf.hotel")}
    or exists (select from property_known as own
               where own.legal_entity = shelf.legal_entity and {within("own.code")}))"""
"""What every hotel has is everybody's; else one sees what one of one's hotels has in its library."""
COLUMNS = """
    select library_id, picture.sha, media_type, width, height, length, moves, shelf.legal_entity, shelf.hotel,
           shelf.name, alt, version, added_by, shelf.added_at
    from library_picture as shelf join picture on picture.sha = shelf.sha
"""
SHELVED = f"""
    {COLUMNS}
    where {SEEN}
      and (%(sha)s::text is null or picture.sha = %(sha)s)
      and (%(words)s::text is null or strpos(lower(shelf.name), lower(%(words)s)) > 0
           or exists (select from jsonb_each_text(alt) as said where strpos(lower(said.value), lower(%(words)s)) > 0))
      and (%(after_at)s::timestamptz is null or (shelf.added_at, library_id) < (%(after_at)s, %(after_id)s::uuid))
    order by shelf.added_at desc, library_id desc limit %(most)s
"""
USED_IN = """
    with shown as (
        select key, array_agg(version order by version) as versions from template_picture where sha = %(sha)s group by 1
    ), drafted as (
        select key, document from template_draft where strpos(document::text, %(sha)s) > 0
    ), used as (
        select key, versions, document from shown full join drafted using (key)
    )
    select used.key, coalesce(used.document, published.document) ->> 'name' as name,
           coalesce(versions, '{}') as versions, coalesce(newest, 0) as newest, used.document is not null as in_draft
    from used left join template on template.key = used.key
         left join template_version as published on (published.key, published.version) = (template.key, newest)
    order by 2, 1
"""
