"""Search the whole base for guests who may be one, a piece at a time, and file the pairs that are worth a look.

1. the hashes of what each guest's name and birth date could have in common with another's
2. the pairs on one of these, or on one contact point, that could reach the score: one statement (`find_pairs`)
3. each pair's score with its reasons, as `rules/likeness` has it

Nobody is merged here. It dies at any line and goes on with the piece it was at; begun again, it files nothing twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from services.segments.rules.likeness.blocks import CROWD, NARROW_CROWD, keys_of
from services.segments.rules.likeness.reasons import Reason
from services.segments.rules.likeness.score import BOTH_CONTACTS_AT_MOST, ONE_IN_A_MILLION, Likened, Likeness, likeness
from services.segments.rules.people.identity import Key
from services.segments.rules.people.names import Name
from services.segments.store.duplicates import duplicates as store
from services.segments.store.duplicates.duplicates import Named, Pair, Scored, Search
from shared.database.pool import Tx

NIGHT = time(2, 30, tzinfo=UTC)
GUESTS_AT_ONCE, PAIRS_AT_ONCE = 20_000, 20_000
BITS: Mapping[str, float] = {
    reason.value: reason.bits
    for reason in (
        *(Reason.SAME_EMAIL, Reason.SAME_PHONE),
        *(Reason.SAME_BIRTH_DATE, Reason.BIRTH_DATE_SLIP, Reason.OTHER_BIRTH_DATE),
    )
} | {"both_contacts": BOTH_CONTACTS_AT_MOST, "best_name": Reason.SAME_NAME.bits}
"""What the statement weighs by."""
AT_LEAST = -ONE_IN_A_MILLION
"""Bits from which on one person is as likely as two: `FILED_FROM`."""


def next_search(tx: Tx) -> datetime | None:
    """When there is something to do; at once, where a search is under way."""
    found = store.search_of(tx)
    return None if found is None else found.started_at or found.next_at


def plan_first_search(tx: Tx, at: datetime) -> None:
    store.plan_first(tx, night_after(at))


def night_after(at: datetime) -> datetime:
    tonight = datetime.combine(at.astimezone(UTC).date(), NIGHT)
    return tonight if tonight > at else tonight + timedelta(days=1)


def search_on(tx: Tx, now: datetime) -> bool:
    """The next piece; False where nothing is due, or somebody else is at it."""
    search = store.lock_search(tx)
    if search is None:
        return False
    if search.started_at is None:
        return search.next_at <= now and _begin(tx, search, now)
    if not store.is_whole(tx, search.phase):
        return _begin(tx, search, now)
    match search.phase:
        case "keys":
            _keys(tx, search)
        case "pairs":
            store.find_pairs(tx, CROWD, NARROW_CROWD, BITS, AT_LEAST)
            store.go_on(tx, "scores", None)
        case _:
            _scores(tx, search, now)
    return True


def _begin(tx: Tx, search: Search, now: datetime) -> bool:
    if store.anything_new(tx, search.ended_at):
        store.begin(tx, now)
    else:
        store.end(tx, now, night_after(now))
    return True


def _keys(tx: Tx, search: Search) -> None:
    guests = store.guests_with_birth_dates(tx, search.after, GUESTS_AT_ONCE)
    store.add_keys(tx, [(*key, guest.id) for guest in guests for key in keys_of(names_of(guest), guest.birth_date)])
    if len(guests) == GUESTS_AT_ONCE:
        store.go_on(tx, "keys", guests[-1].id)
    else:
        store.go_on(tx, "pairs", None)


def _scores(tx: Tx, search: Search, now: datetime) -> None:
    pairs = store.next_pairs(tx, search.after, PAIRS_AT_ONCE)
    if not pairs:
        store.end(tx, now, night_after(now))
        return
    filed = store.file_scored(tx, scored(tx, pairs), now)
    store.go_on(tx, "scores", pairs[-1].guest_id, filed=filed)


def scored(tx: Tx, pairs: Sequence[Pair]) -> list[Scored]:
    """Those of these pairs that are worth a look."""
    guests = store.named(tx, {guest for pair in pairs for guest in (pair.guest_id, pair.other_id)})
    found = []
    for pair in pairs:
        one, other = guests.get(pair.guest_id), guests.get(pair.other_id)
        if one and other and (alike := likeness_of(pair, one, other)).is_filed:
            found.append(_filed(pair, alike))
    return found


def likeness_of(pair: Pair, one: Named, other: Named) -> Likeness:
    emails, phones = frozenset(["shared"] * pair.same_email), frozenset(["shared"] * pair.same_phone)
    return likeness(
        Likened(names_of(one), one.birth_date, emails, phones),
        Likened(names_of(other), other.birth_date, emails, phones),
    )


def names_of(guest: Named) -> tuple[Name, ...]:
    names = [Name(guest.given_name, guest.family_name)]
    if guest.heard and "given_name" in guest.heard:
        names.append(Name(guest.heard["given_name"], guest.heard["family_name"]))
    return (*names, *(Name(given or "", family or "") for given, family, _ in guest.also_known or ()))


def _filed(pair: Pair, alike: Likeness) -> Scored:
    speaking = [reason.value for reason in alike.reasons if reason.bits > 0]
    reasons = [reason.value for reason in alike.reasons]
    return Scored(pair.guest_id, pair.other_id, _key_of(pair, alike), alike.score, reasons, speaking)


def _key_of(pair: Pair, alike: Likeness) -> str:
    if pair.same_email:
        return Key.EMAIL
    if pair.same_phone:
        return Key.PHONE
    same = {Reason.SAME_NAME, Reason.SAME_BIRTH_DATE} <= set(alike.reasons)
    return Key.NAME_BIRTH if same else "likeness"


def keep_apart(tx: Tx, guest_id: UUID, other_id: UUID, at: datetime) -> bool:
    """Somebody says that the two are different people, by what is known now; False where somebody has said so."""
    one, other = sorted((guest_id, other_id))
    alike = score_of(tx, one, other)
    if alike is None:
        return False
    return store.tell_apart(tx, _filed(store.pair_of(tx, one, other), alike), at)


def score_of(tx: Tx, guest_id: UUID, other_id: UUID) -> Likeness | None:
    """The likeness of any two guests; None where one is gone."""
    found = store.pair_of(tx, guest_id, other_id)
    guests = store.named(tx, [guest_id, other_id])
    if len(guests) < 2:
        return None
    return likeness_of(found, guests[guest_id], guests[other_id])
