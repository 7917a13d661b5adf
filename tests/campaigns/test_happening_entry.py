"""Journeys entered by what happens to a guest: an answer, a click, an offer used, a case opened or closed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from services.campaigns.commands.launch import launch
from services.campaigns.commands.publish import publish
from services.campaigns.schemas import overridden
from services.campaigns.shipped import shipped
from shared.errors import InputError
from shared.events import Chunk, chunk_of
from shared.events.feedback import AnswerUnderstood, CaseClosed, CaseOpened, SurveyAnswered
from shared.events.messaging import MessageClicked, OfferRedeemed
from shared.ids import make_id
from shared.vocabulary.case import CaseKind, Contentment
from shared.vocabulary.channel import Channel
from shared.vocabulary.offer import RedeemedBy
from tests.campaigns.cast import Campaigns, instant
from tests.campaigns.test_pages_editor import AT, begin, fill, marta
from tests.campaigns.test_results import BUND
from tests.cast import ANA, BEN
from tests.conftest import MakeDatabase
from tests.harness import off_the_wire
from tests.web import words

LAUNCH, THEN = "2016-03-01 08:00", "2016-03-02 10:00"
Entry = dict[str, Any]


def campaigns(make_database: MakeDatabase, entry: Entry) -> Campaigns:
    database = make_database("campaigns")
    with database.transaction() as tx:
        publish(tx, _journey(entry), instant(LAUNCH), "M")
        launch(tx, "welcome", at=instant(LAUNCH), by="Marta", entries_from=None)
    return Campaigns(database)


def _journey(entry: Entry) -> Any:
    return overridden(shipped("welcome"), {"entry": entry, "re_entry": "each_occurrence"})


def wired(one: Any, **more: Any) -> Chunk:
    return off_the_wire(chunk_of([one], **more))


def answer(score: int = 9, version: int = 1, *, at: str = THEN, **more: Any) -> SurveyAnswered:
    said = {"guest_id": ANA, "stay_id": None, "property": "LIS", "comment": None, "channel": Channel.EMAIL, **more}
    id_ = make_id("answer", "one")
    return SurveyAnswered(answer_id=id_, version=version, score=score, answered_at=instant(at), **said)


def understood(version: int = 1, *, answered: str = THEN, score: int = 9, **topics: str) -> AnswerUnderstood:
    return AnswerUnderstood(
        answer_id=make_id("answer", "one"),
        version=version,
        guest_id=ANA,
        property="LIS",
        topics=topics,
        understood_at=instant("2016-03-02 10:05"),
        score=score,
        answered_at=instant(answered),
    )


def case(kind: type[CaseOpened | CaseClosed], of: CaseKind = CaseKind.COMPLAINT, **more: Any) -> Any:
    said = {"guest_id": ANA, "stay_id": None, "property": "LIS", "level": 1, "open": kind is CaseOpened, **more}
    return kind(case_id=make_id("case", "one"), version=1, kind=of, occurred_at=instant(THEN), **said)


def click(link: int = 1, journey: str = "birthday") -> MessageClicked:
    return MessageClicked(
        message_id=make_id("message", "one"),
        link=link,
        version=1,
        guest_id=ANA,
        journey=journey,
        journey_version=1,
        step="send",
        occurrence="birthday:2016",
        purpose="marketing",
        property=None,
        stay_id=None,
        channel="email",
        target="https://example.com",
        occurred_at=instant(THEN),
    )


def redeemed(offer: str = "winter", guest: Any = ANA) -> OfferRedeemed:
    return OfferRedeemed(
        redemption_id=make_id("redemption", "one"),
        version=1,
        offer=offer,
        guest_id=guest,
        stay_id=None,
        property="LIS",
        amount=None,
        currency=None,
        redeemed_on=date(2016, 3, 2),
        source=RedeemedBy.DESK,
        occurred_at=instant(THEN),
    )


def entered(house: Campaigns) -> list[tuple[Any, ...]]:
    return house.all("select guest_id, occurrence, property from enrolment order by occurrence")


@pytest.mark.parametrize(
    ("entry", "what", "occurrence"),
    [
        ({"happening": "survey.answered"}, answer, "survey.answered:answer"),
        ({"happening": "answer.understood"}, lambda: understood(food="negative"), "answer.understood:answer"),
        ({"happening": "case.opened"}, lambda: case(CaseOpened), "case.opened:case"),
        ({"happening": "case.closed"}, lambda: case(CaseClosed), "case.closed:case"),
        ({"happening": "message.clicked"}, click, "message.clicked:message"),
        ({"happening": "offer.redeemed"}, redeemed, "offer.redeemed:redemption"),
    ],
)
def test_whom_it_happens_to_enters_once_however_often_it_is_told(
    make_database: MakeDatabase, entry: Entry, what: Callable[[], Any], occurrence: str
) -> None:
    house = campaigns(make_database, entry)
    house.hear_at(instant("2016-03-02 11:00"), wired(what(), republished=True))
    assert entered(house) == [], "what is told once more of old lets nobody in"
    for _ in range(2):
        house.hear_at(instant("2016-03-02 11:00"), wired(what()))
    event, _, kind = occurrence.partition(":")
    hotel = None if event == "message.clicked" else "LIS"
    assert entered(house) == [(ANA, f"happening:{event}:{make_id(kind, 'one')}", hotel)]


@pytest.mark.parametrize(
    ("entry", "what", "enters"),
    [
        ({"happening": "survey.answered", "score_from": 9}, answer(9), True),
        ({"happening": "survey.answered", "score_to": 6}, answer(9), False),
        ({"happening": "survey.answered", "score_from": 7, "score_to": 8}, answer(8), True),
        ({"happening": "survey.answered", "hotel": "SHA"}, answer(), False),
        ({"happening": "survey.answered"}, answer(at="2016-02-28 10:00"), False),  # before the launch
        ({"happening": "survey.answered"}, answer(void=True), False),
        ({"happening": "answer.understood", "topic": "food"}, understood(food="neutral"), True),
        ({"happening": "answer.understood", "topic": "food"}, understood(staff="positive"), False),
        ({"happening": "answer.understood"}, understood(), False),  # taken back, or of nothing we know
        ({"happening": "answer.understood", "topic": "food", "feeling": "negative"}, understood(food="negative"), True),
        (
            {"happening": "answer.understood", "topic": "food", "feeling": "negative"},
            understood(food="positive", staff="negative"),
            False,
        ),
        ({"happening": "answer.understood", "feeling": "negative"}, understood(staff="negative"), True),
        ({"happening": "answer.understood", "feeling": "positive", "score_to": 6}, understood(staff="positive"), False),
        ({"happening": "answer.understood", "topic": "food", "hotel": "SHA"}, understood(food="positive"), False),
        # Corrected today, of an answer from before the launch:
        ({"happening": "answer.understood"}, understood(answered="2016-02-28 10:00", food="negative"), False),
        ({"happening": "case.opened", "case": "complaint"}, case(CaseOpened, CaseKind.FOLLOW_UP), False),
        ({"happening": "case.opened", "case": "complaint"}, case(CaseOpened), True),
        ({"happening": "case.opened"}, case(CaseClosed), False),
        ({"happening": "case.closed", "content": "yes"}, case(CaseClosed, content=Contentment.YES), True),
        ({"happening": "case.closed", "content": "yes"}, case(CaseClosed, content=Contentment.NO), False),
        ({"happening": "case.closed"}, case(CaseClosed, merged_into=make_id("case", "two")), False),
        ({"happening": "message.clicked", "of": "birthday"}, click(), True),
        ({"happening": "message.clicked", "of": "birthday"}, click(journey="win-back"), False),
        ({"happening": "message.clicked"}, click(journey="welcome"), False),  # of its own messages
        ({"happening": "offer.redeemed", "offer": "winter"}, redeemed(), True),
        ({"happening": "offer.redeemed", "offer": "summer"}, redeemed(), False),
        ({"happening": "offer.redeemed"}, redeemed(guest=None), False),
    ],
)
def test_by_what_was_asked_of_it(make_database: MakeDatabase, entry: Entry, what: Any, enters: bool) -> None:
    house = campaigns(make_database, entry)
    house.hear_at(instant("2016-03-02 11:00"), wired(what))
    assert bool(entered(house)) == enters


def test_of_an_answer_that_was_corrected_the_newest_counts_in_any_order(make_database: MakeDatabase) -> None:
    house = campaigns(make_database, {"happening": "survey.answered", "score_from": 9})
    for one in (answer(3, version=2), answer(9, version=1)):
        house.hear_at(instant("2016-03-02 11:00"), wired(one))
    assert entered(house) == []
    house.hear_at(instant("2016-03-02 11:00"), wired(answer(10, version=3)))
    assert len(entered(house)) == 1


def test_what_an_answer_speaks_of_counts_as_it_was_corrected_last_in_any_order(make_database: MakeDatabase) -> None:
    house = campaigns(make_database, {"happening": "answer.understood", "topic": "food", "feeling": "negative"})
    for one in (understood(2, food="positive"), understood(1, food="negative")):
        house.hear_at(instant("2016-03-02 11:00"), wired(one))
    assert entered(house) == []
    house.hear_at(instant("2016-03-02 11:00"), off_the_wire(chunk_of([understood(3), understood(4, food="negative")])))
    assert len(entered(house)) == 1


def test_two_links_of_a_message_let_in_once(make_database: MakeDatabase) -> None:
    house = campaigns(make_database, {"happening": "message.clicked"})
    house.hear_at(instant("2016-03-02 11:00"), off_the_wire(chunk_of([click(1), click(2)])))
    assert len(entered(house)) == 1


def test_the_clock_is_the_guests_or_else_the_hotels(make_database: MakeDatabase) -> None:
    house = campaigns(make_database, {"happening": "survey.answered"})
    house.hear_at(instant(LAUNCH), wired(BUND))
    house.hear_at(instant("2016-03-02 11:00"), wired(answer(guest_id=BEN, property="SHA")))
    assert house.all("select zone from enrolment") == [("Asia/Shanghai",)]


@pytest.mark.parametrize(
    "entry",
    [
        {"happening": "survey"},
        {"happening": "survey.answered", "case": "complaint"},
        {"happening": "survey.answered", "score_from": 8, "score_to": 7},
        {"happening": "case.opened", "content": "yes"},
        {"happening": "case.closed", "content": "unknown"},
        {"happening": "survey.answered", "topic": "food"},
        {"happening": "answer.understood", "topic": "weather"},
        {"happening": "answer.understood", "feeling": "neutral"},
        {"happening": "message.clicked", "hotel": "LIS"},
        {"happening": "tier.changed", "hotel": "LIS"},
        {"happening": "offer.redeemed", "offer": "Winter 1"},
        {"happening": "survey.answered", "stay": "booked"},
        {"score_from": 3},
    ],
)
def test_an_entry_that_cannot_be_is_refused(entry: Entry) -> None:
    with pytest.raises(InputError):
        overridden(shipped("welcome"), {"entry": entry})


def test_the_editor_asks_what_belongs_to_it_and_says_it_in_both_languages(make_database: MakeDatabase) -> None:
    database = make_database("campaigns")
    person = marta(database)
    begin(person, "thanks", "Thanks")
    fill(person, "thanks", [("entry", {"kind": "happening"})])
    page = person.get(f"{AT}/thanks/edit?open=entry")
    assert "When a guest answers a survey" in words(page) and 'name="score_from"' in page.text
    answered = {"kind": "happening", "happening": "survey.answered", "score_from": "9", "hotel": "LIS"}
    fill(person, "thanks", [("entry", answered)])
    assert "When a guest answers a survey with 9 to 10 of 10, at LIS" in words(person.get(f"{AT}/thanks/edit"))
    fill(person, "thanks", [("entry", {**answered, "score_from": "many"})])
    assert "A score is a whole number from 0 to 10" in words(person.get(f"{AT}/thanks/edit"))
    spoken = {**answered, "happening": "answer.understood", "score_from": "", "topic": "food", "feeling": "negative"}
    fill(person, "thanks", [("entry", spoken)])
    page = person.get(f"{AT}/thanks/edit?open=entry")
    assert "When a guest criticises in an answer: breakfast and food, at LIS" in words(page)
    assert 'name="topic"' in page.text and 'name="score_to"' in page.text
    chinese = person.get(f"{AT}/thanks/edit?open=entry", headers={"Accept-Language": "zh-CN"})
    assert "当宾客在答卷中批评：早餐与餐饮（LIS）" in words(chinese)
    fill(person, "thanks", [("entry", {**spoken, "topic": "", "feeling": "", "score_to": "6"})])
    said = "When a guest speaks in an answer of: something, with a score of 0 to 6, at LIS"
    assert said in words(person.get(f"{AT}/thanks/edit"))
    closed = {"kind": "happening", "happening": "case.closed", "case": "complaint", "content": "yes", "score_from": "9"}
    fill(person, "thanks", [("entry", closed)])  # with what the form had before
    page = person.get(f"{AT}/thanks/edit?open=entry")
    said = "When a case is closed: Complaint, and the guest is content with how it ended"
    assert said in words(page) and 'name="score_from"' not in page.text
    chinese = person.get(f"{AT}/thanks/edit?open=entry", headers={"Accept-Language": "zh-CN"})
    assert "当工单被关闭：投诉，并且宾客对处理结果满意" in words(chinese)
