"""Time alone moves guests: at their own midnight, on the right day, once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from services.segments.clock import Sweep
from services.segments.commands.segments.lifecycle import install_shipped, use_segment
from services.segments.rules.language.borders import Border
from services.segments.rules.rfm import Cuts
from services.segments.store.evaluation import sweeping
from services.segments.store.evaluation.memberships import members_of
from shared.database.pool import Database, Tx
from shared.ids import make_id
from shared.localtime import local_instant
from tests.conftest import MakeDatabase
from tests.segments.audience_people import Person, Stayed, enter, move, said

IN_USE = ("birthday-in-7-days", "birthday-within-7-days", "lapsed-3-months", "reachable-by-email")


@pytest.fixture
def database(make_database: MakeDatabase) -> Database:
    database = make_database("segments")
    with database.transaction() as tx:
        install_shipped(tx, datetime(2015, 1, 1, tzinfo=UTC), Cuts(90, 4, 365, 1))
        for key in IN_USE:
            use_segment(tx, key, datetime(2015, 1, 1, tzinfo=UTC))
    return database


def put(database: Database, at: datetime, people: list[Person], stays: list[Stayed] | None = None) -> None:
    with database.transaction() as tx:
        enter(tx, people, stays or [])
        move(tx, [person.name for person in people], at)


def run(database: Database, until: datetime) -> list[datetime]:
    """Steps from due instant to due instant, as the virtual clock does; returns the instants."""
    clock, instants = Sweep(database), []
    while (due := clock.next_due()) is not None and due <= until:
        while clock.step(due):
            pass
        instants.append(due)
    return instants


def changes(database: Database, segment: str) -> list[dict[str, Any]]:
    with database.transaction() as tx:
        return [one for one in said(tx) if one["segment"] == segment]


def at(day: str, zone: str = "Europe/Lisbon", hour: int = 0) -> datetime:
    return local_instant(date.fromisoformat(day), time(hour), zone)


def instants(found: list[dict[str, Any]]) -> list[tuple[bool, datetime]]:
    return [(one["entered"], datetime.fromisoformat(one["at"])) for one in found]


@pytest.mark.parametrize(
    ("zone", "birth", "since", "enters", "leaves"),
    [
        ("Europe/Lisbon", date(1980, 6, 20), "2016-05-01", "2016-06-13", "2016-06-21"),
        ("America/Sao_Paulo", date(1980, 10, 20), "2016-09-20", "2016-10-13", "2016-10-21"),  # no midnight on the 16th
        ("Asia/Shanghai", date(1980, 1, 3), "2016-12-01", "2016-12-27", "2017-01-04"),
        ("Pacific/Auckland", date(1980, 2, 29), "2015-02-01", "2015-02-21", "2015-03-01"),
        ("Pacific/Auckland", date(1980, 2, 29), "2016-02-01", "2016-02-22", "2016-03-01"),
        ("America/New_York", date(1900, 1, 1), "2015-12-01", "2015-12-25", "2016-01-02"),
        ("Asia/Beirut", date(1980, 3, 27), "2016-03-10", "2016-03-20", "2016-03-28"),  # 00:00 on the 27th is missing
    ],
)
def test_a_birthday_moves_a_guest_at_her_own_midnight(
    database: Database, zone: str, birth: date, since: str, enters: str, leaves: str
) -> None:
    put(database, at(since, zone, 12), [Person("ana", zone=zone, birth_date=birth)])
    run(database, at(since, zone) + timedelta(days=60))
    found = changes(database, "birthday-within-7-days")
    assert instants(found) == [(True, at(enters, zone)), (False, at(leaves, zone))]
    assert [one["version"] for one in found] == [1, 2]
    assert not any(one["initial"] for one in found)
    assert found[0]["because"]["kind"] == "time"
    assert found[0]["because"]["date"] == enters
    assert found[0]["because"]["fact"] == "birthday_in"


def test_the_birthday_in_seven_days_is_named_with_its_year(database: Database) -> None:
    put(database, at("2016-12-20"), [Person("ana", birth_date=date(1980, 1, 3))])
    run(database, at("2016-12-29"))
    entered, left = changes(database, "birthday-in-7-days")
    assert (entered["at"], entered["because"]["birthday"]) == ("2016-12-27T00:00:00Z", "2017-01-03")
    assert (left["entered"], left["at"]) == (False, "2016-12-28T00:00:00Z")


def test_the_ninetieth_day_after_the_last_check_out_is_the_first_day_in(database: Database) -> None:
    stay = Stayed("ana", "R1", date(2016, 1, 8), nights=2)
    put(database, at("2016-01-10", hour=12), [Person("ana", zone="Asia/Shanghai")], [stay])
    run(database, at("2016-07-01"))
    (entered,) = changes(database, "lapsed-3-months")
    assert instants([entered]) == [(True, at("2016-04-09", "Asia/Shanghai"))]
    assert entered["because"] == {
        "kind": "time",
        "fact": "last_checkout",
        "date": "2016-04-09",
        "last_stay": {
            "stay_id": str(stay.id),
            "reservation": "R1",
            "property": "LIS",
            "checked_out_on": "2016-01-10",
        },
    }
    assert entered["zone"] == "Asia/Shanghai"


def test_a_booking_that_falls_through_after_the_border_says_what_moved_her(database: Database) -> None:
    gone = Stayed("ana", "R1", date(2016, 1, 8))
    booked = Stayed("ana", "R2", date(2016, 8, 1), status="booked", lead_days=200)
    put(database, at("2016-01-20"), [Person("ana")], [gone, booked])
    run(database, at("2016-05-01"))
    assert changes(database, "lapsed-3-months") == []
    with database.transaction() as tx:
        enter(tx, [], [Stayed("ana", "R2", date(2016, 8, 1), status="cancelled", lead_days=200)])
        move(tx, ["ana"], at("2016-05-02", hour=6), "stay.cancelled")
    (entered,) = changes(database, "lapsed-3-months")
    assert (entered["because"]["kind"], entered["because"]["what"]) == ("stay", "stay.cancelled")


def test_an_outage_of_three_days_skips_nothing(database: Database) -> None:
    people = [Person(name, birth_date=date(1980, 6, day)) for name, day in (("ana", 20), ("bea", 21), ("eva", 22))]
    put(database, at("2016-06-10", hour=12), people)
    run(database, at("2016-06-12"))
    assert Sweep(database).step(at("2016-06-15", hour=9)) > 0
    assert Sweep(database).step(at("2016-06-15", hour=9)) == 0
    found = changes(database, "birthday-in-7-days")
    names = {str(person.id): person.name for person in people}
    moves = [(names[one["guest_id"]], one["version"], one["entered"], one["at"]) for one in found]
    assert sorted(moves) == [
        ("ana", 1, True, "2016-06-12T23:00:00Z"),
        ("ana", 2, False, "2016-06-13T23:00:00Z"),
        ("bea", 1, True, "2016-06-13T23:00:00Z"),
        ("bea", 2, False, "2016-06-14T23:00:00Z"),
        ("eva", 1, True, "2016-06-14T23:00:00Z"),
    ]


def test_who_moves_during_an_outage_keeps_the_entry_it_would_have_skipped(database: Database) -> None:
    put(database, at("2016-06-10", hour=12), [Person("ana", birth_date=date(1980, 6, 20))])
    run(database, at("2016-06-12"))
    with database.transaction() as tx:
        move(tx, ["ana"], at("2016-06-16", hour=9))
    found = changes(database, "birthday-in-7-days")
    assert instants(found) == [(True, at("2016-06-13")), (False, at("2016-06-14"))]
    run(database, at("2016-06-17"))
    assert len(changes(database, "birthday-in-7-days")) == 2


def test_an_outage_of_years_is_caught_up_in_few_questions(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    put(database, at("2016-06-10", hour=12), [Person("ana", birth_date=date(1980, 6, 20))])
    run(database, at("2016-06-12"))
    asked: list[int] = []

    def crossing(
        tx: Tx, borders: Collection[Border], turns: Sequence[tuple[str, date]], most: int | None = None
    ) -> list[sweeping.Crossing]:
        asked.append(len(turns))
        return whole(tx, borders, turns, most)

    whole = sweeping.crossing
    monkeypatch.setattr(sweeping, "crossing", crossing)
    Sweep(database).step(at("2018-06-15", hour=9))
    moves = [day for _, day in instants(changes(database, "birthday-in-7-days"))]
    assert moves == [at(f"{year}-06-{day}") for year in (2016, 2017, 2018) for day in (13, 14)]
    assert sum(asked) > 700 and len(asked) < 20


def test_a_consent_counts_through_its_last_day(database: Database) -> None:
    person = Person(
        "ana", points=(("email", "personal"),), consents=(("email", "existing_customer", date(2016, 3, 10)),)
    )
    put(database, at("2016-03-01"), [person])
    run(database, at("2016-03-20"))
    assert instants(changes(database, "reachable-by-email")) == [
        (True, at("2016-03-01")),
        (False, at("2016-03-11")),
    ]


def test_a_stay_leaves_its_window_by_itself(database: Database) -> None:
    stays = [Stayed("ana", f"R{n}", date(2016, 1, 1) + timedelta(days=10 * n)) for n in range(4)]
    put(database, at("2016-02-10"), [Person("ana")], stays)
    with database.transaction() as tx:
        assert members_of(tx, "rfm-hhl") == [make_id("guest", "ana")]
    run(database, at("2017-01-03"))  # the first check-out was on 3 January 2016; 365 days later it counts no more
    with database.transaction() as tx:
        assert members_of(tx, "rfm-lll") == [make_id("guest", "ana")]
        lost = tx.execute(
            """
            select c.at from membership_change c join segment s on s.number = c.segment
            where s.key = 'rfm-lhl' and not c.entered
            """
        ).fetchall()
    assert lost == [(at("2017-01-02"),)]


def test_a_turn_swept_twice_or_late_changes_nothing(database: Database) -> None:
    put(database, at("2016-06-01"), [Person("ana", birth_date=date(1980, 6, 20))])
    run(database, at("2016-06-14"))
    before = changes(database, "birthday-within-7-days")
    assert Sweep(database).step(at("2016-06-14")) == 0
    with database.transaction() as tx:
        tx.execute("update zone_sweep set swept_to = '2016-06-10', next_at = %s", [at("2016-06-11")])
    run(database, at("2016-06-14"))
    after = changes(database, "birthday-within-7-days")
    assert after[0] == before[0]
    assert [one["entered"] for one in after][-1] is True


def test_nights_that_move_nobody_are_passed_over(database: Database) -> None:
    put(database, at("2016-06-01"), [Person("ana", birth_date=date(1980, 9, 20))])
    assert len(run(database, at("2016-09-12"))) < 15
    assert changes(database, "birthday-within-7-days") == []
    run(database, at("2016-09-13"))
    assert instants(changes(database, "birthday-within-7-days")) == [(True, at("2016-09-13"))]


def test_who_comes_to_a_quiet_zone_is_not_passed_over(database: Database) -> None:
    put(database, at("2016-06-01"), [Person("ana", birth_date=date(1980, 12, 20))])
    run(database, at("2016-06-03"))
    put(database, at("2016-06-03", hour=9), [Person("bea", birth_date=date(1980, 6, 11))])
    run(database, at("2016-06-04"))
    assert instants(changes(database, "birthday-within-7-days")) == [(True, at("2016-06-04"))]


def test_who_comes_to_a_quiet_zone_after_an_outage_is_not_passed_over(database: Database) -> None:
    put(database, at("2016-06-01"), [Person("ana", birth_date=date(1980, 12, 20))])
    put(database, at("2016-06-20", hour=9), [Person("bea", birth_date=date(1980, 6, 28))])
    run(database, at("2016-06-21"))
    assert instants(changes(database, "birthday-within-7-days")) == [(True, at("2016-06-21"))]
