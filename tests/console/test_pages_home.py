"""Home: is everything going out as it should, and is it working?"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from services.console.commands.on.journeys import keep_launches
from services.console.commands.on.messages import count_messages
from services.console.config import Config
from services.console.rules.warnings.control import Judged
from services.console.rules.warnings.outside import Outside
from services.console.service import SERVICE
from services.console.store.backups import keep_newest
from services.console.store.brands import keep_picture
from services.console.store.warnings import keep_warning
from shared.database.pool import Database
from shared.events import chunk_of
from shared.events.campaigns import JourneyLaunched
from shared.events.messaging import MessageHeld, MessageSent, PublishedMessage
from shared.events.wire import decode, encode
from shared.ids import make_id
from shared.pictures.scaling import Picture
from shared.vocabulary.signal import Signal
from shared.web.config import WebConfig
from shared.web.pages.needs import Weight
from tests.cast import ADA, DINA, MARTA, NOW, Member
from tests.conftest import MakeDatabase
from tests.console.conftest import Answers, Serve
from tests.console.staff import open_house
from tests.web import Browser, browser, words

NOTHING_NEW: Answers = {
    "/segments/home": {
        "needs": [],
        "guests": 12,
        "consents": True,
        "heard": [{"code": "LIS", "at": "2026-11-21T05:00:00Z"}],
    },
    "/campaigns/home": {"needs": [], "journeys": [], "rehearsed": True},
    "/messaging/home": {"needs": [], "planned": {}},
    "/feedback/home": {"needs": [], "nps": [], "open_cases": 0},
}


@pytest.fixture
def console(make_database: MakeDatabase) -> Database:
    return make_database("console")


BEGIN = "Until your guests hear from you"


def home_of(database: Database, gateway: str, who: Member = MARTA) -> Browser:
    return browser(SERVICE.build_web, Config(), database, who, web=WebConfig(gateway=gateway))


def hear(database: Database, kind: type[PublishedMessage], state: str, number: int, at: datetime, **more: Any) -> None:
    fact = {"property": "LIS", "version": 3, "journey": "win-back", **more}
    event = kind(
        message_id=make_id("message", number),
        guest_id=make_id("guest", number),
        journey_version=1,
        step="send",
        occurrence=f"lapse:{number}",
        purpose="marketing",
        stay_id=None,
        channel="email",
        state=state,
        reason=None,
        held_until=None,
        occurred_at=at,
        **fact,
    )
    chunk = chunk_of([event])
    with database.transaction() as tx:
        count_messages(tx, decode(chunk.type.name, encode(chunk)), at)


def launch(database: Database) -> None:
    chunk = chunk_of([JourneyLaunched(journey="win-back", version=1, segments=[], launched_at=NOW, by="Marta")])
    with database.transaction() as tx:
        keep_launches(tx, decode(chunk.type.name, encode(chunk)), NOW)


def test_where_nothing_is_wrong_it_says_so(console: Database, serve: Serve) -> None:
    launch(console)
    page = words(home_of(console, serve(NOTHING_NEW)).get("/"))
    assert "Everything is being sent Nothing needs you today." in page
    assert "Casa do Tejo Lisboa today 05:00 (Lisbon)" in page
    assert "do not answer" not in page


def test_what_left_is_counted_once_by_the_hour_of_its_hotel_and_what_is_planned_beside_it(
    console: Database, serve: Serve
) -> None:
    launch(console)
    nine = NOW.replace(hour=9, minute=5)
    hear(console, MessageSent, "sent", 1, nine)
    hear(console, MessageSent, "sent", 1, nine + timedelta(hours=2), version=4)  # the same message
    hear(console, MessageSent, "sent", 2, nine + timedelta(hours=1), property="SHA")  # 18:05 there
    hear(console, MessageHeld, "held", 3, nine)  # did not leave
    hear(console, MessageSent, "sent", 4, nine - timedelta(days=1))  # yesterday
    hear(console, MessageSent, "sent", 5, NOW.replace(hour=17) - timedelta(days=1), property="SHA")  # today there
    told = {**NOTHING_NEW, "/messaging/home": {"needs": [], "planned": {"LIS": [0] * 15 + [7] + [0] * 8, "SHA": "?"}}}
    shown = home_of(console, serve(told)).get("/")
    page = words(shown)
    assert "1 message sent today, 7 are planned" in page
    assert f"/campaigns/calendar/{NOW.date()}?hotel=LIS" in shown.get_data(as_text=True)
    assert "2 messages sent today" in page
    assert "Hour Sent today Planned 09:00 1 0 15:00 0 7" in page
    assert "Hour Sent today Planned 01:00 1 0 18:00 1 0" in page


def test_a_message_counts_where_it_left_however_late_it_was_heard_of(console: Database, serve: Serve) -> None:
    hear(console, MessageSent, "sent", 1, NOW.replace(hour=11), version=4)
    hear(console, MessageSent, "sent", 1, NOW.replace(hour=9), version=3)
    page = words(home_of(console, serve(NOTHING_NEW)).get("/"))
    assert "Hour Sent today Planned 09:00 1 0" in page
    with console.transaction() as tx:
        assert tx.execute("select state, version from message_seen").fetchall() == [("sent", 4)]


def test_nobody_sees_another_hotels_figures(console: Database, serve: Serve) -> None:
    launch(console)
    hear(console, MessageSent, "sent", 1, NOW.replace(hour=9), property="SHA")
    told = {
        **NOTHING_NEW,
        "/feedback/home": {"nps": [{"hotel": "SHA", "score": 9, "band": 30, "n": 30, "days": 90}]},
        "/segments/home": {"guests": 3, "heard": [{"code": "SHA", "at": None}]},
        "/campaigns/home": {"journeys": [{"key": "win-back", "name": "Win back", "entered": 1, "waiting": 1}]},
    }
    page = words(home_of(console, serve(told), DINA).get("/"))
    assert "Shanghai" not in page and "1 message sent" not in page
    assert "Win back 0" in page
    assert "Riverside House Shanghai" in words(home_of(console, serve(told), MARTA).get("/"))


def test_what_needs_somebody_stands_first_where_a_guest_is_let_down(console: Database, serve: Serve) -> None:
    launch(console)
    told = {
        **NOTHING_NEW,
        "/segments/home": {"needs": [{"text": "An import failed", "url": "/segments/imports", "tone": "look"}]},
        "/feedback/home": {"needs": [{"text": "A case is late", "url": "/feedback/cases", "tone": "bad"}]},
    }
    page = words(home_of(console, serve(told)).get("/"))
    assert "1 thing needs you now A case is late now An import failed check" in page


def test_a_guest_who_waits_stands_before_guests_who_might_be_one(console: Database, serve: Serve) -> None:
    launch(console)
    pairs = {"text": "Two might be one", "url": "/segments/duplicates", "tone": "look", "weight": Weight.TIDY}
    waits = {"text": "A case waits", "url": "/feedback/cases", "tone": "look", "weight": Weight.GUEST}
    told = {**NOTHING_NEW, "/segments/home": {"needs": [pairs]}, "/feedback/home": {"needs": [waits]}}
    with console.transaction() as tx:
        outside = Outside(Signal.COMPLAINTS, "LIS", Judged(0.2, 0.05, 0.1, is_outside=True), 2, 10)
        keep_warning(tx, outside, [Signal.COMPLAINTS], NOW.date(), NOW, begins=True)
    page = words(home_of(console, serve(told)).get("/"))
    assert "A case waits check 1 warning nobody has seen yet check Two might be one check" in page


def test_the_month_and_the_next_days_are_told_and_nothing_where_there_is_nothing(
    console: Database, serve: Serve
) -> None:
    launch(console)
    page = words(home_of(console, serve(NOTHING_NEW)).get("/"))
    assert "This month so far" not in page and "The next days" not in page
    hear(console, MessageSent, "sent", 1, NOW.replace(hour=9))
    hear(console, MessageSent, "sent", 2, NOW.replace(day=1, hour=9))
    hear(console, MessageSent, "sent", 3, NOW.replace(day=1, hour=9) - timedelta(days=1))  # of the month before
    journeys = [{"name": name, "guests": guests} for name, guests in (("A", 1200), ("B", 30), ("C", 3), ("D", 2))]
    by_day = {"2026-11-22": journeys, "2026-11-23": [], "2026-11-24": journeys[:1]}
    days = [{"day": day, "journeys": found} for day, found in by_day.items()]
    earned = [{"currency": "EUR", "amount": "1320.50"}, {"currency": "CNY", "amount": "900"}]
    told: dict[str, Any] = {"coming": days, "won": {"bookings": 4, "earned": earned}}
    page = words(home_of(console, serve({**NOTHING_NEW, "/campaigns/home": told})).get("/"))
    assert "Messages sent 2 Bookings won 4 €1,320.50, CN¥900.00" in page and "counted every hour" not in page
    kept = {"coming": [], "won": {**told["won"], "counted_at": "2026-11-21T09:00:00+00:00"}}
    aside = words(home_of(console, serve({**NOTHING_NEW, "/campaigns/home": kept})).get("/"))
    assert "Bookings won were counted today 09:00 (Lisbon) ; they are counted every hour." in aside
    first = {"coming": [], "won": {"bookings": None, "earned": [], "counted_at": None}}
    awaited = words(home_of(console, serve({**NOTHING_NEW, "/campaigns/home": first})).get("/"))
    assert "Bookings won – being counted" in awaited
    assert "tomorrow 1,235 A: 1,200 · B: 30 · C: 3 · others: 2 Nov 24 1,200 A: 1,200 How is this counted?" in page


def test_a_score_says_its_band_and_its_number_and_is_grey_below_a_hundred(console: Database, serve: Serve) -> None:
    scores = [
        {"hotel": "LIS", "score": -4, "band": 12, "n": 196, "days": 90},
        {"hotel": "SHA", "score": 40, "band": 28, "n": 30, "days": 90},
    ]
    answer = home_of(console, serve({**NOTHING_NEW, "/feedback/home": {"nps": scores}})).get("/")
    assert "NPS · Casa do Tejo Lisboa −4 ± 12 · n = 196 · 90 days" in words(answer)
    assert answer.get_data(as_text=True).count('class="faint"') == 1


def test_each_silent_neighbour_is_one_line_and_the_rest_is_there(console: Database, serve: Serve) -> None:
    launch(console)
    hear(console, MessageSent, "sent", 1, NOW.replace(hour=9))
    answer = home_of(console, serve({"/segments/home": ["not", "what", "was", "asked"]})).get("/")
    page = words(answer)
    assert answer.status_code == 200 and page.count("not shown") == 4
    assert "Part of Guestloop does not answer" in page
    assert "1 message sent today" in page and "win-back 1" in page


def test_a_first_run_is_steps_each_ticked_by_doing(console: Database, serve: Serve) -> None:
    told = {**NOTHING_NEW, "/segments/home": {"guests": 0, "consents": False}, "/campaigns/home": {"rehearsed": False}}
    page = words(home_of(console, serve(told)).get("/"))
    assert "Nothing is sent before a journey is launched" in page
    assert "1 Import your guests 2 Say what they agreed to: an import asks what yes and no mean 3 Rehearse" in page
    page = words(home_of(console, serve(NOTHING_NEW)).get("/"))
    assert "Import your guests done" in page and "what yes and no mean done" in page
    assert "Rehearse a journey done 4 Launch it" in page
    unsaid = {**NOTHING_NEW, "/segments/home": {"guests": 12, "consents": False}}
    assert "Import your guests done 2 Say what they agreed to" in words(home_of(console, serve(unsaid)).get("/"))
    assert BEGIN not in words(home_of(console, serve(told), DINA).get("/"))  # not hers to do
    launch(console)
    assert BEGIN not in words(home_of(console, serve(NOTHING_NEW)).get("/"))


def test_a_house_in_the_sandbox_is_led_to_going_live_by_its_administrators(console: Database, serve: Serve) -> None:
    launch(console)
    told = {"sender": True, "domain": False, "live": False}
    answers = {**NOTHING_NEW, "/messaging/home": {"going_live": told}}
    page = words(home_of(console, serve(answers), ADA).get("/"))
    assert "send yourself a test done" in page and "8 Show DNS that your mail is yours 9 Go live" in page
    assert "Go live" not in words(home_of(console, serve(answers)).get("/"))  # a marketer's home
    answers = {**NOTHING_NEW, "/messaging/home": {"going_live": {**told, "live": True}}}
    assert BEGIN not in words(home_of(console, serve(answers), ADA).get("/"))


def test_a_house_shows_whose_mail_it_is_once_each_hotel_has_a_name_a_logo_and_an_address(
    console: Database, serve: Serve
) -> None:
    open_house(console)
    ada = home_of(console, serve(NOTHING_NEW), ADA)
    page = ada.get("/").get_data(as_text=True)
    assert "Show whose mail it is: name, logo and postal address</a>" in page and "/properties/LIS/brand" in page
    with console.transaction() as tx:
        tx.execute(
            "update property set logo = %s",
            [keep_picture(tx, Picture(content=b"x", media_type="image/png", width=1, height=1), NOW)],
        )
    assert "Show whose mail it is: name, logo and postal address done" in words(ada.get("/"))
    with console.transaction() as tx:
        tx.execute("update property set postal_address = '' where code = 'SHA'")
    assert '"/properties/SHA/brand"' in ada.get("/").get_data(as_text=True)
    assert "Show whose mail it is" not in words(home_of(console, serve(NOTHING_NEW)).get("/"))  # a marketer's home


def test_a_hotel_that_was_long_not_heard_of_is_marked(console: Database, serve: Serve) -> None:
    heard = [{"code": "LIS", "at": "2026-11-19T23:00:00Z"}, {"code": "SHA", "at": "2026-11-20T23:00:00Z"}]
    page = words(home_of(console, serve({**NOTHING_NEW, "/segments/home": {"heard": heard}})).get("/"))
    assert page.count("messages that need fresh reservations are not sent") == 1


def test_a_backup_that_is_too_old_is_told_to_whoever_operates_the_house(console: Database, serve: Serve) -> None:
    gateway = serve(NOTHING_NEW)
    ada = home_of(console, gateway, ADA)
    assert "backup" not in words(ada.get("/delivery")) + words(ada.get("/"))  # where nobody tells of any
    with console.transaction() as tx:
        keep_newest(tx, NOW - timedelta(hours=25), NOW)
    assert "The newest verified backup is of" in words(ada.get("/delivery"))
    assert "hours old" not in words(ada.get("/"))
    with console.transaction() as tx:
        keep_newest(tx, NOW - timedelta(hours=30), NOW)
    assert "The newest verified backup is 30 hours old" in words(ada.get("/"))
    assert "too old" in words(ada.get("/delivery"))
    assert "hours old" not in words(home_of(console, gateway, MARTA).get("/"))


def test_delivery_names_what_stands_still(console: Database, serve: Serve) -> None:
    def figures(age: int | None, letters: int) -> Answers:
        outbox = {"pending": 1 if age else 0, "age": age, "put_off": 1, "error": "nobody listens to it"}
        mailbox = [{"concern": "access", "waiting": 0, "age": None}]
        return {"outbox": outbox, "mailbox": mailbox, "dead_letters": letters, "heard_at": None, "relay": True}

    told = {
        "/segments/delivery": figures(None, 0),
        "/campaigns/delivery": figures(None, 2),
        "/messaging/delivery": figures(900, 0),
        "/messaging/home": {"needs": [{"text": "1 outcome is unclear", "url": "/messaging/unknowns", "tone": "look"}]},
    }
    ada = home_of(console, serve(told), ADA)
    answer = ada.get("/delivery")
    page = words(answer)
    assert "Something is stuck" in page and "feedback does not answer" in page
    assert 'href="/campaigns/dead-letters"' in answer.get_data(as_text=True)
    assert "1 15 minutes" in page and "1 postponed: nobody listens to it" in page and "1 outcome is unclear" in page
    assert home_of(console, "http://127.0.0.1:9", MARTA).get("/delivery").status_code == 403


def test_the_pages_speak_chinese(console: Database, serve: Serve) -> None:
    ada = browser(SERVICE.build_web, Config(), console, ADA, web=WebConfig(gateway=serve(NOTHING_NEW)))
    for path, says in (
        ("/", "效果如何"),
        ("/delivery", "待发布"),
        ("/people", "员工账号"),
        ("/audit", "操作记录"),
        ("/keys", "快捷键"),
    ):
        assert says in words(ada.get(path, headers={"Accept-Language": "zh-CN"}))
