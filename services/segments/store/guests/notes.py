"""Notes about guests; of a guest who was merged they stay where they were written and are read with the other's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.crypto.sealing import Sealed
from shared.database.pool import Tx


@dataclass(frozen=True)
class Note:
    id: UUID
    guest_id: UUID
    text_sealed: Sealed
    by_whom: str
    at: datetime


def add(tx: Tx, note: Note) -> None:
    statement = """
        insert into guest_note (id, guest_id, text_sealed, by_whom, at)
        values (%(id)s, %(guest_id)s, %(text_sealed)s, %(by_whom)s, %(at)s)
    """
    tx.execute(statement, vars(note))


def delete(tx: Tx, guest_id: UUID, note_id: UUID) -> bool:
    statement = f"delete from guest_note where id = %(note)s and guest_id in ({ONE_GUEST})"
    return tx.execute(statement, {"note": note_id, "guest": guest_id}).rowcount == 1


def notes_of(tx: Tx, guest_id: UUID, most: int = 200) -> list[Note]:
    query = f"""
        select id, guest_id, text_sealed, by_whom, at from guest_note
        where guest_id in ({ONE_GUEST}) order by at desc, id limit %(most)s
    """
    return tx.rows(Note, query, {"guest": guest_id, "most": most})


ONE_GUEST = "select %(guest)s::uuid union all select id from guest where merged_into = %(guest)s"
