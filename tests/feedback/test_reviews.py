"""Reviews of booking sites: read whatever the file looks like, each kept once, and never an answer to a survey."""

from __future__ import annotations

import gzip
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from services.feedback.commands.heard.reading_reviews import ReviewList
from services.feedback.config import Config
from services.feedback.queries import answers
from services.feedback.rules.files.days import DayOrder, ReadDates, day_in, settle
from services.feedback.rules.files.ratings import rating_in
from services.feedback.rules.files.review_file import Review, ReviewFault, Wanted
from services.feedback.service import SERVICE
from services.feedback.store.stays import KEEP as KEEP_STAYS
from shared.ids import make_id
from shared.table_files.reading import Encoding, Reading
from shared.vocabulary.grant import Grant
from tests.cast import ANA, BEN, DINA, MARTA
from tests.conftest import MakeDatabase
from tests.feedback.cast import Feedback
from tests.programs import program
from tests.segments.imports.books import xlsx
from tests.web import Browser, browser, words

PATH = "/feedback/reviews"
ROWS = """Review date,Review score,Review title,Positive review,Negative review,Reservation number
2026-03-01,8.5,Lovely,The staff were kind,Nothing,LIS-1
2026-03-02,"4,0",,,"The bathroom was dirty and the wifi did not work",
"""
CHINESE = "评论编号,点评日期,评分,点评内容\n1,2026年3月1日,4.5分,房间很干净\n2,2026-03-02,2,隔音很差\n"
ZONES = {"LIS": "Europe/Lisbon", "SHA": "Asia/Shanghai"}
TODAY = datetime(2026, 11, 29, 17, tzinfo=UTC)  # in Shanghai it is the 30th already
HOTELS = {"lis": "LIS", "lisbon": "LIS", "shanghai": "SHA"}


@pytest.fixture
def feedback(make_database: MakeDatabase) -> Feedback:
    feedback = Feedback(make_database("feedback"))
    feedback.property_says(threshold=6)
    return feedback


@pytest.fixture
def marta(feedback: Feedback) -> Browser:
    made = browser(SERVICE.build_web, Config(), feedback.database, MARTA)
    made.get(PATH)
    return made


def bring(who: Browser, content: str | bytes, **more: str) -> TestResponse:
    raw = content.encode() if isinstance(content, str) else content
    return who.post(PATH, {"file": (BytesIO(raw), "reviews.csv"), "hotel": "LIS", "source": "booking", **more})


def opened(folder: Path, content: bytes, *, source: str | None = "booking", scale: int | None = None,
           order: DayOrder | None = None, encoding: Encoding | None = None) -> ReviewList:  # fmt: skip
    path = folder / "list"
    path.write_bytes(content)
    wanted = Wanted(hotels=HOTELS, hotel="LIS", source=source, zones=ZONES, now=TODAY, order=order)
    return ReviewList(path, Reading(encoding=encoding), wanted, scale)


def read(found: ReviewList) -> list[Review]:
    return [one for chunk in found.chunks() for one in chunk]


@pytest.mark.parametrize(
    ("text", "value", "scale"),
    [("8,5", "8.5", None), ("4/5", "4", 5), ("4 out of 5", "4", 5), ("85 %", "85", 100), ("★★★★☆", "4", 5),
     ("4.5分", "4.5", None), ("17/20", "17", 20), ("５", "5", None), ("4 von 6", "4", 6), ("'9", "9", None)],
)  # fmt: skip
def test_a_rating_is_read_as_sites_write_it(text: str, value: str, scale: int | None) -> None:
    found = rating_in(text)
    assert found is not None and (found.value, found.scale) == (Decimal(value), scale)


@pytest.mark.parametrize("text", ["6/5", "4/7", "great", "-3", "1.000.000", "=1+1", "120", "★★★★★★", "4/5/6"])
def test_what_is_no_rating_is_none(text: str) -> None:
    assert rating_in(text) is None


@pytest.mark.parametrize(
    "text", ["2026-03-04", "2026/3/4", "4.3.2026", "2026年3月4日", "4 March 2026", "March 4, 2026", "04/03/2026"]
)
def test_a_day_is_read_as_sites_write_it(text: str) -> None:
    assert day_in(text, DayOrder.DAY_FIRST) == date(2026, 3, 4)


def test_the_order_of_day_and_month_is_settled_by_a_day_that_has_one() -> None:
    assert settle(["04/03/2026", "2026-03-04"]).asked
    assert settle(["04/03/2026", "13/03/2026"]).order is DayOrder.DAY_FIRST
    assert settle(["2026-03-04"]) == ReadDates()


@pytest.mark.parametrize(
    ("content", "more"),
    [(ROWS.encode(), {}), (ROWS.replace(",", ";").replace('"4;0"', '"4,0"').encode("cp1252"), {}),
     (ROWS.encode("utf-16"), {}), (gzip.compress(ROWS.encode()), {}),
     (CHINESE.encode("gb18030"), {"source": "tripadvisor"}), (CHINESE.encode(), {"source": "tripadvisor"}),
     (xlsx(Reviews=[["Date", "Score", "Review"], ["2026-03-01", 8.5, "Kind staff"], ["2026-03-02", 4, "Dirty"]]), {})],
    ids=["booking", "cp1252", "utf-16", "gzip", "gbk", "chinese", "xlsx"],
)  # fmt: skip
def test_a_file_is_read_whatever_the_site_wrote(tmp_path: Path, content: bytes, more: dict[str, str]) -> None:
    found = opened(tmp_path, content, **more)  # type: ignore[arg-type]
    first, second = read(found)
    assert found.asked == []
    assert (first.said_on, second.said_on) == (date(2026, 3, 1), date(2026, 3, 2))
    assert (first.rating, second.rating) == (
        (Decimal("9.0"), Decimal("4.0")) if more else (Decimal("8.5"), Decimal("4.0"))
    )


def test_a_scale_is_never_guessed_where_two_fit(tmp_path: Path) -> None:
    content = b"date,rating,text\n2026-03-01,4,fine\n2026-03-02,5,good\n"
    found = opened(tmp_path, content, source="somewhere")
    assert [one.subject for one in found.asked] == ["scale"]
    assert set(found.asked[0].readings) == {"5", "6", "10", "20", "100"}
    settled = opened(tmp_path, content, source="somewhere", scale=5)
    assert settled.asked == [] and [one.rating for one in read(settled)] == [Decimal("8.0"), Decimal("10.0")]


def test_the_scale_comes_from_the_heading_the_site_or_the_ratings_themselves(tmp_path: Path) -> None:
    def scales(content: bytes, source: str) -> dict[str, int]:
        return opened(tmp_path, content, source=source).scales

    assert scales(b"date,Rating (1-5),text\n2026-03-01,4,x\n", "somewhere") == {"somewhere": 5}
    assert scales(b"date,rating,text\n2026-03-01,4,x\n", "holidaycheck") == {"holidaycheck": 6}
    assert scales(b"date,rating,text\n2026-03-01,85,x\n", "somewhere") == {"somewhere": 100}
    several = b"date,site,rating,text\n2026-03-01,Booking.com,4,x\n2026-03-01,TripAdvisor,4,x\n"
    assert scales(several, "x") == {"booking": 10, "tripadvisor": 5}


def test_a_site_whose_ratings_go_beyond_its_scale_is_asked_about(tmp_path: Path) -> None:
    found = opened(tmp_path, b"date,rating,text\n2026-03-01,9,x\n", source="google")
    assert [set(one.readings) for one in found.asked] == [{"10", "20", "100"}]


def test_days_that_read_both_ways_are_asked_about(tmp_path: Path) -> None:
    content = b"date,rating,text\n04/03/2026,9,x\n"
    assert [one.subject for one in opened(tmp_path, content).asked] == ["dates"]
    assert read(opened(tmp_path, content, order=DayOrder.MONTH_FIRST))[0].said_on == date(2026, 4, 3)
    settled = opened(tmp_path, content + b"30/03/2026,9,y\n")
    assert settled.asked == [] and read(settled)[0].said_on == date(2026, 3, 4)


def test_lines_that_hold_no_review_are_told_by_line(marta: Browser) -> None:
    lines = [
        *("date,rating,text,hotel", "2026-03-01,8,good,Lisbon", "someday,8,good,", "2026-03-01,,,", "2026-03-01,x,y,"),
        *("2099-01-01,8,good,", "2026-03-01,8,good,Elsewhere", '2026-03-02,8,"unclosed,', "2026-03-03,9,last,"),
    ]
    page = words(bring(marta, "\n".join(lines)))
    assert "2 reviews are new." in page
    for told in ("1 × no day that can be understood", "1 × neither a rating nor words", "1 × no hotel of yours",
                 "1 × a rating that is none, or goes beyond its scale", "1 × a day that has not come yet",
                 "1 × cannot be cut into cells"):  # fmt: skip
        assert told in page, told


@pytest.mark.parametrize(
    ("hotel", "day", "comes"),
    [("lisbon", "2026-11-29", True), ("lisbon", "2026-11-30", False), ("shanghai", "2026-11-30", True),
     ("shanghai", "2026-12-01", False)],
)  # fmt: skip
def test_a_day_is_judged_by_the_hotels_own_calendar(tmp_path: Path, hotel: str, day: str, comes: bool) -> None:
    content = f"date,rating,text,hotel\n{day},9,x,{hotel}\n".encode()
    found = opened(tmp_path, content)
    assert len(read(found)) == comes
    assert bool(found.tally.reasons[ReviewFault.LATER]) is not comes


def test_a_cell_of_letters_that_are_none_costs_its_own_line(tmp_path: Path) -> None:
    found = opened(tmp_path, b"date,rating,text\n2026-03-01,8,a\xff\xfeb\n2026-03-02,8,good\n", encoding=Encoding.UTF8)
    assert [one.text for one in read(found)] == ["good"]
    assert [(line, str(why)) for line, why in found.tally.rejected] == [(2, "letters")]


def test_looking_first_keeps_nothing_and_the_same_file_again_neither(feedback: Feedback, marta: Browser) -> None:
    assert "2 reviews would be new; nothing is imported yet." in words(bring(marta, ROWS, look="1"))
    assert feedback.all("select count(*) from review") == [(0,)]
    assert "2 reviews are new." in words(bring(marta, ROWS))
    kept = feedback.all("select * from review order by 1"), feedback.all("select * from topic_tally order by 1")
    assert "0 reviews are new." in words(bring(marta, ROWS))
    assert (
        feedback.all("select * from review order by 1"),
        feedback.all("select * from topic_tally order by 1"),
    ) == kept


def test_a_review_that_says_something_else_now_counts_as_it_is(feedback: Feedback, marta: Browser) -> None:
    bring(marta, "id,date,rating,text\n7,2026-03-01,3,The room was dirty\n")
    assert "1 reviews changed" in words(bring(marta, "id,date,rating,text\n7,2026-03-01,9,The room was spotless\n"))
    counted = "select topic, feeling, sum(texts)::int from topic_tally group by 1, 2 having sum(texts) <> 0 order by 1"
    assert feedback.all(counted) == [("", "positive", 1), ("cleanliness", "positive", 1), ("room", "positive", 1)]


def test_nothing_is_kept_until_what_the_file_leaves_open_is_answered(feedback: Feedback, marta: Browser) -> None:
    content = "date,rating,text\n2026-03-01,4,fine\n"
    page = bring(marta, content, source="somewhere")
    assert page.status_code == 422 and 'name="scale" value="5" form="list"' in page.text
    assert feedback.all("select count(*) from review") == [(0,)]
    assert "1 review is new." in words(bring(marta, content, source="somewhere", scale="5"))
    assert feedback.all("select rating_given, rating_scale, rating from review") == [("4", 5, Decimal("8.0"))]


def test_a_guest_is_known_only_by_a_reservation_that_is_one_guests(feedback: Feedback, marta: Browser) -> None:
    for guest in (ANA, BEN):
        feedback.knows(guest)
    columns = {"stay_id": [make_id("stay", n) for n in "abc"], "version": [1] * 3, "property": ["LIS"] * 3,
               "guest_id": [ANA, ANA, BEN], "reservation": ["LIS-1", "LIS-2", "LIS-2"], "status": ["checked_out"] * 3,
               "arrival": [date(2026, 2, 1)] * 3, "departure": [date(2026, 2, 3)] * 3,
               "room_type": [""] * 3}  # fmt: skip
    with feedback.tx() as tx:
        tx.execute(KEEP_STAYS, columns)
    rows = "\n".join(f"{n},2026-03-01,8,Good,{number}" for n, number in enumerate(("LIS-1", "LIS-2", "LIS-9", "lis-1")))
    bring(marta, f"id,date,rating,text,reservation number\n{rows}\n")
    assert feedback.all("select ref, guest_id from review order by ref") == [
        ("0", ANA),
        ("1", None),
        ("2", None),
        ("3", None),
    ]


def test_a_review_of_an_erased_guest_does_not_come_back(feedback: Feedback, marta: Browser) -> None:
    feedback.knows(ANA)
    stay = {"stay_id": [make_id("stay", "a")], "version": [1], "property": ["LIS"], "guest_id": [ANA],
            "reservation": ["LIS-1"], "status": ["checked_out"], "arrival": [date(2026, 2, 1)],
            "departure": [date(2026, 2, 3)], "room_type": [""]}  # fmt: skip
    with feedback.tx() as tx:
        tx.execute(KEEP_STAYS, stay)
    bring(marta, ROWS)
    assert feedback.all("select count(*) from review where guest_id = %s", ANA) == [(1,)]
    story = marta.get(f"/feedback/guests/{ANA}/story").get_json()["entries"]
    assert [entry["kind"] for entry in story] == ["answer"] and "The staff were kind" in story[0]["html"]
    feedback.erased(ANA, 2)
    bring(marta, ROWS)
    bring(marta, ROWS.replace("were kind", "were rude"))
    left = feedback.all("select liked_sealed from review where guest_id = %s", ANA)
    assert left == [(None,)]


def test_a_review_is_no_answer_to_a_survey(feedback: Feedback, marta: Browser) -> None:
    bring(marta, ROWS)
    with feedback.tx() as tx:
        assert answers.voices_since(tx, {"LIS": date(2000, 1, 1)}) == []
    assert feedback.published("survey.answered.v1") == []


def test_what_was_not_liked_is_not_liked_also_where_its_words_are_plain(feedback: Feedback, marta: Browser) -> None:
    bring(marta, "date,rating,liked,disliked\n2026-03-01,7,Breakfast,Bathroom\n")
    counted = feedback.all("select topic, feeling from heard_topic where topic <> '' order by 1")
    assert counted == [("bathroom", "negative"), ("food", "positive")]


def test_somebody_of_one_hotel_brings_reviews_of_no_other(feedback: Feedback, marta: Browser) -> None:
    assert browser(SERVICE.build_web, Config(), feedback.database, DINA).get(PATH).status_code == 403
    page = words(bring(marta, "date,rating,text,hotel\n2026-03-01,8,good,SHA-NOT-MINE\n"))
    assert "1 × no hotel of yours" in page


TOLD = {
    "property": "LIS",
    "source": "booking",
    "reference": "B-1",
    "date": "2026-03-01",
    "rating": "4/5",
    "text": "The room was spotless",
}


def test_programs_send_reviews_one_by_one_and_in_lines(feedback: Feedback) -> None:
    client = browser(SERVICE.build_web, Config(), feedback.database, MARTA).client
    key = program(feedback.database, client, Grant.REVIEWS_WRITE)
    first = key.ask("POST", "/api/reviews", TOLD)
    assert (first.status_code, first.get_json()["outcome"]) == (201, "made")
    again = key.ask("POST", "/api/reviews", TOLD)
    assert (again.status_code, again.get_json()["outcome"]) == (200, "unchanged")
    lines = [
        TOLD,
        {**TOLD, "rating": "5/5"},
        {**TOLD, "reference": "B-2", "rating": "4"},
        {**TOLD, "property": "NOT"},
        "x",
    ]
    outcomes = key.send_lines("/api/reviews/lines", *lines)
    assert [one["outcome"] for one in outcomes] == ["changed", "unchanged", "refused", "refused", "refused"]
    assert "/scale" in outcomes[2]["errors"] and "/property" in outcomes[3]["errors"]
    assert feedback.all("select ref, rating from review") == [("B-1", Decimal("10.0"))]
