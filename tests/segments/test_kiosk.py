"""A kiosk at the desk: what opens a guest's data there, what becomes of what they say, and when it forgets."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from werkzeug.test import TestResponse

from services.segments.api.kiosk import COOKIE
from services.segments.commands.reservations.book import book
from services.segments.rules.kiosk import FORGOTTEN_AFTER, LASTS, MOST_WRONG_NAMES, MOST_WRONG_PINS, PAUSE
from services.segments.service import SERVICE
from services.segments.shipped.sign_up import kiosk_texts, sign_up_texts
from shared.access.sessions import KEEP_ENDED
from shared.clock import VirtualClock
from shared.database.pool import Database
from shared.ids import make_id
from shared.personal_data.erase import erase_rows
from shared.web.i18n.guest_languages import GUEST_LANGUAGES
from tests.cast import ANTON, FILIPA, NOW, WEI, Member
from tests.conftest import MakeDatabase
from tests.segments.rows import MORNING, add_properties, row, rows_of
from tests.segments.test_sign_up import Segments, console, make_form, signed_up
from tests.web import Browser, words

PIN = "2468"
DESK = "/segments/kiosks"


@pytest.fixture
def segments(make_database: MakeDatabase) -> Database:
    database = make_database("segments")
    add_properties(database)
    with database.transaction() as tx:
        rita = row(1, name="Rita Cantú", email="rita@example.com", phone="+351912345678", birth_date=date(1980, 5, 4))
        book(tx, [rita, row(2, name="Ana Silva")], MORNING)
    return database


def rita(database: Database) -> UUID:
    ((found,),) = rows_of(database, "select guest_id from stay where reservation = 'LIS-000001'")
    assert isinstance(found, UUID)
    return found


class Device:
    """The tablet at the desk: no script, one cookie."""

    def __init__(self, database: Database, who: Member = FILIPA, hotel: str = "LIS") -> None:
        self.browser: Browser = console(database, who)
        self.browser.get(DESK)
        started = self.browser.post(DESK, {"property": hotel, "pin": PIN})
        assert started.status_code == 200, words(started)
        self.token = self._token_in(started)

    def _token_in(self, page: TestResponse) -> str:
        found = re.search(r'name="token" value="([^"]+)"', page.get_data(as_text=True))
        return found[1] if found else ""

    def get(self, path: str = "/kiosk?in=en") -> TestResponse:
        return self.browser.get(path)

    def post(self, path: str, **values: str) -> TestResponse:
        return self.browser.post(path, {"token": self.token, **values})

    def open(self, number: str = "LIS-000001", name: str = "Cantu") -> TestResponse:
        return self.post("/kiosk?in=en", reservation=number, family_name=name)

    def save(self, **values: str) -> TestResponse:
        page = self.get().get_data(as_text=True)
        hidden = dict(re.findall(r'name="(turn|form_version)" value="([^"]+)"', page))
        return self.post("/kiosk/own?in=en", **{"given_name": "Rita", "family_name": "Cantú", **hidden, **values})

    def at(self, now: datetime) -> None:
        clock = self.browser.app.extensions["guestloop"].clock
        assert isinstance(clock, VirtualClock)
        clock.advance_to(now)


def test_number_and_name_open_the_guests_own_data_masked(segments: Database) -> None:
    tablet = Device(segments)
    page = tablet.open(" lis-000001 ", "CANTU")
    text, body = words(page), page.get_data(as_text=True)
    assert "Are these details right?" in text and 'value="Cantú"' in body
    assert "rita@example.com" not in body and "+351912345678" not in body and "1980" not in body
    assert page.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("number", "name"),
    [("LIS-000001", "Silva"), ("LIS-000009", "Cantu"), ("LIS-000001", ""), ("", "Cantu"), ("%", "Cantu")],
)
def test_nothing_tells_which_of_the_two_is_wrong(segments: Database, number: str, name: str) -> None:
    page = Device(segments).open(number, name)
    assert page.status_code == 422 and "We cannot find that. Please ask at the desk." in words(page)


def test_who_guesses_waits_even_with_the_right_answer(segments: Database) -> None:
    tablet = Device(segments)
    for _ in range(MOST_WRONG_NAMES):
        tablet.open(name="Guess")
    assert "We cannot find that." in words(tablet.open())
    tablet.at(NOW + PAUSE)
    assert "Are these details right?" in words(tablet.open())


def test_what_the_guest_says_is_a_correction_by_hand_and_their_boxes_count(segments: Database) -> None:
    make_form(segments)
    tablet = Device(segments)
    tablet.open()
    said = {"email": "rita.new@example.com", "birth_date": "1980-05-05", "language": "pt", "wishes": "A quiet room"}
    done = tablet.save(**said, given_name="Rita Maria", **{"email-marketing": "1"})
    assert "Thank you. Everything is noted." in words(done)
    columns = "given_name, birth_date, language, heard is not null"
    assert rows_of(segments, f"select {columns} from guest where given_name like 'Rita%'") == [
        ("Rita Maria", date(1980, 5, 5), "pt", True)
    ]
    by = {name for (name,) in rows_of(segments, "select by_whom from guest_correction")}
    assert by == {"kiosk, Filipa Faria"}
    (said_up,) = signed_up(segments)
    assert (said_up["page"], said_up["by"], said_up["is_new"]) == ("kiosk", "Filipa Faria", False)
    (box,) = said_up["boxes"]
    with segments.transaction() as tx:
        assert box["point"] in tx.keyring.indexes("email", "rita.new@example.com")
    assert box["words"] == sign_up_texts()["en"]["own"]["email-marketing"]
    story = words(console(segments).get(f"/segments/guests/{rita(segments)}"))
    assert "A quiet room" in story and "looked through their data (kiosk, Filipa Faria)" in story


def test_sent_twice_it_is_done_once(segments: Database) -> None:
    make_form(segments)
    tablet = Device(segments)
    tablet.open()
    page = tablet.get().get_data(as_text=True)
    hidden = dict(re.findall(r'name="(turn|form_version)" value="([^"]+)"', page))
    for _ in range(2):
        values = {"given_name": "Rita", "family_name": "Cantú", "wishes": "Tea", "email-marketing": "1", **hidden}
        tablet.post("/kiosk/own?in=en", **values)
    assert rows_of(segments, "select count(*) from guest_note") == [(1,)]
    assert len(signed_up(segments)) == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"email": "rita@"}, "This e-mail address cannot be used."),
        ({"phone": "12"}, "This number cannot be used."),
        ({"given_name": "", "family_name": ""}, "Your name is needed."),
        ({"birth_date": "2020-01-01"}, "You need to be 16 or older"),
    ],
)
def test_what_cannot_be_used_is_said_and_changes_nothing(segments: Database, typed: dict[str, str], said: str) -> None:
    tablet = Device(segments)
    tablet.open()
    before = len(Segments(segments).outbox())
    page = tablet.save(**typed)
    assert page.status_code == 422 and said in words(page)
    assert len(Segments(segments).outbox()) == before


def test_it_forgets_the_guest_when_they_are_done_and_when_they_went_away(segments: Database) -> None:
    tablet = Device(segments)
    for leave in ("save", "away", "time"):
        tablet.open()
        assert "Are these details right?" in words(tablet.get())
        if leave == "save":
            tablet.save()
        elif leave == "away":
            tablet.get("/kiosk/away")
        else:
            tablet.at(NOW + FORGOTTEN_AFTER)
        page = words(tablet.get())
        assert "Good to see you" in page and "Cantú" not in page
        assert rows_of(segments, "select guest_id, turn from kiosk") == [(None, None)]


def test_the_device_opens_nothing_of_the_console(segments: Database) -> None:
    tablet = Device(segments)
    for path in ("/segments/guests", "/segments/today", DESK):
        assert tablet.browser.client.get(path).headers["Location"].startswith("/sign-in")


def test_it_ends_by_its_pin_and_by_too_many_wrong_ones(segments: Database) -> None:
    tablet = Device(segments)
    assert "This PIN does not end it." in words(tablet.post("/kiosk/end?in=en", pin="0000"))
    tablet.browser.client.post("/kiosk/end", data={"token": tablet.token, "pin": PIN})
    assert tablet.get().status_code == 404
    other = Device(segments)
    for _ in range(MOST_WRONG_PINS):
        other.browser.client.post("/kiosk/end", data={"token": other.token, "pin": "0000"})
    assert "This kiosk is closed." in words(other.get())


def test_it_ends_with_the_session_that_started_it_after_its_hours_and_by_a_colleague(segments: Database) -> None:
    tablet = Device(segments)
    with segments.transaction() as tx:
        ended = {"session_id": [make_id("session", FILIPA.name)], "ends_at": [NOW + timedelta(days=1)]}
        tx.execute(KEEP_ENDED, ended)
    assert tablet.get().status_code == 404
    with segments.transaction() as tx:
        tx.execute("delete from session_ended")
    assert tablet.get().status_code == 200
    reader = console(segments)
    reader.get(DESK)
    ((number,),) = rows_of(segments, "select id from kiosk")
    assert "The kiosk is closed." in words(reader.post(f"{DESK}/{number}/end"))
    assert tablet.get().status_code == 404
    another = Device(segments)
    another.at(NOW + LASTS)
    assert another.get().status_code == 404


def test_without_its_cookie_or_its_token_nothing_opens(segments: Database) -> None:
    tablet = Device(segments)
    forged = tablet.browser.client.post(
        "/kiosk", data={"token": "x", "reservation": "LIS-000001", "family_name": "Cantu"}
    )
    assert forged.status_code == 400
    stranger = console(segments).app.test_client()
    assert stranger.get("/kiosk").status_code == 404
    ((number,),) = rows_of(segments, "select id from kiosk")
    stranger.set_cookie(COOKIE, f"{number}.guess", path="/kiosk")
    assert stranger.get("/kiosk").status_code == 404


def test_another_hotels_kiosk_opens_nobody_of_this_one(segments: Database) -> None:
    assert Device(segments, WEI, "SHA").open().status_code == 422
    reader = console(segments, WEI)
    reader.get(DESK)
    assert reader.post(DESK, {"property": "LIS", "pin": PIN}).status_code == 404


def test_who_may_start_one(segments: Database) -> None:
    assert console(segments, ANTON).get(DESK).status_code == 403
    reader = console(segments, FILIPA)
    reader.get(DESK)
    for pin in ("", "12", "abcd"):
        assert reader.post(DESK, {"property": "LIS", "pin": pin}).status_code == 422


def test_a_colleague_hands_a_guest_over(segments: Database) -> None:
    tablet = Device(segments)
    reader = console(segments, FILIPA)
    page = reader.get(f"/segments/guests/{rita(segments)}")
    assert "Hand over to the kiosk" in words(page)
    ((number,),) = rows_of(segments, "select id from kiosk")
    reader.post(f"{DESK}/{number}/guests/{rita(segments)}")
    assert "Are these details right?" in words(tablet.get())


def test_a_guest_who_is_erased_meanwhile_closes_the_kiosk(segments: Database) -> None:
    tablet = Device(segments)
    tablet.open()
    with segments.transaction() as tx:
        erase_rows(tx, SERVICE.personal_data, [rita(segments)])
    assert rows_of(segments, "select count(*) from kiosk") == [(0,)]
    assert "This kiosk is closed." in words(tablet.get())


@pytest.mark.parametrize("tag", GUEST_LANGUAGES)
def test_every_language_says_everything(segments: Database, tag: str) -> None:
    assert {name for name, text in kiosk_texts()[tag].items() if text} == set(kiosk_texts()["en"])
    tablet = Device(segments)
    tablet.open()
    page = tablet.get(f"/kiosk?in={tag}").get_data(as_text=True)
    assert kiosk_texts()[tag]["yours"] in page and f'<html lang="{tag}">' in page
