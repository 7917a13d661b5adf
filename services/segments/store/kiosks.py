"""Kiosks at the desk, and whose turn it is there."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from uuid import UUID

from services.segments.rules.kiosk import Kiosk
from shared.access.scope import Scope, within
from shared.database.pool import Tx

COLUMNS = ", ".join(field.name for field in fields(Kiosk))


def add(tx: Tx, kiosk: Kiosk) -> None:
    names = [field.name for field in fields(Kiosk)]
    values = {name: getattr(kiosk, name) for name in names}
    tx.execute(f"insert into kiosk ({COLUMNS}) values ({', '.join(f'%({name})s' for name in names)})", values)


def lock(tx: Tx, id: UUID) -> Kiosk | None:
    found = tx.rows(Kiosk, f"select {COLUMNS} from kiosk where id = %s for update", [id])
    return found[0] if found else None


def running(tx: Tx, scope: Scope, now: datetime) -> list[Kiosk]:
    """Those of these hotels, the latest first."""
    query = f"""
        select {COLUMNS} from kiosk
        where ended_at is null and ends_at > %(now)s and {within("property")}
            and not exists (select from session_ended as over where over.session_id = kiosk.session_id)
        order by started_at desc, id limit 50
    """
    return tx.rows(Kiosk, query, {**scope.values, "now": now})


def end(tx: Tx, id: UUID, at: datetime) -> bool:
    """Nothing of a guest stays in it."""
    query = """
        update kiosk set ended_at = %s, turn = null, guest_id = null, seen_at = null where id = %s and ended_at is null
    """
    return bool(tx.execute(query, [at, id]).rowcount)


def begin_turn(tx: Tx, id: UUID, turn: UUID, guest_id: UUID, at: datetime) -> None:
    query = "update kiosk set turn = %s, guest_id = %s, seen_at = %s, wrong_names = 0 where id = %s"
    tx.execute(query, [turn, guest_id, at, id])


def note_seen(tx: Tx, id: UUID, at: datetime) -> None:
    tx.execute("update kiosk set seen_at = %s where id = %s and turn is not null", [at, id])


def end_turn(tx: Tx, id: UUID) -> None:
    tx.execute("update kiosk set turn = null, guest_id = null, seen_at = null where id = %s", [id])


def count_wrong(tx: Tx, id: UUID, *, pins: int = 0, names: int = 0) -> None:
    query = "update kiosk set wrong_pins = wrong_pins + %s, wrong_names = wrong_names + %s where id = %s"
    tx.execute(query, [pins, names, id])


def pause(tx: Tx, id: UUID, until: datetime) -> None:
    tx.execute("update kiosk set paused_until = %s, wrong_names = 0 where id = %s", [until, id])


def stays_under(tx: Tx, hotel: str, reservation: str) -> list[tuple[UUID, str]]:
    """Guest and family name of each stay of a hotel under a number that is booked, under way or just over."""
    query = """
        select guest.id, guest.family_name from stay join guest on guest.id = stay.guest_id
        where stay.property = %s and upper(stay.reservation) = upper(%s) and stay.status in ('booked', 'checked_in')
            and guest.erased_at is null and guest.merged_into is null
        order by stay.arrival desc limit 5
    """
    return [(guest, name) for guest, name in tx.execute(query, [hotel, reservation])]


def form_of_hotel(tx: Tx, hotel: str) -> str | None:
    """The code of the form whose boxes the kiosk shows: the hotel's own, else the whole house's."""
    query = """
        select code from sign_up_form where state = 'published' and (property = %(hotel)s or property is null)
        order by property is null, changed_at desc, code limit 1
    """
    row = tx.execute(query, {"hotel": hotel}).fetchone()
    return row[0] if row else None
