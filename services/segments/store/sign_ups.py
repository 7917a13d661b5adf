"""Sign-up forms with every version of their wording, and what guests sent by them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from services.segments.rules.sign_ups import Rate, Typed, Wording, wording_of
from shared.crypto.purposes import Sealing
from shared.crypto.sealing import Sealed
from shared.database.pool import Tx
from shared.vocabulary.sign_up import Box, Difference, FormState


@dataclass(frozen=True)
class Form:
    """A form with its newest wording. `property`: None where it is the whole house's."""

    code: str
    name: str
    property: str | None
    version: int
    state: FormState
    wording: Wording


@dataclass(frozen=True)
class SignUp:
    """What one guest sent. `boxes`: those that wait to count; `guest_id`: whose it turned out to be."""

    id: UUID
    form: str
    form_version: int
    property: str | None
    page: str
    language: str
    boxes: tuple[Box, ...]
    typed: Typed
    network: str
    said_at: datetime
    state: str
    guest_id: UUID | None
    differs: tuple[Difference, ...]


def form_of(tx: Tx, code: str, *, lock: bool = False) -> Form | None:
    query = f"""
        select form.code, form.name, form.property, form.version, form.state, wording.document
        from sign_up_form as form
             join sign_up_wording as wording on (wording.form, wording.version) = (code, form.version)
        where code = %s {"for update of form" if lock else ""}
    """
    row = tx.execute(query, [code]).fetchone()
    return _form(row) if row else None


def forms(tx: Tx) -> list[Form]:
    query = """
        select form.code, form.name, form.property, form.version, form.state, wording.document
        from sign_up_form as form
             join sign_up_wording as wording on (wording.form, wording.version) = (code, form.version)
        order by form.state = 'withdrawn', form.name, code
    """
    return [_form(row) for row in tx.execute(query)]


def wording_at(tx: Tx, form: str, version: int) -> Wording | None:
    query = "select document from sign_up_wording where form = %s and version = %s"
    row = tx.execute(query, [form, version]).fetchone()
    return wording_of(row[0]) if row else None


@dataclass(frozen=True)
class WordingLine:
    version: int
    document: dict[str, Any]
    made_by: str
    made_at: datetime


def wordings_of(tx: Tx, form: str) -> list[WordingLine]:
    """Every version, the newest first."""
    query = "select version, document, made_by, made_at from sign_up_wording where form = %s order by version desc"
    return tx.rows(WordingLine, query, [form])


def add_form(tx: Tx, form: Form, by: str, at: datetime) -> bool:
    """False where the code is taken."""
    query = """
        insert into sign_up_form (code, name, property, version, state, changed_at)
        values (%(code)s, %(name)s, %(property)s, %(version)s, %(state)s, %(at)s) on conflict do nothing
    """
    values = {"code": form.code, "name": form.name, "property": form.property, "version": form.version}
    if not tx.execute(query, {**values, "state": str(form.state), "at": at}).rowcount:
        return False
    add_wording(tx, form.code, form.version, form.wording, by, at)
    return True


def add_wording(tx: Tx, form: str, version: int, wording: Wording, by: str, at: datetime) -> None:
    document = orjson.dumps(wording.document()).decode()
    query = "insert into sign_up_wording (form, version, document, made_by, made_at) values (%s, %s, %s, %s, %s)"
    tx.execute(query, [form, version, document, by, at])
    tx.execute("update sign_up_form set version = %s, changed_at = %s where code = %s", [version, at, form])


def rename(tx: Tx, form: str, name: str, at: datetime) -> None:
    tx.execute("update sign_up_form set name = %s, changed_at = %s where code = %s", [name, at, form])


def move_form(tx: Tx, form: str, state: FormState, at: datetime) -> bool:
    query = "update sign_up_form set state = %(to)s, changed_at = %(at)s where code = %(form)s and state <> %(to)s"
    return bool(tx.execute(query, {"to": str(state), "at": at, "form": form}).rowcount)


def add_sign_up(tx: Tx, sign_up: SignUp) -> bool:
    """False where it is there already."""
    typed = sign_up.typed
    values = {
        **{name: getattr(sign_up, name) for name in ("id", "form", "form_version", "property", "page", "language")},
        **{name: getattr(sign_up, name) for name in ("network", "said_at", "state", "guest_id")},
        "boxes": [str(box) for box in sign_up.boxes],
        "differs": [str(one) for one in sign_up.differs],
        "given_name": typed.given_name,
        "family_name": typed.family_name,
        "birth_date": typed.birth_date,
        "email": tx.keyring.seal(typed.email, Sealing.CONTACT) if typed.email else None,
        "phone": tx.keyring.seal(typed.phone, Sealing.CONTACT) if typed.phone else None,
        "points": points_in(tx, typed),
    }
    query = """
        insert into sign_up (id, form, form_version, property, page, language, boxes, given_name, family_name,
                             birth_date, email_sealed, phone_sealed, points, network, said_at, state, guest_id, differs)
        values (%(id)s, %(form)s, %(form_version)s, %(property)s, %(page)s, %(language)s, %(boxes)s, %(given_name)s,
                %(family_name)s, %(birth_date)s, %(email)s, %(phone)s, %(points)s, %(network)s, %(said_at)s,
                %(state)s, %(guest_id)s, %(differs)s)
        on conflict do nothing
    """
    return bool(tx.execute(query, values).rowcount)


def points_in(tx: Tx, typed: Typed) -> list[str]:
    """The contact points that were typed, as blind indexes."""
    return [tx.keyring.index(channel, text) for channel, text in typed.contacts if text]


def count_sent(tx: Tx, form: str, network: str, since: datetime) -> Rate:
    """Counts one that is sent now. `since`: where the present span began."""
    counted = [tx.execute(COUNT, {"form": form, "network": one, "since": since}).fetchone() for one in (network, "")]
    from_network, by_form = (row[0] for row in counted if row is not None)
    return Rate(since, from_network, by_form)


def sent_with(tx: Tx, points: Sequence[str], since: datetime) -> int:
    """How many sign-ups came with one of these contact points."""
    query = "select count(*) from sign_up where points && %s and said_at >= %s"
    row = tx.execute(query, [list(points), since]).fetchone()
    return int(row[0]) if row else 0


COUNT = """
    insert into sign_up_rate as old (form, network, since, sent) values (%(form)s, %(network)s, %(since)s, 1)
    on conflict (form, network) do update
    set sent = case when old.since = excluded.since then old.sent + 1 else 1 end, since = excluded.since
    returning sent
"""
SELECTED = """
    select id, form, form_version, property, page, language, boxes, given_name, family_name, birth_date, email_sealed,
           phone_sealed, network, said_at, state, coalesce(
               (select merged_into from guest where guest.id = sign_up.guest_id), guest_id), differs
    from sign_up
"""


def oldest_waiting(tx: Tx) -> datetime | None:
    row = tx.execute("select min(said_at) from sign_up where state = 'waiting'").fetchone()
    return row[0] if row else None


def claim_waiting(tx: Tx) -> SignUp | None:
    query = SELECTED + "where state = 'waiting' order by said_at, id limit 1 for update skip locked"
    row = tx.execute(query).fetchone()
    return _sign_up(tx, row) if row else None


def lock_differing(tx: Tx, id: UUID) -> SignUp | None:
    row = tx.execute(SELECTED + "where state = 'differs' and id = %s for update", [id]).fetchone()
    return _sign_up(tx, row) if row else None


def differing(tx: Tx, most: int) -> list[SignUp]:
    """Those about which people have to decide, the oldest first."""
    query = SELECTED + "where state = 'differs' order by said_at, id limit %s"
    return [_sign_up(tx, row) for row in tx.execute(query, [most])]


def keep_taken(tx: Tx, id: UUID, guest_id: UUID, boxes: Sequence[Box], differs: Sequence[Difference]) -> None:
    """`boxes`: those that cannot count yet. Where nothing differs, what was typed is needed no more."""
    values: Mapping[str, Any] = {"id": id, "guest": guest_id, "boxes": list(map(str, boxes))}
    if differs:
        query = "update sign_up set state = 'differs', guest_id = %(guest)s, boxes = %(boxes)s, differs = %(differs)s"
        tx.execute(f"{query} where id = %(id)s", {**values, "differs": list(map(str, differs))})
    else:
        tx.execute(f"update sign_up set state = 'taken', guest_id = %(guest)s, {EMPTIED} where id = %(id)s", values)


def keep_settled(tx: Tx, id: UUID, by: str, at: datetime) -> None:
    query = f"update sign_up set state = 'settled', settled_by = %s, settled_at = %s, {EMPTIED} where id = %s"
    tx.execute(query, [by, at, id])


EMPTIED = "given_name = '', family_name = '', birth_date = null, email_sealed = null, phone_sealed = null, network = ''"


def points_among(tx: Tx, guest_id: UUID, indexes: Sequence[str]) -> list[str]:
    """Those of these indexes under which the guest has an address or number."""
    query = "select point from guest_point where guest_id = %s and point = any(%s)"
    return [point for (point,) in tx.execute(query, [guest_id, list(indexes)])]


def _form(row: Sequence[Any]) -> Form:
    code, name, property_, version, state, document = row
    return Form(code, name, property_, version, FormState(state), wording_of(document))


def _sign_up(tx: Tx, row: Sequence[Any]) -> SignUp:
    given, family, born = row[7:10]
    email, phone = (tx.keyring.open(Sealed(one), Sealing.CONTACT) if one else "" for one in row[10:12])
    boxes, differs = tuple(map(Box, row[6])), tuple(map(Difference, row[16]))
    id, form, form_version, property_, page, language = row[:6]
    network, said_at, state, guest_id = row[12:16]
    return SignUp(
        id=id,
        form=form,
        form_version=form_version,
        property=property_,
        page=page,
        language=language,
        boxes=boxes,
        typed=Typed(given, family, born, email, phone),
        network=network,
        said_at=said_at,
        state=state,
        guest_id=guest_id,
        differs=differs,
    )
