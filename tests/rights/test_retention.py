"""What is over goes at night, in sets, and a line says so; what the hotel set holds; nothing goes unannounced."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import psycopg
import pytest

from guestloop.composition.services import MANIFESTS
from guestloop.operations.retention import count_due, drop_due
from services.console.commands.change_term import change_term
from services.console.service import SERVICE as CONSOLE
from services.feedback.service import SERVICE as FEEDBACK
from services.segments.commands.guests.erase import erase_by_term
from services.segments.commands.guests.over_term import AT_ONCE, GuestsOverTerm
from services.segments.service import SERVICE as SEGMENTS
from services.segments.store.guests.over_term import FIRST, over_term
from shared.access.people import Person
from shared.bus.relay import KEPT_INBOX, KEPT_OUTBOX
from shared.clock import SystemClock
from shared.database.pool import Database
from shared.errors import InputError
from shared.events import Chunk, chunk_of
from shared.events.console import RetentionChanged
from shared.personal_data.columns import plain
from shared.personal_data.declaration import PersonalData, Table
from shared.personal_data.retention import subjects
from shared.personal_data.retention.run import Retention, due_by_subject, night_of
from shared.personal_data.retention.spans import Span
from shared.personal_data.retention.store import keep_terms, terms_in_force
from shared.personal_data.retention.subjects import TableSubject, subjects_of
from shared.personal_data.retention.terms import KEEPING, Terms
from shared.vocabulary.personal_data import Kept
from shared.vocabulary.role import Role
from tests.cast import ADA, NOW
from tests.conftest import MakeDatabase
from tests.messaging.keeping import drop_all
from tests.rights.house import OTHER, RITA, House, bring, guest_of, open_house, plant

NIGHT = datetime(2026, 12, 1, 3, 0, tzinfo=UTC)
WEEK = timedelta(days=7)
ADMINISTRATOR = Person(ADA.person_id, ADA.name, Role.ADMINISTRATOR, frozenset())
TOY = Table(
    name="toy",
    what="Toys",
    why="A toy.",
    columns=plain("id", "at"),
    kept=Kept.MESSAGE_TEXT,
    dropped="at < %(before)s",
)


# terms


@pytest.mark.parametrize(
    ("span", "now", "before"),
    [
        (Span(months=1), "2026-03-31", "2026-02-28"),
        (Span(months=12), "2028-02-29", "2027-02-28"),
        (Span(months=13), "2026-01-15", "2024-12-15"),
        (Span(days=90), "2026-03-31", "2025-12-31"),
    ],
)
def test_months_are_calendar_months(span: Span, now: str, before: str) -> None:
    instant = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert span.before(instant).date().isoformat() == before


def test_every_kind_has_a_term_or_says_why_it_has_none() -> None:
    assert KEEPING.keys() == set(Kept)
    for keeping in KEEPING.values():
        assert keeping.source
        if keeping.is_settable:
            assert keeping.default is not None and keeping.allows(keeping.default)
            assert all(keeping.allows(there.span) for there in keeping.by_country.values())


def test_what_the_relay_drops_is_dropped_when_the_terms_say() -> None:
    assert KEEPING[Kept.PUBLISHED].default == Span(days=KEPT_OUTBOX.days)
    assert KEEPING[Kept.RECEIVED].default == Span(days=KEPT_INBOX.days)


def test_the_hotels_term_of_a_country_goes_before_the_countrys_and_that_before_the_hotels_own() -> None:
    terms = Terms({(Kept.GUEST, ""): Span(months=48)})
    assert terms.span(Kept.GUEST) == terms.span(Kept.GUEST, "PT") == Span(months=48)
    assert terms.span(Kept.GUEST, "IT") == Span(months=24)
    stricter = Terms({(Kept.GUEST, "IT"): Span(months=12)})
    assert stricter.span(Kept.GUEST, "IT") == Span(months=12)
    assert stricter.span(Kept.GUEST) == Span(months=36)


# the run


@pytest.fixture
def toys(make_database: MakeDatabase) -> Database:
    """Of 1,000 toys every second is over; each block holds a few."""
    database = make_database("campaigns")
    with database.transaction() as tx:
        tx.execute("create table toy (id int, at timestamptz, filler text)")
        tx.execute(
            "insert into toy select n, %s::timestamptz - (n %% 2) * interval '500 days', repeat('x', 800) "
            "from generate_series(1, 1000) n",
            [NIGHT],
        )
    return database


def one(database: Database, query: str) -> Any:
    with database.transaction() as tx:
        row = tx.execute(query).fetchone()
    return row[0] if row else None


def work(role: Retention, now: datetime) -> int:
    """Until it rests."""
    steps = 0
    while role.step(now):
        steps += 1
    return steps


def of_toys(database: Database) -> Retention:
    return Retention(database, subjects_of(PersonalData(tables=(TOY,))))


def test_nothing_goes_in_the_first_week_and_what_will_go_is_counted(toys: Database) -> None:
    role = of_toys(toys)
    work(role, NIGHT)
    assert one(toys, "select count(*) from toy") == 1000
    assert one(toys, "select due from retention_count where subject = 'toy'") == 500
    assert one(toys, "select body->>'due' from (select convert_from(body, 'utf8')::jsonb as body from outbox) o")
    work(role, NIGHT + WEEK - timedelta(days=1))
    assert one(toys, "select count(*) from toy") == 1000
    work(role, NIGHT + WEEK)
    assert one(toys, "select count(*) from toy") == 500
    assert one(toys, "select dropped from retention_run where subject = 'toy'") == 500


def test_a_run_goes_in_ranges_and_goes_on_where_a_dead_one_was(toys: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subjects, "BLOCKS", 10)
    work(of_toys(toys), NIGHT)
    dying = of_toys(toys)
    left = []
    for _ in range(4):
        assert dying.step(NIGHT + WEEK)
        left.append(one(toys, "select count(*) from toy"))
    assert left[0] < 1000 and all(before > after for before, after in pairwise(left)) and left[-1] > 500
    place = one(toys, "select place from retention_run where ended_at is null")
    assert place == "40"  # another process begins there
    work(of_toys(toys), NIGHT + WEEK)
    assert one(toys, "select count(*) from toy") == 500
    assert one(toys, "select dropped from retention_run") == 500
    assert one(toys, "select count(*) from outbox where type = 'audit.recorded.v1'") == 1
    work(of_toys(toys), NIGHT + WEEK + timedelta(hours=5))  # the same night
    assert one(toys, "select count(*) from outbox where type = 'audit.recorded.v1'") == 1


def test_two_processes_never_run_at_once(toys: Database) -> None:
    with toys.transaction() as tx:
        tx.execute("select pg_advisory_xact_lock(7305002)")
        assert of_toys(toys).step(NIGHT) == 0
    assert of_toys(toys).step(NIGHT) == 1


def test_a_changed_term_is_counted_anew_and_an_older_one_changes_nothing(toys: Database) -> None:
    work(of_toys(toys), NIGHT)
    with toys.transaction() as tx:
        keep_terms(tx, term_change(version=2, months=24), NIGHT)
        keep_terms(tx, term_change(version=1, days=30), NIGHT)
        assert terms_in_force(tx).span(Kept.MESSAGE_TEXT) == Span(months=24)
        assert due_by_subject(tx, (TableSubject(TOY),), NIGHT) == {"toy": 0}
    role = of_toys(toys)
    work(role, NIGHT)
    assert one(toys, "select due from retention_count where subject = 'toy'") == 0


def term_change(*, version: int, days: int | None = None, months: int | None = None) -> Chunk:
    return chunk_of(
        [
            RetentionChanged(
                kept="message_text", country="", version=version, days=days, months=months, occurred_at=NIGHT
            )
        ]
    )


@pytest.mark.parametrize(
    ("hour", "night"), [(NIGHT, 1), (NIGHT - timedelta(seconds=1), 30), (NIGHT + timedelta(hours=20), 1)]
)
def test_a_night_begins_at_three(hour: datetime, night: int) -> None:
    assert night_of(hour).day == night


def test_of_a_reply_the_words_go_and_that_it_came_stays(house: House) -> None:
    plant(house, RITA_ID, at=NOW - timedelta(days=91))
    replies = next(one for one in FEEDBACK.subjects if one.name == "reply")
    for due in (1, 0):  # once it has gone it is not over again
        with house.group.database("feedback").transaction() as tx:
            assert replies.count(tx, Terms(), NOW) == due
            assert replies.drop(tx, Terms(), NOW, "").rows == due
    assert house.one("feedback", "select count(*) from reply where text_sealed is null and guest_id is not null") == 1


# the trail


@pytest.fixture
def console(make_database: MakeDatabase) -> Database:
    database = make_database("console")
    with database.transaction() as tx:
        tx.execute(
            """
            insert into audit_entry (audit_id, service, actor, action, subject, details, recorded_at)
            select gen_random_uuid(), 'segments', 'Ada', 'guest.viewed', 'guest ' || n, '{}',
                   %s::timestamptz - n * interval '30 days'
            from generate_series(0, 29) n
            """,
            [NIGHT],
        )
    return database


def test_the_trail_drops_what_its_term_is_over_for_and_nothing_else(console: Database) -> None:
    trail = next(one for one in subjects_of(CONSOLE.personal_data) if one.name == "audit_entry")
    with console.transaction() as tx:
        assert trail.count(tx, Terms(), NIGHT) == 5
        assert drop_all(trail, tx, NIGHT) == 5
    assert one(console, "select count(*) from audit_entry") == 25


@pytest.mark.parametrize(
    "statement",
    [
        "delete from audit_entry",
        "delete from audit_entry where recorded_at < '2026-01-01'",
        "update audit_entry set actor = 'nobody'",
        "with said as (select set_config('guestloop.dropped_before', '2026-11-01', true)) "
        "delete from audit_entry using said",  # younger than a year
    ],
)
def test_by_hand_nobody_drops_or_changes_an_entry(console: Database, statement: str) -> None:
    with pytest.raises(psycopg.errors.RaiseException, match="not changed"), console.transaction() as tx:
        tx.execute(statement)


# guests


@pytest.fixture
def house(make_database: MakeDatabase) -> House:
    return open_house(make_database)


def over(house: House, now: datetime, **own: Span) -> set[Any]:
    terms = Terms({(Kept(kept), ""): span for kept, span in own.items()})
    with house.group.database("segments").transaction() as tx:
        found = set(over_term(tx, terms, now, FIRST, 100).guests)
        assert GuestsOverTerm().count(tx, terms, now) == len(found)
    return found


RITA_ID, OTHER_ID = guest_of(RITA), guest_of(OTHER)
LEFT = datetime(2026, 10, 3, tzinfo=UTC)  # both
OVER = datetime(2029, 10, 4, tzinfo=UTC)


def test_a_guest_is_over_three_years_after_the_last_departure_and_a_member_after_six(house: House) -> None:
    assert over(house, OVER - timedelta(days=2)) == set()
    assert over(house, OVER) == {RITA_ID, OTHER_ID}
    house.run("segments", "update guest set tier = 'gold' where id = %s", [RITA_ID])
    assert over(house, OVER) == {OTHER_ID}
    assert over(house, OVER.replace(year=2032)) == {RITA_ID, OTHER_ID}
    assert over(house, datetime(2027, 6, 1, tzinfo=UTC), guest=Span(months=6)) == {OTHER_ID}


@pytest.mark.parametrize(
    "kept_by",
    [
        "insert into case_known values (gen_random_uuid(), 1, %s, 'LIS', 'complaint', true, '2026-10-04')",
        "insert into message_known (message_id, version, guest_id, journey, channel, state, clicked_at) "
        "values (gen_random_uuid(), 1, %s, 'j', 'email', 'sent', '2027-01-01')",
    ],
    ids=["an open case", "a click"],
)
def test_who_is_still_in_touch_stays(house: House, kept_by: str) -> None:
    house.run("segments", kept_by, [RITA_ID])
    assert over(house, OVER) == {OTHER_ID}


def test_whose_data_are_restricted_stays_until_the_restriction_is_lifted(house: House) -> None:
    house.run("segments", "update guest set rights = '{restricted}' where id = %s", [RITA_ID])
    assert over(house, OVER) == {OTHER_ID}
    with house.group.database("segments").transaction() as tx:  # restricted after they were found over
        assert erase_by_term(tx, [OTHER_ID, RITA_ID], [], OVER) == 1
        erased = tx.execute("select id from guest where erased_at is not null").fetchall()
    assert erased == [(OTHER_ID,)]
    house.run("segments", "update guest set rights = '{}' where id = %s", [RITA_ID])
    assert over(house, OVER) == {RITA_ID}


def test_a_guest_of_a_country_with_a_shorter_term_goes_earlier(house: House) -> None:
    house.run("segments", "update guest set country = 'IT' where id = %s", [RITA_ID])
    assert over(house, datetime(2028, 10, 4, tzinfo=UTC)) == {RITA_ID}


def test_who_was_found_over_is_nobody_everywhere_and_a_new_guest_on_return(house: House) -> None:
    segments = house.group.database("segments")
    role = Retention(segments, (GuestsOverTerm(),))
    house.clock.advance_to(OVER)
    work(role, OVER - WEEK)
    work(role, OVER)
    house.moved()
    assert house.one("segments", "select count(*) from guest where erased_at is null") == 0
    assert house.one("messaging", "select count(*) from recipient where gone is null") == 0
    assert house.one("console", "select count(distinct service) from guest_forgotten") == 5
    reasons = (
        "select distinct convert_from(body, 'utf8')::jsonb->'reason'->>0 from outbox where type = 'guest.erased.v1'"
    )
    assert house.one("segments", reasons) == "term"
    assert set_of(house, "select kind from erased_key") == {"reservation"}  # addresses are not known again
    bring(house, [RITA])  # the old export once more
    assert house.one("segments", "select count(*) from guest where erased_at is null and given_name = 'Rita'") == 0
    bring(house, [replace(RITA, reservation="LIS-000009", arrival=date(2029, 10, 1), departure=date(2029, 10, 3),
                          booked_on=date(2029, 9, 1), status_date=date(2029, 10, 3))])  # fmt: skip
    assert house.one("segments", "select count(*) from guest where erased_at is null and given_name = 'Rita'") == 1


def set_of(house: House, query: str) -> set[Any]:
    with house.group.database("segments").transaction() as tx:
        return {row[0] for row in tx.execute(query)}


def test_many_go_in_sets(house: House) -> None:
    many = AT_ONCE + 5
    house.run(
        "segments",
        """
        insert into guest (id, version, given_name, family_name, home_zone, first_said_at, first_reservation,
                           created_at, changed_at)
        select gen_random_uuid(), 1, 'n', 'n', 'UTC', '2020-01-01', 'x', '2020-01-01', '2020-01-01'
        from generate_series(1, %s)
        """,
        [many],
    )
    subject, place, dropped = GuestsOverTerm(), "", []
    while True:
        with house.group.database("segments").transaction() as tx:
            done = subject.drop(tx, Terms(), NOW, place)
        dropped.append(done.rows)
        if done.next_place is None:
            break
        place = done.next_place
    assert sum(dropped) == many and max(dropped) == AT_ONCE
    assert house.one("segments", "select count(*) from guest where erased_at is null") == 2  # Rita and Otto


# the hotel sets it


def test_a_term_is_set_within_bounds_and_every_service_hears_of_it(house: House) -> None:
    console = house.group.database("console")
    for bad in (Span(months=2), Span(months=200)):
        with pytest.raises(InputError), console.transaction() as tx:
            change_term(tx, Kept.GUEST, "", bad, ADMINISTRATOR, NOW)
    with pytest.raises(InputError), console.transaction() as tx:
        change_term(tx, Kept.PUBLISHED, "", Span(days=8), ADMINISTRATOR, NOW)
    with pytest.raises(InputError), console.transaction() as tx:
        change_term(tx, Kept.AUDIT, "IT", Span(months=24), ADMINISTRATOR, NOW)
    for _ in range(2):  # done twice it is one change
        with console.transaction() as tx:
            change_term(tx, Kept.GUEST, "PT", Span(months=24), ADMINISTRATOR, NOW)
    house.moved()
    for service in house.group.services:
        with house.group.database(service).transaction() as tx:
            assert terms_in_force(tx).span(Kept.GUEST, "PT") == Span(months=24)
    assert house.one("console", "select count(*) from audit_entry where action = 'retention.changed'") == 1
    with console.transaction() as tx:
        change_term(tx, Kept.GUEST, "PT", None, ADMINISTRATOR, NOW)
    house.moved()
    with house.group.database("segments").transaction() as tx:
        assert terms_in_force(tx).span(Kept.GUEST, "PT") == Span(months=36)


def test_guests_are_counted_anew_after_a_change_of_the_members_term(house: House) -> None:
    segments = house.group.database("segments")
    work(Retention(segments, (GuestsOverTerm(),)), NOW)
    assert one(segments, "select count(*) from retention_count where subject = 'guests'") == 1
    with house.group.database("console").transaction() as tx:
        change_term(tx, Kept.MEMBER, "", Span(months=24), ADMINISTRATOR, NOW)
    house.moved()
    assert one(segments, "select count(*) from retention_count where subject = 'guests'") == 0


def test_the_nightly_role_is_there_on_the_machines_clock_only(house: House) -> None:
    for manifest in MANIFESTS:
        database = house.group.database(manifest.name)
        live = manifest.build(manifest.read_config({}), database, SystemClock())
        assert [clock.name for clock in live.clocks if "retention" in clock.name] == [f"{manifest.name} retention"]
        assert not [clock for clock in house.group.services[manifest.name].clocks if "retention" in clock.name]
    assert SEGMENTS.subjects[0].name == "guests"


def test_the_command_counts_what_it_then_drops(house: House) -> None:
    for service in house.group.services:
        house.run(service, "insert into dead_letter (concern, message_id, place, type, subject_key, body, republished, "
                           "reason, attempts, at) values ('x', gen_random_uuid(), 0, 't', 'k', '', false, 'r', 1, %s)",
                  [NOW - timedelta(days=31)])  # fmt: skip
    due = count_due(house.group, NOW)
    assert due["feedback"]["dead_letter"] == due["console"]["dead_letter"] == 1
    assert due["segments"]["guests"] == 0
    progress: list[str] = []
    assert drop_due(house.group, NOW, lambda service, _: progress.append(service)) == due
    assert set(progress) == set(house.group.services)
    assert not any(count for subjects in count_due(house.group, NOW).values() for count in subjects.values())


def test_every_run_leaves_a_line_also_a_second_one_in_a_night(house: House) -> None:
    for minutes in (5, 0):
        drop_due(house.group, NOW - timedelta(minutes=minutes), lambda *_: None)
    house.moved()
    ran = "select count(*) from audit_entry where action = 'retention.ran' and service = 'segments'"
    assert house.one("console", ran) == 2
