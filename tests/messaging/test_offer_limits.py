"""How often a guest wants offers: a pause and «once a month», on the preference page and at the gate."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from services.messaging.config import Config
from services.messaging.service import SERVICE
from shared.events.segments.guests import GuestMerged, GuestUnmerged
from shared.web.i18n.guest_languages import GUEST_LANGUAGES
from tests.cast import ADDRESS, ANA, BEN, MARTA
from tests.conftest import MakeDatabase
from tests.messaging.hotel import MONDAY, Hotel, birthday, email, guest, lisbon
from tests.messaging.test_way_out import Guest
from tests.web import browser, words

A_DAY = timedelta(days=1)
CONSENTS = f"/messaging/guests/{ANA}/consents"


@pytest.fixture
def ana(make_database: MakeDatabase) -> Guest:
    hotel = Hotel(make_database("messaging"))
    points = [email(hotel.keyring, ADDRESS)]
    hotel.hears(lisbon(), guest(points=points, language="de"))
    hotel.hears(birthday())
    hotel.runs()
    return Guest(hotel)


def prefers(ana: Guest, **wishes: str) -> str:
    answer = ana.client.post(ana.link(birthday(), "/preferences?in=en"), data=wishes, follow_redirects=True)
    assert answer.status_code == 200
    return words(answer)


def outcome_after(ana: Guest, days: int) -> tuple[str, str | None]:
    """What becomes of an offer so many days later."""
    later = MONDAY + days * A_DAY
    ana.hotel.hears(replace(birthday(plan=days + 2, due_at=later), occurrence=f"birthday:{days}"))
    ana.hotel.runs(later)
    found: tuple[str, str | None] = ana.hotel.outcomes()[-1]
    return found


def checked(ana: Guest, more: str = "") -> set[str]:
    page = ana.client.get(ana.link(birthday(), f"/preferences?in=en{more}")).get_data(as_text=True)
    return {f"{name}={value}" for name, value in re.findall(r'name="(often|pause)" value="(\w+)" checked', page)}


def test_a_pause_keeps_its_day_and_ends_by_itself(ana: Guest) -> None:
    assert checked(ana) == {"often=any", "pause=no"}
    assert "No offers until July 6, 2016" in prefers(ana, pause="1")
    assert checked(ana) == {"often=any", "pause=keep"}
    prefers(ana, pause="keep", often="any")
    assert ana.hotel.one("select paused_until::date from offer_limit") == date(2016, 7, 5)  # midnight in Lisbon
    assert outcome_after(ana, 29) == ("skipped", "guest_paused")
    assert outcome_after(ana, 30) == ("sent", None)
    ana.clock.advance_to(MONDAY + 31 * A_DAY)
    assert checked(ana) == {"often=any", "pause=no"}


def test_a_pause_is_ended_at_any_time(ana: Guest) -> None:
    prefers(ana, pause="6")
    prefers(ana, pause="no")
    assert outcome_after(ana, 1) == ("sent", None)


def test_once_a_month_is_a_cap_of_the_guests_own(ana: Guest) -> None:
    prefers(ana, often="monthly")
    assert checked(ana) == {"often=monthly", "pause=no"}
    assert outcome_after(ana, 29) == ("skipped", "once_a_month")
    assert outcome_after(ana, 30) == ("sent", None)
    prefers(ana, often="any")
    assert outcome_after(ana, 31) == ("sent", None)


@pytest.mark.parametrize("wish", [{"pause": "2"}, {"often": "weekly"}])
def test_another_answer_is_refused_and_changes_nothing(ana: Guest, wish: dict[str, str]) -> None:
    assert ana.client.post(ana.link(birthday(), "/preferences"), data=wish).status_code == 422
    assert ana.hotel.one("select count(*) from offer_limit") == 0


@pytest.mark.parametrize("tag", GUEST_LANGUAGES)
def test_the_day_is_written_in_each_language(ana: Guest, tag: str) -> None:
    prefers(ana, pause="3")
    page = words(ana.client.get(ana.link(birthday(), f"/preferences?in={tag}")))
    assert "2016" in page and "{day}" not in page


def merged(**more: Any) -> GuestMerged:
    return GuestMerged(guest_id=ANA, version=2, into_guest_id=BEN, occurred_at=MONDAY, **more)


def test_who_is_merged_takes_their_words_along_and_back(ana: Guest) -> None:
    prefers(ana, pause="1")
    points = [email(ana.hotel.keyring, ADDRESS)]
    ana.hotel.hears(guest(BEN, points=points), merged())
    ana.hotel.hears(birthday(BEN, due_at=MONDAY + A_DAY))
    ana.hotel.runs(MONDAY + A_DAY)
    assert ana.hotel.outcomes()[-1] == ("skipped", "guest_paused")
    alone = GuestUnmerged(
        guest_id=ANA, version=3, from_guest_id=BEN, from_version=2, merged_at=MONDAY, occurred_at=MONDAY + A_DAY,
        points=[], stays=[], consents=[], from_consents=[],
    )  # fmt: skip
    ana.hotel.hears(alone, guest(version=4, points=points), guest(BEN, version=3, points=points))
    ana.hotel.hears(replace(birthday(BEN, plan=5, due_at=MONDAY + 2 * A_DAY), occurrence="birthday:5"))
    ana.hotel.runs(MONDAY + 2 * A_DAY)
    assert ana.hotel.outcomes()[-1] == ("sent", None)


def test_the_choice_is_written_down_as_the_guests_own(ana: Guest) -> None:
    prefers(ana, pause="1", often="monthly")
    (said,) = [body for name, _, body in ana.hotel.said() if name == "audit.recorded.v1"]
    assert said["details"][0]["once_a_month"] == "true"
    assert said["details"][0]["paused_until"].startswith("2016-07-05T23:00")


def test_colleagues_see_what_the_guest_asked_for(ana: Guest) -> None:
    prefers(ana, pause="6", often="monthly")
    page = words(browser(SERVICE.build_web, Config(), ana.hotel.database, MARTA, at=MONDAY).get(CONSENTS))
    assert "wants no offers until" in page and "wants offers once a month at most" in page
    later = MONDAY + 200 * A_DAY
    page = words(browser(SERVICE.build_web, Config(), ana.hotel.database, MARTA, at=later).get(CONSENTS))
    assert "wants no offers until" not in page
