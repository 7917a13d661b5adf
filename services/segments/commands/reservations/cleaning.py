"""Contact points that were kept before they were cleaned go by their clean spelling, with everything under them.

Each keeps its former spelling, so that subscribers move what they keep under that: no objection is lost. A source that
states such a point again moves it at once; the others are walked through once, in sets, in the background.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from uuid import UUID

from services.segments.commands.guests.noting import publish_and_evaluate
from services.segments.commands.reservations.prepared import ReadyRow
from services.segments.rules.people.contact_points import Point, email_points, phone_points
from services.segments.store.finding.indexing import guests_on, move_points
from services.segments.store.guests import cleaning as store
from services.segments.store.guests.guests import await_turn, next_versions
from services.segments.store.guests.removed_points import known_among
from shared.crypto.purposes import Sealing
from shared.crypto.sealing import Sealed
from shared.database.pool import Tx
from shared.vocabulary.channel import Channel
from shared.vocabulary.contact_point import PointClass, PointFault

AT_ONCE = 1_000


def settle_mended(tx: Tx, prepared_rows: Iterable[ReadyRow], at: datetime) -> None:
    """What these rows state and earlier versions kept in another spelling goes by the clean one."""
    mended = {
        former: (index, point)
        for prepared in prepared_rows
        for _, index, point in prepared.points
        if point.form
        for former in tx.keyring.indexes(point.channel, point.form)
    }
    if mended and (known := known_among(tx, mended.keys())):
        _move(tx, {former: mended[former] for former in known}, at)


def clean_next_points(tx: Tx, agency_domains: frozenset[str], at: datetime) -> int:
    """The next stored points in the order of their index; how many were looked at. Whoever enters reservations waits.

    A point that was read already is as it was. One that was not is moved to the first that it means, and the others
    are given to the same guests; one whose worth is seen otherwise now is classed anew.
    """
    await_turn(tx)
    found = store.points_after(tx, store.cleaned_until(tx), AT_ONCE)
    moves: dict[str, tuple[str, Point]] = {}
    further: list[tuple[str, str, Point]] = []
    judged: dict[str, Point] = {}
    for one in found:
        plain = tx.keyring.open(one.address, Sealing.CONTACT)
        read = _read(one.channel, plain, one.countries, agency_domains)
        if not read:
            judged[one.point] = Point(one.channel, plain, PointClass.BAD, PointFault.PLACEHOLDER)
        elif read[0].form or read[0].address != plain:
            moves[one.point] = (tx.keyring.index(one.channel, read[0].address), read[0])
            further += [
                (moves[one.point][0], tx.keyring.index(one.channel, other.address), other) for other in read[1:]
            ]
        elif (read[0].kind, read[0].fault) != (one.kind, one.fault) and one.may_be_judged:
            judged[one.point] = read[0]
    _move(tx, moves, at, further)
    _judge(tx, judged, at)
    store.note_cleaned(tx, found[-1].point if found else None, at)
    return len(found)


def with_form(tx: Tx, forms: Sealed | None, form: str | None) -> Sealed | None:
    """The spellings with this one, sealed; as they were where it is among them."""
    known = tx.keyring.open(forms, Sealing.CONTACT).split("\n") if forms else []
    form = " ".join((form or "").split())  # a line each
    if not form or form in known or len(known) >= store.MOST_FORMS:
        return forms
    return tx.keyring.seal("\n".join([*known, form]), Sealing.CONTACT)


def _read(channel: str, plain: str, countries: Collection[str], agency_domains: frozenset[str]) -> tuple[Point, ...]:
    if channel == Channel.EMAIL:
        return email_points(plain, agency_domains)
    return phone_points(plain, None, *countries)


def _move(
    tx: Tx,
    moves: Mapping[str, tuple[str, Point]],
    at: datetime,
    further: Collection[tuple[str, str, Point]] = (),
) -> None:
    if not moves:
        return
    move_points(tx, {former: index for former, (index, _) in moves.items() if former != index})
    points = dict(moves.values())
    forms = store.forms_of(tx, list(points))
    store.rewrite(
        tx,
        [
            (index, _sealed(tx, point), point.kind, point.fault, with_form(tx, forms.get(index), point.form))
            for index, point in points.items()
        ],
    )
    store.add_further(
        tx,
        [
            (beside, index, point.channel, _sealed(tx, point), point.kind, point.fault)
            for beside, index, point in further
        ],
    )
    _publish(tx, [*points, *(index for _, index, _ in further)], at)


def _judge(tx: Tx, judged: Mapping[str, Point], at: datetime) -> None:
    if judged:
        store.reclass(tx, [(index, point.kind, point.fault) for index, point in judged.items()])
        _publish(tx, list(judged), at)


def _sealed(tx: Tx, point: Point) -> Sealed:
    return tx.keyring.seal(point.address, Sealing.CONTACT)


def _publish(tx: Tx, points: Collection[str], at: datetime) -> None:
    guests: list[UUID] = guests_on(tx, points)
    next_versions(tx, guests, at)
    publish_and_evaluate(tx, guests, at)
