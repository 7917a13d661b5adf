"""The birthday: a week before, once a guest and year."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from services.campaigns.commands.launch import end, launch, take_back
from services.campaigns.commands.publish import publish
from services.campaigns.schemas import validated
from services.campaigns.shipped import shipped
from shared.database.pool import Database
from shared.events import Chunk
from tests.campaigns.cast import LISBON, Campaigns, at_work, audience, birthday, instant
from tests.cast import ANA
from tests.conftest import MakeDatabase


def near(day: str, at: str, version: int = 1, *, entered: bool = True, zone: str = LISBON) -> Chunk:
    return audience(ANA, version, entered, at, segment="birthday-in-7-days", because=birthday(day), zone=zone)


def test_a_birthday_in_january_is_announced_in_december_and_counted_in_its_own_year(
    make_database: MakeDatabase,
) -> None:
    campaigns = at_work(make_database("campaigns"))
    campaigns.hear(near("2017-01-03", "2016-12-27 00:00"))
    campaigns.run("2017-12-31 00:00")
    (message,) = campaigns.requested()
    assert message["occurrence"] == "birthday:2017"
    assert message["due_at"] == "2016-12-27T10:00:00Z"
    assert message["useful_until"] == "2016-12-30T10:00:00Z"
    assert message["local_time"] == "10:00"
    assert message["channels"] == ["email"]
    assert message["wants"] == []
    assert message["property"] is None
    assert message["values"] == {"birthday": "2017-01-03"}


@pytest.mark.parametrize(("at", "asked"), [("2016-12-27 06:00", 1), ("2016-12-27 10:00", 1), ("2016-12-27 10:01", 0)])
def test_a_guest_who_becomes_known_after_the_hour_gets_none(make_database: MakeDatabase, at: str, asked: int) -> None:
    campaigns = at_work(make_database("campaigns"))
    campaigns.hear(near("2017-01-03", at))
    campaigns.run("2017-12-31 00:00")
    assert len(campaigns.requested()) == asked


def test_leaving_the_audience_at_midnight_cancels_nothing(make_database: MakeDatabase) -> None:
    campaigns = at_work(make_database("campaigns"))
    campaigns.hear(near("2017-01-03", "2016-12-27 00:00"))
    campaigns.hear(near("2017-01-03", "2016-12-27 06:00", 2, entered=False))
    campaigns.run("2017-12-31 00:00")
    assert len(campaigns.requested()) == 1


def test_one_birthday_is_announced_once_a_year_even_when_its_date_is_corrected(make_database: MakeDatabase) -> None:
    campaigns = at_work(make_database("campaigns"))
    campaigns.hear(near("2016-05-10", "2016-05-02 23:00"))
    campaigns.run("2016-05-04 00:00")
    campaigns.hear(near("2016-08-10", "2016-08-02 23:00", 3))
    campaigns.hear(near("2017-05-10", "2017-05-02 23:00", 5))
    campaigns.run("2017-12-31 00:00")
    assert [message["occurrence"] for message in campaigns.requested()] == ["birthday:2016", "birthday:2017"]


def test_two_years_heard_in_the_wrong_order_lose_none(make_database: MakeDatabase) -> None:
    campaigns = at_work(make_database("campaigns"))
    campaigns.hear(near("2017-05-10", "2017-05-02 23:00", 3), "2016-05-02 23:00")
    campaigns.hear(near("2016-05-10", "2016-05-02 23:00", 1))
    campaigns.run("2017-12-31 00:00")
    assert [message["occurrence"] for message in campaigns.requested()] == ["birthday:2016", "birthday:2017"]


@pytest.mark.parametrize(("at", "asked"), [("2015-12-31 22:59", 0), ("2015-12-31 23:00", 1)])
def test_entries_count_from_the_guests_own_first_day(make_database: MakeDatabase, at: str, asked: int) -> None:
    campaigns = at_work(make_database("campaigns"), entries_from=date(2016, 1, 1))
    campaigns.hear(near("2016-01-08", at, zone="Europe/Berlin"))
    assert len(campaigns.enrolments()) == asked


def test_the_twenty_ninth_of_february_comes_as_segments_says_it(make_database: MakeDatabase) -> None:
    campaigns = at_work(make_database("campaigns"))
    campaigns.hear(near("2017-02-28", "2017-02-21 00:00"))
    assert campaigns.next_due() == instant("2017-02-21 10:00")


MENDED = [
    ("2016-12-31", "2016-12-23 23:00", "2017-01-02", "2016-12-26 00:00"),  # forward over New Year
    ("2017-01-02", "2016-12-25 23:00", "2016-12-31", "2016-12-27 00:00"),  # and back
]


@pytest.mark.parametrize(("wrong", "at", "right", "mended"), MENDED)
def test_a_birth_date_mended_across_new_year_is_announced_once_and_again_the_next_year(
    make_database: MakeDatabase, wrong: str, at: str, right: str, mended: str
) -> None:
    campaigns = at_work(make_database("campaigns"))
    campaigns.hear(near(wrong, at))
    campaigns.run(mended)
    campaigns.hear(near(wrong, mended, 2, entered=False))
    campaigns.hear(near(right, mended, 3))
    campaigns.run("2017-06-01 00:00")
    assert len(campaigns.requested()) == 1
    for years, version in ((1, 5), (2, 7)):
        day = date.fromisoformat(right).replace(year=int(right[:4]) + years)
        campaigns.hear(near(day.isoformat(), f"{day - timedelta(days=7)} 00:00", version))
        campaigns.run(f"{day + timedelta(days=1)} 00:00")
    due = [str(message["due_at"])[:10] for message in campaigns.requested()]
    first = date.fromisoformat(right)
    nexts = [first.replace(year=first.year + years) - timedelta(days=7) for years in (1, 2)]
    assert due[1:] == [day.isoformat() for day in nexts]


def by_birthday(database: Database, offset: int, **more: str) -> Campaigns:
    """A journey that names no segment."""
    document = shipped("birthday")
    entry = {"date": "birthday", "offset_days": offset, **more}
    with database.transaction() as tx:
        publish(tx, validated({**document, "entry": entry}), instant("2015-06-01 00:00"), "marketer")
        launch(tx, "birthday", at=instant("2015-06-01 00:00"), by="marketer")
    return Campaigns(database)


@pytest.mark.parametrize(
    ("offset", "segment", "days", "at", "due"),
    [
        (-7, "journeys-birthday-7", 7, "2016-06-03 23:00", "2016-06-04 09:00"),
        (-21, "journeys-birthday-21", 21, "2016-05-20 23:00", "2016-05-21 09:00"),
        (0, "journeys-birthday-0", 0, "2016-06-10 23:00", "2016-06-11 09:00"),
        (3, "journeys-birthday-0", 0, "2016-06-10 23:00", "2016-06-14 09:00"),
    ],
)
def test_an_entry_says_which_segment_it_needs(
    make_database: MakeDatabase, offset: int, segment: str, days: int, at: str, due: str
) -> None:
    campaigns = by_birthday(make_database("campaigns"), offset)
    (launched,) = campaigns.published("journey.launched.v1")
    assert launched["segments"] == [segment]
    assert launched["dates"] == [{"segment": segment, "date": "birthday", "days": days}]
    campaigns.hear(audience(ANA, 1, True, at, segment=segment, because=birthday("2016-06-11"), zone=LISBON))
    assert campaigns.next_due() == instant(due)


@pytest.mark.parametrize(
    ("kept", "born", "year", "due"),
    [
        ({}, "02-29", "2017", "2017-02-21 10:00"),
        ({"leap_day": "28-february"}, "02-29", "2017", "2017-02-21 10:00"),
        ({"leap_day": "1-march"}, "02-29", "2017", "2017-02-22 10:00"),
        ({"leap_day": "1-march"}, None, "2017", "2017-02-21 10:00"),  # born on 28 February
    ],
)
def test_29_february_is_kept_as_the_journey_says(
    make_database: MakeDatabase, kept: dict[str, str], born: str | None, year: str, due: str
) -> None:
    campaigns = by_birthday(make_database("campaigns"), -7, **kept)
    because = {**birthday(f"{year}-02-28"), **({"born": born} if born else {})}
    segment = "journeys-birthday-7"
    campaigns.hear(audience(ANA, 1, True, f"{year}-02-21 00:00", segment=segment, because=because, zone=LISBON))
    campaigns.run("2018-01-01 00:00")
    assert (campaigns.due_at(), campaigns.requested()[0]["occurrence"]) == ([due], f"birthday:{year}")


def test_a_journey_that_ends_or_is_taken_back_says_so(make_database: MakeDatabase) -> None:
    campaigns = by_birthday(make_database("campaigns"), -7)
    with campaigns.database.transaction() as tx:
        take_back(tx, "birthday", at=instant("2015-06-01 00:05"))
        launch(tx, "birthday", at=instant("2015-06-01 00:06"), by="marketer")
        end(tx, "birthday", at=instant("2015-06-02 00:00"))
    said = [(one["journey"], one["version"], one["ended_at"]) for one in campaigns.published("journey.ended.v1")]
    assert said == [("birthday", 1, "2015-06-01T00:05:00Z"), ("birthday", 1, "2015-06-02T00:00:00Z")]
