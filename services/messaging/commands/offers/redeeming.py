"""Codes are used: at the desk, by a program, or as a file tells. In sets, each code locked while it is judged.

A line has an id of its own. Told again it is known and changes nothing; a single code that is used a second time is
refused, with who used it when.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from services.messaging.rules.offers.codes import compared, is_mistyped
from services.messaging.rules.offers.redeeming import CodeFound, Use, refusal
from services.messaging.store.offers import redemptions as store
from shared.bus.outbox import publish
from shared.database.pool import Tx
from shared.events import chunk_of_rows
from shared.events.messaging import OfferRedeemed, OfferReferred
from shared.vocabulary.offer import CodeRefusal, OfferKind, RedeemedBy

END_OF_DAY = time(23, 59, 59)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One use as it is told. `code`: as it was typed; `reservation`: of the guest's stay, where it is told."""

    redemption_id: UUID
    code: str
    hotel: str
    on: date
    amount: Decimal | None = None
    currency: str | None = None
    reservation: str | None = None
    line: int = 0


@dataclass(frozen=True)
class Answer:
    """What came of a line. `found`: its code, with its last use before; `is_known`: it was told before."""

    line: Line
    found: CodeFound | None
    refusal: CodeRefusal | None = None
    is_known: bool = False


def look_at(tx: Tx, code: str, hotel: str, on: date) -> tuple[CodeFound | None, CodeRefusal | None]:
    """Whether a code could be used there on that day; nothing changes."""
    wanted = compared(code)
    found = store.find_codes(tx, [wanted], lock=False).get(wanted)
    return found, refusal(found, hotel, on) if found else _unknown(wanted)


def redeem(tx: Tx, lines: Sequence[Line], source: RedeemedBy, *, by: str, at: datetime) -> list[Answer]:
    """Each line in turn, the earlier ones counting for those after them. Publishes offer.redeemed and, where a guest's
    friend came, offer.referred."""
    codes = sorted({compared(line.code) for line in lines})
    found = store.find_codes(tx, codes, lock=True)
    before = store.known(tx, [line.redemption_id for line in lines])
    holders = store.holders(tx, [code for code, one in found.items() if one.offer.kind is not OfferKind.WORD])
    numbered = [line for line in lines if line.reservation]
    stays = store.stays_of(tx, [one.hotel for one in numbered], [one.reservation or "" for one in numbered])
    answers, used = [], []
    for line in lines:
        answer = _judged(line, found, before, holders, stays, by)
        if answer.refusal is None and not answer.is_known:
            used.append(answer)
        answers.append(answer)
    if used:
        _write(tx, used, holders, stays, source, by, at)
    return answers


def _judged(
    line: Line,
    found: dict[str, CodeFound],
    before: set[UUID],
    holders: dict[str, UUID],
    stays: dict[tuple[str, str], tuple[UUID, UUID]],
    by: str,
) -> Answer:
    code = compared(line.code)
    one = found.get(code)
    if line.redemption_id in before:
        return Answer(line, one, is_known=True)
    if one is None:
        return Answer(line, None, _unknown(code))
    why = refusal(one, line.hotel, line.on)
    if why is None and one.offer.kind is OfferKind.REFERRAL and _guest_of(line, stays) == holders.get(code, ""):
        why = CodeRefusal.OWN
    if why is not None:
        return Answer(line, one, why)
    number = (one.last.number if one.last else 0) + 1
    found[code] = replace(one, last=Use(number, line.hotel, line.on, by))
    before.add(line.redemption_id)
    return Answer(line, found[code])


def _guest_of(line: Line, stays: dict[tuple[str, str], tuple[UUID, UUID]]) -> UUID | None:
    return stays.get((line.hotel, line.reservation or ""), (None, None))[0]


def _unknown(code: str) -> CodeRefusal:
    return CodeRefusal.MISTYPED if is_mistyped(code) else CodeRefusal.NO_CODE


def _write(
    tx: Tx,
    used: Sequence[Answer],
    holders: dict[str, UUID],
    stays: dict[tuple[str, str], tuple[UUID, UUID]],
    source: RedeemedBy,
    by: str,
    at: datetime,
) -> None:
    zones = store.zones_of(tx, sorted({answer.line.hotel for answer in used}))
    rows = []
    for answer in used:
        line, one = answer.line, answer.found
        assert one is not None and one.last is not None
        of_stay = stays.get((line.hotel, line.reservation or ""), (None, None))
        is_friend = one.offer.kind is OfferKind.REFERRAL  # of whom nothing is kept: the guest is who brought them
        guest = holders.get(one.code) if one.offer.kind is not OfferKind.WORD else of_stay[0]
        instant = min(at, datetime.combine(line.on, END_OF_DAY, ZoneInfo(zones.get(line.hotel, "UTC"))))
        row = {"redemption_id": line.redemption_id, "offer": one.offer.key, "code": one.code}
        row |= {"use_number": one.last.number, "guest_id": guest, "stay_id": None if is_friend else of_stay[1]}
        row |= {"property": line.hotel, "redeemed_on": line.on, "amount": line.amount, "currency": line.currency}
        rows.append((is_friend, instant, row))
    names = list(rows[0][2])
    columns = {name: [row[name] for _, _, row in rows] for name in names}
    store.add(tx, {**columns, "source": str(source), "by": by, "at": at})
    for kind, friends in ((OfferRedeemed, False), (OfferReferred, True)):
        said = [_said(row, source, instant) for is_friend, instant, row in rows if is_friend is friends]
        publish(tx, chunk_of_rows(kind, said), at=at)


def _said(row: dict[str, object], source: RedeemedBy, instant: datetime) -> tuple[object, ...]:
    """In the order of the fields of `OfferUsed`."""
    amount = None if row["amount"] is None else format(row["amount"], "f")
    names = ("offer", "guest_id", "stay_id", "property")
    money_and_day = (amount, row["currency"], row["redeemed_on"])
    return (row["redemption_id"], 1, *(row[name] for name in names), *money_and_day, str(source), instant)
