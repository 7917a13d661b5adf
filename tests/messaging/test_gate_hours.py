"""Hours, Sundays, holidays and zones: the pure rule, on the hours that matter."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from services.messaging.channels.registry import RULES
from services.messaging.channels.telephones.country_hours import read_hours, shipped_hours
from services.messaging.rules.channel import Hours
from services.messaging.rules.facts import Guest, Point, Property, Request, Stay, World
from services.messaging.rules.hours import closes_at, permitted_from
from services.messaging.tables import zones_of
from shared.errors import InputError
from shared.ids import make_id

ANA = make_id("guest", "ana")
HOLIDAYS = {("PT", date(2016, 6, 10)), ("FR", date(2016, 7, 14)), ("DE", date(2016, 6, 7))}


def world(**more: Any) -> World:
    told: dict[str, Any] = {
        "properties": {"LIS": Property(code="LIS", zone="Europe/Lisbon", country="PT")},
        "suppressed": frozenset(),
        "may_send": {},
        "country_of": lambda _: None,
        "is_holiday": lambda country, day: (country, day) in HOLIDAYS,
        "zones_of": zones_of,
        "zones_of_point": lambda _: (),
        "channels": RULES,
        "language_for": lambda _, wanted: wanted,
        "lacks": lambda *_: False,
        "needs_window": lambda *_: False,
        "wrote_at": {},
    }
    return World(**{**told, **more})


def request(now: datetime, purpose: str = "marketing", **more: Any) -> Request:
    told: dict[str, Any] = {
        "message_id": make_id("message", 1),
        "guest_id": ANA,
        "version": 0,
        "state": "queued",
        "journey": "win-back",
        "journey_version": 1,
        "step": "send",
        "occurrence": "lapse:LIS-000001",
        "channels": ["email", "sms"],
        "purpose": purpose,
        "lane": "marketing",
        "priority": 1,
        "template": "win-back",
        "property": "LIS",
        "stay_id": None,
        "zone": "Europe/Lisbon",
        "due_at": now,
        "local_time": "10:00",
        "useful_until": now + timedelta(days=7),
        "wants": [],
        "holdout": 0,
        "values": {},
    }
    return Request(**{**told, **more})


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def home(zone: str, country: str | None) -> Guest:
    return Guest(guest_id=ANA, home_zone=zone, country=country)


BRIT, FRENCH, GERMAN = home("Europe/London", "GB"), home("Europe/Paris", "FR"), home("Europe/Berlin", "DE")
MANX = home("Europe/Isle_of_Man", "IM")  # London's clock in a country without a row of its own
CANADIAN, BRAZILIAN, KIWI = (
    home("America/Toronto", "CA"), home("America/Sao_Paulo", "BR"), home("Pacific/Auckland", "NZ")
)  # fmt: skip
PORTUGUESE, AMERICAN = home("Europe/Lisbon", "PT"), home("America/New_York", "US")
RUSSIAN, NOBODY = home("Europe/Moscow", "RU"), home("Europe/Lisbon", None)

# story, channel, purpose, guest, now, first permitted instant (None: not while it is of use)
HOURS: list[tuple[str, str, str, Guest, str, str | None]] = [
    ("a text at ten on a Monday goes", "sms", "marketing", MANX, "2016-06-06T10:00+01:00", "2016-06-06T10:00+01:00"),
    ("a minute before it waits", "sms", "marketing", MANX, "2016-06-06T09:59+01:00", "2016-06-06T10:00+01:00"),
    ("at a minute to five it goes", "sms", "marketing", MANX, "2016-06-06T16:59+01:00", "2016-06-06T16:59+01:00"),
    ("at five it waits for ten", "sms", "marketing", MANX, "2016-06-06T17:00+01:00", "2016-06-07T10:00+01:00"),
    ("Saturday is a day like others", "sms", "marketing", MANX, "2016-06-04T11:00+01:00", "2016-06-04T11:00+01:00"),
    ("over Sunday it waits for Monday", "sms", "marketing", MANX, "2016-06-05T10:00+01:00", "2016-06-06T10:00+01:00"),
    ("from Saturday evening too", "sms", "marketing", MANX, "2016-06-04T18:00+01:00", "2016-06-06T10:00+01:00"),
    ("a survey by text keeps the hours", "sms", "feedback", MANX, "2016-06-05T18:00+01:00", "2016-06-06T10:00+01:00"),
    ("Sundays are closed to offers alone", "sms", "feedback", MANX, "2016-06-05T10:00+01:00", "2016-06-05T10:00+01:00"),
    ("and so are holidays", "sms", "feedback", FRENCH, "2016-07-14T10:00+02:00", "2016-07-14T10:00+02:00"),
    ("a text about a stay too", "sms", "stay_service", FRENCH, "2016-07-14T10:00+02:00", "2016-07-14T10:00+02:00"),
    ("the property's holiday counts", "sms", "marketing", MANX, "2016-06-10T10:00+01:00", "2016-06-11T10:00+01:00"),
    ("the guest's holiday counts", "sms", "marketing", FRENCH, "2016-07-14T10:00+02:00", "2016-07-15T10:00+02:00"),
    ("mail goes on a Sunday", "email", "marketing", BRIT, "2016-06-05T10:00+01:00", "2016-06-05T10:00+01:00"),
    (
        "mail at night waits for its hour",
        "email",
        "marketing",
        BRIT,
        "2016-06-06T23:00+01:00",
        "2016-06-07T10:00+01:00",
    ),
    ("mail at dawn too", "email", "marketing", BRIT, "2016-06-06T05:00+01:00", "2016-06-06T10:00+01:00"),
    ("mail until nine in the evening", "email", "marketing", BRIT, "2016-06-06T20:59+01:00", "2016-06-06T20:59+01:00"),
    (
        "mail goes on the guest's holiday",
        "email",
        "marketing",
        GERMAN,
        "2016-06-07T10:00+02:00",
        "2016-06-07T10:00+02:00",
    ),
    ("and the property's", "email", "marketing", GERMAN, "2016-06-10T10:00+02:00", "2016-06-10T10:00+02:00"),
    (
        "a survey by mail minds no holiday",
        "email",
        "feedback",
        GERMAN,
        "2016-06-10T10:00+01:00",
        "2016-06-10T10:00+01:00",
    ),
    (
        "and keeps the property's hours",
        "email",
        "feedback",
        AMERICAN,
        "2016-06-08T22:00+01:00",
        "2016-06-09T10:00+01:00",
    ),
    ("GB: six in the evening", "sms", "marketing", BRIT, "2016-06-06T18:00+01:00", "2016-06-06T18:00+01:00"),
    ("GB: half past nine is too late", "sms", "marketing", BRIT, "2016-06-06T21:30+01:00", "2016-06-07T10:00+01:00"),
    ("GB: seven is too early", "sms", "marketing", BRIT, "2016-06-06T07:00+01:00", "2016-06-06T10:00+01:00"),
    ("GB: on a Sunday", "sms", "marketing", BRIT, "2016-06-05T18:00+01:00", "2016-06-05T18:00+01:00"),
    ("GB: the property's holiday", "sms", "marketing", BRIT, "2016-06-10T18:00+01:00", "2016-06-10T18:00+01:00"),
    ("FR: six in the evening", "sms", "marketing", FRENCH, "2016-06-06T18:00+02:00", "2016-06-06T18:00+02:00"),
    ("FR: not on a Sunday", "sms", "marketing", FRENCH, "2016-06-05T18:00+02:00", "2016-06-06T10:00+02:00"),
    ("FR: nor after nine", "sms", "marketing", FRENCH, "2016-06-06T21:30+02:00", "2016-06-07T10:00+02:00"),
    ("DE: two zones of one clock", "sms", "marketing", GERMAN, "2016-06-06T22:00+02:00", "2016-06-07T10:00+02:00"),
    ("unknown country: not at six", "sms", "marketing", NOBODY, "2016-06-06T18:00+01:00", "2016-06-07T10:00+01:00"),
    ("US: until five in New York", "sms", "feedback", AMERICAN, "2016-06-06T17:00-04:00", "2016-06-07T16:00-04:00"),
    ("US: not on a Sunday", "sms", "marketing", AMERICAN, "2016-06-05T16:30-04:00", "2016-06-06T16:00-04:00"),
    ("US: holidays are days too", "sms", "feedback", AMERICAN, "2016-06-10T16:30-04:00", "2016-06-10T16:30-04:00"),
    ("CA: ten in Vancouver", "sms", "feedback", CANADIAN, "2016-06-06T10:00-04:00", "2016-06-06T13:00-04:00"),
    ("CA: six in Newfoundland", "sms", "feedback", CANADIAN, "2016-06-06T16:30-04:00", "2016-06-07T13:00-04:00"),
    ("BR: nine in Acre", "sms", "feedback", BRAZILIAN, "2016-06-06T09:00-03:00", "2016-06-06T11:00-03:00"),
    ("BR: nine on Noronha", "sms", "feedback", BRAZILIAN, "2016-06-06T20:00-03:00", "2016-06-07T11:00-03:00"),
    ("NZ: its own hour at home", "sms", "marketing", KIWI, "2016-06-06T21:00+12:00", "2016-06-07T10:00+12:00"),
    ("PT: an hour apart is home", "sms", "feedback", PORTUGUESE, "2016-06-06T10:00+01:00", "2016-06-06T10:00+01:00"),
    ("PT: and closes there", "sms", "feedback", PORTUGUESE, "2016-06-06T17:00+01:00", "2016-06-07T10:00+01:00"),
    ("New York to Hawaii: from four", "sms", "feedback", AMERICAN, "2016-06-06T12:00-04:00", "2016-06-06T16:00-04:00"),
    ("Russia is too wide for any hour", "sms", "feedback", RUSSIAN, "2016-06-06T12:00+03:00", None),
    ("country unknown: the home zone", "sms", "feedback", NOBODY, "2016-06-06T12:00+01:00", "2016-06-06T12:00+01:00"),
    (
        "spring forward: ten is still ten",
        "email",
        "marketing",
        BRIT,
        "2016-03-26T22:00+00:00",
        "2016-03-27T10:00+01:00",
    ),
    ("fall back: ten is still ten", "email", "marketing", BRIT, "2016-10-29T22:00+01:00", "2016-10-30T10:00+00:00"),
]


@pytest.mark.parametrize(("story", "channel", "purpose", "guest", "now", "then"), HOURS, ids=[row[0] for row in HOURS])
def test_the_first_permitted_instant(
    story: str, channel: str, purpose: str, guest: Guest, now: str, then: str | None
) -> None:
    found = permitted_from(request(at(now), purpose), guest, channel, world(), at(now))
    assert found == (at(then) if then else None), story


def test_a_guest_is_at_the_hotel_until_a_day_after_leaving() -> None:
    """22:00 in Lisbon is 17:00 in New York: too late where the guest is, early enough at home."""
    left = at("2016-06-06T12:00+01:00")
    there = Stay(
        make_id("stay", 1), "LIS", "Europe/Lisbon", "LIS-000001", "checked_out", date(2016, 6, 1), date(2016, 6, 6),
        at("2016-06-01T15:00+01:00"), left, False,
    )  # fmt: skip
    guest = Guest(guest_id=ANA, home_zone="America/New_York", country="US", stays=(there,))
    evening = at("2016-06-06T22:00+01:00")
    assert permitted_from(request(evening), guest, "email", world(), evening) == at("2016-06-07T10:00+01:00")
    next_evening = at("2016-06-07T22:00+01:00")
    assert permitted_from(request(next_evening), guest, "email", world(), next_evening) == next_evening


def test_what_would_be_released_too_late_is_not_held() -> None:
    saturday = at("2016-06-04T18:00+01:00")
    short = request(saturday, useful_until=at("2016-06-06T09:59+01:00"))
    assert permitted_from(short, MANX, "sms", world(), saturday) is None


def test_without_an_hour_of_its_own_it_goes_when_the_window_opens() -> None:
    night = at("2016-06-06T23:00+01:00")
    for wished in (None, "07:00", "21:00"):
        hourless = request(night, local_time=wished)
        assert permitted_from(hourless, BRIT, "email", world(), night) == at("2016-06-07T08:00+01:00")


def test_a_carrier_may_try_until_the_hours_close_in_the_first_zone() -> None:
    now = at("2016-06-06T11:30+01:00")
    assert closes_at(request(now, "feedback"), PORTUGUESE, "sms", world(), now) == at("2016-06-06T17:00+01:00")
    noon = at("2016-06-06T16:00-04:00")  # ten in Honolulu, four in New York
    assert closes_at(request(noon, "feedback"), AMERICAN, "sms", world(), noon) == at("2016-06-06T17:00-04:00")


def numbered(zones: tuple[str, ...], country: str) -> World:
    return world(country_of=lambda _: country, zones_of_point=lambda _: zones)


NUMBER = Point("sms", "number", "sealed", "personal")
EAST, WEST = ("America/New_York",), ("America/Los_Angeles",)


@pytest.mark.parametrize(
    ("zones", "country", "then"),
    [
        (EAST, "US", "2016-06-06T10:00-04:00"),
        (WEST, "US", "2016-06-06T10:00-07:00"),
        ((*WEST, "America/New_York"), "US", "2016-06-06T10:00-07:00"),
        (("America/Toronto",), "CA", "2016-06-06T16:00-04:00"),  # a number of elsewhere tells nothing
        (("Etc/Unknown",), "US", "2016-06-06T16:00-04:00"),
    ],
)
def test_an_area_code_narrows_the_zones_before_the_strictest_counts(
    zones: tuple[str, ...], country: str, then: str
) -> None:
    now = at("2016-06-06T09:00-04:00")
    found = permitted_from(request(now, "feedback"), AMERICAN, "sms", numbered(zones, country), now, NUMBER)
    assert found == at(then)


def test_a_russian_with_a_number_of_a_city_is_written_to() -> None:
    now = at("2016-06-06T12:00+03:00")
    zones = numbered(("Europe/Moscow",), "RU")
    assert permitted_from(request(now, "feedback"), RUSSIAN, "sms", zones, now, NUMBER) == now


def test_a_survey_planned_for_the_end_of_the_day_after_check_out_goes_by_the_hotels_clock() -> None:
    """Ten in Lisbon is five in New York; a claim comes some seconds after what was planned."""
    left = at("2016-06-05T10:00+01:00")
    there = Stay(
        make_id("stay", 1), "LIS", "Europe/Lisbon", "LIS-000001", "checked_out", date(2016, 6, 1), date(2016, 6, 5),
        at("2016-06-01T15:00+01:00"), left, False,
    )  # fmt: skip
    guest = Guest(guest_id=ANA, home_zone="America/New_York", country="US", stays=(there,))
    due = left + timedelta(hours=24)
    for late in (timedelta(0), timedelta(seconds=40)):
        assert permitted_from(request(due, "feedback"), guest, "sms", world(), due + late) == due + late
    hour_late = due + timedelta(hours=1)
    assert permitted_from(request(due, "feedback"), guest, "sms", world(), hour_late) != hour_late


def test_a_country_has_its_own_hours_inside_the_bounds_of_all() -> None:
    default = Hours(time(10), time(17), frozenset({1, 2, 3, 4, 5, 6}), on_holidays=False)
    assert shipped_hours().of(None) == shipped_hours().of("ZZ") == shipped_hours().of("IM") == default
    assert shipped_hours().of("GB") == Hours(time(8), time(21))
    assert shipped_hours().of("FR") == Hours(time(8), time(21), frozenset({1, 2, 3, 4, 5, 6}), on_holidays=False)
    assert shipped_hours().of("CN") == Hours(time(8), time(21))
    for hours in shipped_hours().rows.values():
        assert time(8) <= hours.opens < hours.closes <= time(21)


ROWS = """
bounds: {opens: "08:00", closes: "21:00", source: ours, date: 2026-11-28}
default: {opens: "10:00", closes: "17:00", days: [1, 2], holidays: false, source: careful, date: 2026-11-28}
countries:
  GB: {opens: "07:00", closes: "22:00", days: [1, 7], holidays: true, source: a rule, date: 2026-11-28}
"""


def test_a_lax_row_is_cut_to_the_bounds() -> None:
    assert read_hours(ROWS).of("GB") == Hours(time(8), time(21), frozenset({1, 7}))


@pytest.mark.parametrize(
    ("right", "wrong", "place"),
    [
        ('GB: {opens: "07:00"', 'GB: {opens: "22:00"', "GB.opens"),
        ('GB: {opens: "07:00"', 'GB: {opens: "7:00"', "GB.opens"),
        ('GB: {opens: "07:00"', "GB: {opens: 10:00", "GB.opens"),
        ('closes: "17:00"', 'closes: "25:00"', "default.closes"),
        ("days: [1, 7]", "days: [0, 7]", "GB.days"),
        ("days: [1, 7]", "days: [8]", "GB.days"),
        ("days: [1, 7]", "days: []", "GB.days"),
        ("days: [1, 2]", "days: Monday", "default.days"),
        ("holidays: true", "holidays: perhaps", "GB.holidays"),
        ("source: a rule, ", "", "GB.source"),
        ("source: ours, date: 2026-11-28", "source: ours", "bounds.date"),
        ("GB:", "UK:", "UK"),
    ],
)
def test_a_row_that_cannot_be_used_is_named_with_its_field(right: str, wrong: str, place: str) -> None:
    with pytest.raises(InputError) as refused:
        read_hours(ROWS.replace(right, wrong))
    assert list(refused.value.problems) == [place]
