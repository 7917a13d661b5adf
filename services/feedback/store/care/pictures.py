"""Pictures of cases, as bytes."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from shared.database.pool import Tx
from shared.pictures.scaling import Picture


def add(tx: Tx, picture_id: UUID, case_id: UUID, picture: Picture, by: str, at: datetime) -> bool:
    """Whether it is new."""
    values = {
        "picture_id": picture_id,
        "case_id": case_id,
        "media_type": picture.media_type,
        "width": picture.width,
        "height": picture.height,
        "content": picture.content,
        "by": by,
        "at": at,
    }
    return tx.execute(ADD, values).rowcount == 1


def count(tx: Tx, case_id: UUID) -> int:
    found = tx.execute("select count(*) from case_picture where case_id = %s", [case_id]).fetchone()
    return int(found[0]) if found else 0


def remove(tx: Tx, case_id: UUID, picture_id: UUID) -> bool:
    query = "delete from case_picture where case_id = %s and picture_id = %s"
    return tx.execute(query, [case_id, picture_id]).rowcount == 1


ADD = """
    insert into case_picture (picture_id, case_id, media_type, width, height, content, added_by, at)
    values (%(picture_id)s, %(case_id)s, %(media_type)s, %(width)s, %(height)s, %(content)s, %(by)s,
            %(at)s)
    on conflict do nothing
"""
