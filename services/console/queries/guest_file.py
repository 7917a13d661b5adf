"""What console tells a guest: who looked at their page or changed something, by role, hotel and time; never a name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from shared.database.pool import Tx
from shared.personal_data.guest_file.held import Cell, Held, in_file, plain
from shared.vocabulary.role import Role

LABELS = (in_file("When"), in_file("Who"), in_file("Of which hotels"), in_file("What they did"))
DEEDS = {
    "guest.viewed": in_file("looked at your page"),
    "guest.story_viewed": in_file("looked at what happened with you"),
    "consents.viewed": in_file("looked at what you allow"),
    "answers.viewed": in_file("read your answers"),
    "replies.viewed": in_file("read your replies"),
    "consent.recorded": in_file("wrote down that you agreed"),
    "consent.stopped": in_file("wrote down that you want no more messages"),
    "consent.withdrawn": in_file("wrote down that you no longer agree"),
    "preferences.chosen": in_file("you chose what to receive"),
    "guest.file_requested": in_file("had this file made"),
    "guest.file_downloaded": in_file("downloaded a file like this"),
    "guest.file_exported": in_file("wrote a file like this"),
}
OTHERWISE = in_file("changed something")
A_COLLEAGUE = in_file("a colleague")
ALL_HOTELS = in_file("all hotels")


def tell(tx: Tx, guests: Sequence[UUID]) -> list[Held]:
    rows = [_row(*row) for row in tx.execute(LOOKED, {"subjects": [f"guest {one}" for one in guests]})]
    return [Held(in_file("Who looked at your page"), LABELS, rows)]


def _row(at: datetime, role: str | None, names: list[str] | None, action: str) -> list[Cell]:
    """`names`: of the hotels; empty for all of them, None in entries of an earlier version."""
    where: Cell = None if names is None else names or {"word": ALL_HOTELS}
    return [
        plain(at),
        {"word": Role(role).label if role else A_COLLEAGUE},
        where,
        {"word": DEEDS.get(action, OTHERWISE)},
    ]


LOOKED = """
    select recorded_at, role, case when hotels is null then null else array(
               select coalesce(property.name, code)
               from unnest(hotels) as code left join property using (code) order by 1
           ) end, action
    from audit_entry where subject = any(%(subjects)s::text[]) order by recorded_at, audit_id
"""
