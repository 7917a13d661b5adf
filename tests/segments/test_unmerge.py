"""A merge taken back: whoever was merged, in whatever order, whatever came meanwhile, everybody has what is theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.segments.commands.duplicates.merge import merge_guests
from services.segments.commands.duplicates.unmerge import unmerge_guest
from services.segments.commands.evaluation.evaluate import Moved, evaluate_moved
from services.segments.commands.guests.care import Profile, change_profile, forbid_contact
from services.segments.commands.guests.contacts import add_point, point_typed, remove_point
from services.segments.commands.guests.corrections import correct
from services.segments.commands.guests.rights import claim
from services.segments.commands.reservations.enter import EntryOptions, enter
from services.segments.rules.people.corrections import Field
from services.segments.rules.reservations import Reservation
from shared.database.pool import Database, Tx
from shared.vocabulary.consent import ClaimedConsent
from shared.vocabulary.right import Right
from shared.vocabulary.stay import StayStatus
from tests.cast import NOW
from tests.segments.rows import row

NOT_COMPARED = {"version", "changed_at", "recorded_at", "address_sealed"}
TABLES = {
    "guest": "id", "stay": "id", "guest_point": "guest_id, point", "guest_key": "key, guest_id",
    "consent_claim": "guest_id, channel", "contact_point": "point", "removed_point": "point, guest_id",
    "guest_preference": "guest_id", "guest_correction": "id", "guest_right": "id", "answer_known": "answer_id",
    "case_known": "case_id", "message_known": "message_id", "consent_known": "guest_id, channel, purpose",
    "guest_note": "id", "stay_left": "number, row_hash", "guest_facts": "guest_id", "membership": "guest_id",
    "merged_part": "guest_id", "merged_row": "id", "sign_up": "id", "guest_date": "guest_id, date_key",
}  # fmt: skip
PEOPLE = (
    ("Rita", "Cantu", "rita@example.com", "+447700900123", date(1980, 11, 22)),
    ("João", "Conceição", "joao@example.com", "+447700900456", date(1975, 3, 4)),
    ("Anna", "Müller", "anna@example.com", "+447700900123", None),  # the phone of the first
    ("伟", "张", None, "+447700900789", date(1990, 1, 2)),
)


class RollBack(Exception):
    """Ends a transaction that was only looked at."""


@pytest.fixture(scope="module")
def when() -> datetime:
    return NOW


def state(tx: Tx) -> dict[str, list[dict[str, Any]]]:
    found = {}
    for table, order in TABLES.items():
        rows = [one for (one,) in tx.execute(f"select to_jsonb(t) from {table} t order by {order}").fetchall()]
        found[table] = [{name: value for name, value in one.items() if name not in NOT_COMPARED} for one in rows]
    return found


def compare(found: dict[str, Any], wanted: dict[str, Any], tables: Iterable[str] = TABLES) -> None:
    for table in tables:
        more = [one for one in found[table] if one not in wanted[table]]
        less = [one for one in wanted[table] if one not in found[table]]
        assert (more, less) == ([], []), f"{table}: {_differing(more, less)}"


def _differing(more: list[dict[str, Any]], less: list[dict[str, Any]]) -> Any:
    pairs = zip(more, less, strict=False)
    return [{name: (a[name], b[name]) for name in a if a[name] != b[name]} for a, b in pairs] or (more, less)


def looked_at(database: Database, deed: Callable[[Tx], Any]) -> Any:
    """What the deed finds; nothing of it stays."""
    found = None
    try:
        with database.transaction() as tx:
            found = deed(tx)
            raise RollBack
    except RollBack:
        return found


def bring(tx: Tx, rows: Sequence[Reservation], at: datetime = NOW) -> None:
    enter(tx, rows, at, EntryOptions(booking_only=False, initial=True, lane=None))


def stay_of(person: int, number: int, **changes: Any) -> Reservation:
    given, family, email, phone, born = PEOPLE[person]
    values = {"given_name": given, "family_name": family, "email": email, "phone": phone, "birth_date": born}
    return row(number, **values | changes)


def told_of(person: int, number: int) -> st.SearchStrategy[Reservation]:
    """A row of this person that carries one of their addresses at least."""
    given, family, email, phone, born = PEOPLE[person]
    points = [pair for pair in ((email, phone), (email, None), (None, phone)) if any(pair)]
    return st.builds(
        lambda point, changes: row(
            number, given_name=given, family_name=family, email=point[0], phone=point[1], **changes
        ),
        st.sampled_from(points),
        st.fixed_dictionaries(
            {
                "birth_date": st.sampled_from([born, None]),
                "title": st.sampled_from([None, "Mr", "Mrs"]),
                "tier": st.sampled_from([None, "gold"]),
                "country": st.sampled_from([None, "PT", "CN"]),
                "language": st.sampled_from([None, "pt", "zh-hans"]),
                "property": st.sampled_from(["LIS", "SHA"]),
                "booked_on": st.dates(date(2016, 1, 1), date(2016, 2, 20)),
                "email_consent": st.sampled_from([None, *ClaimedConsent]),
                "sms_consent": st.sampled_from([None, *ClaimedConsent]),
                "status": st.sampled_from([StayStatus.BOOKED, StayStatus.CHECKED_OUT, StayStatus.CANCELLED]),
                "status_date": st.just(date(2016, 3, 12)),
            }
        ),
    )


def rows_told(first: int, most: int) -> st.SearchStrategy[list[Reservation]]:
    return st.lists(st.integers(0, len(PEOPLE) - 1), min_size=1, max_size=most).flatmap(
        lambda people: st.tuples(*(told_of(person, first + n) for n, person in enumerate(people))).map(list)
    )


EVERYBODY = [stay_of(person, 900 + person) for person in range(len(PEOPLE))]
DEEDS = ("tag", "note", "forbid", "correct", "object", "add", "remove")


def do(tx: Tx, deed: str, guest: UUID) -> None:
    version = tx.execute("select version from guest where id = %s", [guest]).fetchone()[0]  # type: ignore[index]
    match deed:
        case "tag":
            change_profile(tx, guest, version, Profile(None, ["golf"], None), "Rui", NOW)
        case "note":
            change_profile(tx, guest, version, Profile(None, [], "Quiet room\nTea"), "Rui", NOW)
        case "forbid":
            forbid_contact(tx, guest, "asked", "Rui", NOW)
        case "correct":
            correct(tx, guest, version, {Field.BIRTH_DATE: (date(1981, 1, 1),)}, "Rui", NOW)
        case "object":
            claim(tx, guest, Right.OBJECTS_TO_MARKETING, said_on=NOW.date(), how="phone", words="No", by="Rui", at=NOW)
        case "add":
            point = point_typed("email", f"g{guest.hex[:6]}@example.org", [], frozenset())
            add_point(tx, guest, version, point, "Rui", NOW, frozenset())
        case "remove":
            found = tx.execute("select point from guest_point where guest_id = %s order by 1", [guest]).fetchone()
            if found:
                remove_point(tx, guest, version, found[0], "Rui", NOW, frozenset())


def note_elsewhere(tx: Tx, guests: Sequence[UUID]) -> None:
    """An answer, a case, a message and a consent of each."""
    for guest in guests:
        values = {"id": guest, "guest": guest, "at": NOW}
        tx.execute("insert into guest_note values (%(id)s, %(guest)s, '', 'Rui', %(at)s)", values)
        tx.execute("insert into stay_left values (%(id)s, '', %(id)s, %(guest)s, %(at)s)", values)
        tx.execute("insert into answer_known values (%(id)s, 1, %(guest)s, null, 'LIS', 9, %(at)s)", values)
        tx.execute("insert into case_known values (%(id)s, 1, %(guest)s, 'LIS', 'complaint', true, %(at)s)", values)
        tx.execute(
            "insert into message_known values (%(id)s, 1, %(guest)s, 'x', 'marketing', 'email', 'sent', %(at)s)", values
        )
        tx.execute("insert into consent_known values (%(guest)s, 'email', 'marketing', 1, 'express', %(at)s)", values)
    evaluate_moved(tx, [Moved(guest, {"kind": "initial"}) for guest in sorted(guests)], NOW)


def guests_of(tx: Tx) -> list[UUID]:
    return [guest for (guest,) in tx.execute("select id from guest where merged_into is null order by id").fetchall()]


MERGES = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=5)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=rows_told(1, 6), merges=MERGES, order=st.randoms(use_true_random=False),
    deeds=st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(0, 3)), max_size=4),
)  # fmt: skip
def test_merges_taken_back_in_any_order_leave_nothing_behind(
    segments: Database, rows: list[Reservation], merges: list[tuple[int, int]], order: Any, deeds: list[tuple[str, int]]
) -> None:
    def there_and_back(tx: Tx) -> None:
        bring(tx, [*EVERYBODY, *rows])
        guests = guests_of(tx)
        note_elsewhere(tx, guests)
        for deed, who in deeds:
            do(tx, deed, guests[who % len(guests)])
        before = state(tx)
        merged = []
        for minute, (one, other) in enumerate(merges):
            living = guests_of(tx)
            guest, into = living[one % len(living)], living[other % len(living)]
            if guest != into:
                merge_guests(tx, guest, into, "Rui", NOW + timedelta(minutes=minute))
                merged.append(guest)
        order.shuffle(merged)
        for guest in merged:
            unmerge_guest(tx, guest, "Rui", NOW + timedelta(days=1))
        after = state(tx)
        compare(after, before)

    looked_at(segments, there_and_back)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=rows_told(1, 4), since=rows_told(100, 4), merges=MERGES,
    order=st.randoms(use_true_random=False), again=st.booleans(),
)  # fmt: skip
def test_rows_that_came_meanwhile_are_whose_they_would_have_been(
    segments: Database, rows: list[Reservation], since: list[Reservation], merges: list[tuple[int, int]], order: Any,
    again: bool,
) -> None:  # fmt: skip
    """Half of them in the first weeks, half after another merge; the first rows of all are told once more as well."""

    def apart(tx: Tx) -> dict[str, Any]:
        bring(tx, EVERYBODY)  # who is known by all of their addresses is found by each
        bring(tx, rows)
        for some in _told_later(rows, since, again):
            bring(tx, some)
        return state(tx)

    def together(tx: Tx) -> dict[str, Any]:
        bring(tx, EVERYBODY)
        bring(tx, rows)
        later, merged = _told_later(rows, since, again), []
        for minute, (one, other) in enumerate(merges):
            living = guests_of(tx)
            guest, into = living[one % len(living)], living[other % len(living)]
            if guest != into:
                merge_guests(tx, guest, into, "Rui", NOW + timedelta(minutes=minute))
                merged.append(guest)
            if later:
                bring(tx, later.pop(0))
        order.shuffle(merged)
        for guest in merged:
            if later:
                bring(tx, later.pop(0))
            unmerge_guest(tx, guest, "Rui", NOW + timedelta(days=1))
        for some in later:
            bring(tx, some)
        return state(tx)

    alone, parted = looked_at(segments, apart), looked_at(segments, together)
    compare(parted, alone)


def _told_later(rows: list[Reservation], since: list[Reservation], again: bool) -> list[list[Reservation]]:
    first = [since[: len(since) // 2], since[len(since) // 2 :]]
    told_again = [[_with_a_title(one) for one in rows]] if again else []
    return [some for some in first + told_again if some]


def _with_a_title(one: Reservation) -> Reservation:
    return replace(one, title="Dr")
