"""By what guests are found, and of whom that is still to be written."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.crypto.sealing import Sealed
from shared.database.pool import Tx


@dataclass(frozen=True)
class Findable:
    """A living guest. `heard`: what sources state of a corrected name; `points`: channel and sealed address of each;
    `stays`: hotel and number of each reservation."""

    id: UUID
    given_name: str
    family_name: str
    heard: dict[str, Any] | None
    also_known: list[list[str | None]] | None
    home_property: str | None
    points: list[tuple[str, Sealed]]
    stays: list[tuple[str, str]]

    @property
    def names(self) -> list[tuple[str, str]]:
        """Given and family name: the one shown, what sources state where it was corrected, those of whom was merged."""
        found = [(self.given_name, self.family_name)]
        if self.heard and "given_name" in self.heard:
            found.append((self.heard["given_name"] or "", self.heard["family_name"] or ""))
        found += [(given or "", family or "") for given, family, _ in self.also_known or ()]
        return list(dict.fromkeys(found))


def any_due(tx: Tx) -> bool:
    row = tx.execute("select exists (select from guest_search_due)").fetchone()
    return bool(row and row[0])


def last_looked(tx: Tx) -> datetime | None:
    """When the writer last looked what is due, and came to an end with it; None where it never did."""
    row = tx.execute("select looked_at from guest_search_writer").fetchone()
    return row[0] if row else None


def note_look(tx: Tx, at: datetime) -> None:
    statement = """
        insert into guest_search_writer (looked_at) values (%s)
        on conflict (single) do update set looked_at = excluded.looked_at
    """
    tx.execute(statement, [at])


def take_due(tx: Tx, most: int) -> list[UUID]:
    """Guests of whom something changed, so many changes at most, with all of a guest's together. Those that another
    takes are left to it."""
    query = """
        with taken as (
            delete from guest_search_due
            where ctid = any(array(
                select ctid from guest_search_due order by guest_id limit %s for update skip locked))
            returning guest_id
        )
        select distinct guest_id from taken
    """
    return [guest for (guest,) in tx.execute(query, [most])]


def hold(tx: Tx, guests: Collection[UUID]) -> tuple[list[UUID], list[UUID]]:
    """Those of these guests that nobody is changing, held as they are until the transaction ends: nobody is erased
    meanwhile. And those that somebody is."""
    query = "select id from guest where id = any(%s) for share skip locked"
    held = {guest for (guest,) in tx.execute(query, [list(guests)])}
    return sorted(held), sorted(set(guests) - held)


def put_back(tx: Tx, guests: Collection[UUID]) -> None:
    """They are due again; those that there are not any more are not."""
    statement = "insert into guest_search_due select id from guest where id = any(%s)"
    tx.execute(statement, [list(guests)])


def findable(tx: Tx, guests: Collection[UUID]) -> list[Findable]:
    return tx.rows(Findable, FINDABLE, [list(guests)])


def replace_rows(tx: Tx, guests: Collection[UUID], rows: Sequence[tuple[UUID, str, list[int]]]) -> None:
    """Those of these guests that have a row in `rows` are found by it, the others by nothing."""
    tx.execute("delete from guest_search where guest_id = any(%s)", [list(guests)])
    with tx.copy("copy guest_search (guest_id, point_key, found_by) from stdin") as copy:
        for row in rows:
            copy.write_row(row)


def under_another_key(tx: Tx, key: str, after: UUID, most: int) -> list[UUID]:
    query = "select guest_id from guest_search where guest_id > %s and point_key <> %s order by guest_id limit %s"
    return [guest for (guest,) in tx.execute(query, [after, key, most])]


FINDABLE = """
    select g.id, g.given_name, g.family_name, g.heard, g.also_known, g.home_property,
           coalesce((select json_agg(json_build_array(p.channel, p.address_sealed))
                     from guest_point gp join contact_point p using (point)
                     where gp.guest_id = g.id and p.kind <> 'agency'), '[]') as points,
           coalesce((select json_agg(json_build_array(s.property, s.reservation))
                     from stay s where s.guest_id = g.id), '[]') as stays
    from guest g where g.id = any(%s) and g.merged_into is null and g.erased_at is null
"""
