"""What guests answered, opened and were sent counts in rules; and who is among the top is counted anew every night."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest

from services.segments.clock import Snapshots
from services.segments.commands.duplicates.merge import merge_guests
from services.segments.commands.evaluation.full_evaluation import evaluate_all
from services.segments.commands.evaluation.sweep import sweep
from services.segments.commands.segments.lifecycle import save_segment, use_segment
from services.segments.config import Config
from services.segments.consumer import SUBSCRIPTIONS
from services.segments.service import SERVICE
from services.segments.store.evaluation.memberships import members_of
from shared.database.pool import Database
from shared.events import chunk_of
from shared.events.campaigns import JourneyEntered, JourneyLaunched
from shared.events.feedback import AnswerUnderstood, CaseClosed, CaseOpened, SurveyAnswered
from shared.events.messaging import MessageClicked, MessageSent
from shared.ids import make_id
from shared.vocabulary.case import CaseKind
from shared.vocabulary.channel import Channel
from tests.cast import MARTA
from tests.harness import ServiceHarness
from tests.segments.audience_people import Person, Stayed, enter, move, said
from tests.web import browser, words

BEFORE = datetime(2016, 1, 1, tzinfo=UTC)
EVENING = datetime(2016, 3, 1, 23, 30, tzinfo=UTC)  # the second in Shanghai already
EMAIL = {"channel": "email"}
RULES: dict[str, dict[str, Any]] = {
    "answered": {"fact": "last_answer", "op": "at_most", "value": 30},
    "unhappy": {"fact": "last_score", "op": "at_most", "value": 6},
    "hungry": {"fact": "last_criticised", "op": "has", "value": "food"},
    "served-well": {"fact": "last_praised", "op": "has_any", "value": ["staff", "room"]},
    "complaining": {"fact": "open_cases", "op": "has", "value": "complaint"},
    "any-case": {"fact": "open_cases", "op": "known", "value": True},
    "consoled": {"fact": "last_case_closed", "op": "at_most", "value": 14},
    "clicked": {"fact": "last_clicked", "op": "at_most", "value": 30, "where": EMAIL},
    "written": {"fact": "last_written", "op": "at_most", "value": 7, "where": EMAIL},
    "called": {"fact": "journeys_entered", "op": "has", "value": "birthday"},
    "called-to-this": {
        "fact": "journey_entered",
        "op": "at_most",
        "value": 14,
        "where": {"journey": "birthday"},
    },
    "called-to-another": {"fact": "journey_entered", "op": "known", "value": True, "where": {"journey": "win-back"}},
    "called-lately": {"fact": "last_entered", "op": "at_most", "value": 14},
    "wooed": {"fact": "journeys", "op": "has", "value": "win-back"},
}


class Segments(ServiceHarness):
    subscriptions = SUBSCRIPTIONS

    def told(self, *subjects: Any) -> None:
        for subject in subjects:
            self.hear_at(EVENING, chunk_of([subject]))

    def inside(self) -> set[str]:
        with self.database.transaction() as tx:
            return {key for key in RULES if members_of(tx, key)}


@pytest.fixture
def segments(database: Database) -> Segments:
    with database.transaction() as tx:
        for key, rule in RULES.items():
            save_segment(tx, key, key, rule, BEFORE)
            use_segment(tx, key, BEFORE)
        enter(tx, [Person("ana", zone="Asia/Shanghai"), Person("rui")])
        move(tx, ["ana", "rui"], BEFORE)
    return Segments(database)


def answer(version: int, score: int, *, void: bool = False, what: str = "one", who: str = "ana") -> SurveyAnswered:
    return SurveyAnswered(
        answer_id=make_id("answer", what), version=version, guest_id=make_id("guest", who), stay_id=None,
        property="LIS", score=score, comment=None, channel=Channel.EMAIL, answered_at=EVENING, void=void,
    )  # fmt: skip


def understood(version: int, what: str = "one", who: str = "ana", **topics: str) -> AnswerUnderstood:
    return AnswerUnderstood(
        answer_id=make_id("answer", what), version=version, guest_id=make_id("guest", who), property="LIS",
        topics=topics, understood_at=EVENING,
    )  # fmt: skip


def case(kind: type[CaseOpened | CaseClosed], version: int) -> CaseOpened | CaseClosed:
    return kind(
        case_id=make_id("case", "one"), version=version, guest_id=make_id("guest", "ana"), stay_id=None,
        property="LIS", kind=CaseKind.COMPLAINT, level=1, open=kind is CaseOpened, occurred_at=EVENING,
    )  # fmt: skip


def message(version: int, state: str) -> MessageSent:
    return MessageSent(
        message_id=make_id("message", "one"), version=version, guest_id=make_id("guest", "ana"), journey="win-back",
        journey_version=1, step="send", occurrence="x", purpose="marketing", property="LIS", stay_id=None,
        channel="email", state=state, reason=None, held_until=None, occurred_at=EVENING,
    )  # fmt: skip


def entered(version: int, at: datetime = EVENING, who: str = "ana") -> JourneyEntered:
    return JourneyEntered(
        enrolment_id=make_id("enrolment", who), version=version, guest_id=make_id("guest", who), stay_id=None,
        property=None, journey="birthday", entered_at=at,
    )  # fmt: skip


def click() -> MessageClicked:
    return MessageClicked(
        message_id=make_id("message", "one"), link=1, version=1, guest_id=make_id("guest", "ana"), journey="win-back",
        journey_version=1, step="send", occurrence="x", purpose="marketing", property="LIS", stay_id=None,
        channel="email", target="https://example.com", occurred_at=EVENING,
    )  # fmt: skip


@pytest.mark.parametrize("order", [*permutations(range(3))])
def test_the_newest_version_of_an_answer_counts_in_any_order_and_however_often(
    segments: Segments, order: tuple[int, ...]
) -> None:
    versions = [answer(1, 9), answer(2, 10), answer(3, 4)]
    segments.told(*(versions[place] for place in (*order, *order)))
    assert segments.inside() == {"answered", "unhappy"}
    assert segments.one("select last_answer_on from guest_facts where answers = 1") == date(2016, 3, 2)


def test_an_answer_that_is_taken_back_counts_for_nothing(segments: Segments) -> None:
    segments.told(answer(1, 4))
    assert segments.inside() == {"answered", "unhappy"}
    segments.told(answer(2, 4, void=True))
    assert segments.inside() == set()


@pytest.mark.parametrize("order", [*permutations(range(2))])
def test_who_entered_a_journey_is_known_in_any_order_and_however_often(
    segments: Segments, order: tuple[int, ...]
) -> None:
    versions = [entered(1, EVENING - timedelta(days=30)), entered(2)]
    segments.told(*(versions[place] for place in (*order, *order)), entered(1, who="nobody"))
    assert segments.inside() == {"called", "called-lately", "called-to-this"}
    query = "select journeys_entered, last_entered_on from guest_facts where last_entered_on is not null"
    assert segments.all(query) == [(["birthday"], date(2016, 3, 2))]


def test_time_and_a_merge_move_who_entered_one_journey(segments: Segments) -> None:
    """Rui entered, was then found to be Ana, and two weeks later neither entered it lately."""
    segments.told(entered(1, who="rui"))
    with segments.database.transaction() as tx:
        merge_guests(tx, make_id("guest", "rui"), make_id("guest", "ana"), "Filipa", EVENING)
    assert segments.all("select guest_id, entered_days from guest_facts where entered_days is not null") == [
        (make_id("guest", "ana"), {"birthday": "2016-03-01"})
    ]
    inside = []
    for days in (13, 14, 15, 16):
        with segments.database.transaction() as tx:
            sweep(tx, EVENING + timedelta(days=days))
        inside.append("called-to-this" in segments.inside())
    assert inside == [True, False, False, False]


def test_the_form_asks_which_journey_and_says_it_by_name(segments: Segments) -> None:
    name = "A week before"
    segments.told(
        JourneyLaunched(journey="birthday", version=1, segments=[], launched_at=EVENING, by="Marta", name=name)
    )
    marta = browser(SERVICE.build_web, Config(), segments.database, MARTA)
    marta.get("/segments/segments/new")
    fact = "journey_entered"
    asked = {
        "r:group": "all",
        "r.0:fact": fact,
        "r.0:was": fact,
        "r.0:op": "at_most",
        "r.0:value": "5",
        "version": "0",
    }
    page = marta.post("/segments/segments/draft", asked)
    assert '<option value="birthday">A week before</option>' in page.text
    saved = marta.post("/segments/segments", {**asked, "name": "Lately"})
    assert saved.status_code == 422 and "Choose a journey." in words(saved)
    said = words(marta.post("/segments/segments/draft", {**asked, "r.0:journey": "birthday"}))
    assert "who last entered the journey «A week before» at most 5 days ago" in said


@pytest.mark.parametrize("order", [*permutations(range(3))])
def test_what_the_last_answer_speaks_of_counts_in_any_order(segments: Segments, order: tuple[int, ...]) -> None:
    happened = [answer(1, 9), understood(1, food="negative", bed="neutral"), understood(2, staff="positive")]
    segments.told(*(happened[place] for place in (*order, *order)))
    assert segments.inside() == {"answered", "served-well"}
    segments.told(understood(3))
    assert segments.inside() == {"answered"}


def test_words_of_an_answer_before_the_last_do_not_count(segments: Segments) -> None:
    segments.told(understood(1, food="negative"), answer(1, 9))
    later = replace(answer(1, 9, what="two"), answered_at=EVENING + timedelta(hours=1))
    assert segments.inside() == {"answered", "hungry"}
    segments.told(later)
    assert segments.inside() == {"answered"}


def test_a_case_is_open_until_it_is_closed_and_late_news_of_it_changes_nothing(segments: Segments) -> None:
    segments.told(case(CaseOpened, 1))
    assert segments.inside() == {"complaining", "any-case"}
    segments.told(case(CaseClosed, 2), case(CaseOpened, 1), case(CaseClosed, 2))
    assert segments.inside() == {"consoled"}


def test_a_message_counts_from_when_it_was_sent_and_a_click_may_come_before_it(segments: Segments) -> None:
    segments.told(click())
    assert segments.inside() == {"clicked"}
    segments.told(message(1, "held"))
    assert segments.inside() == {"clicked"}
    segments.told(message(2, "sent"), message(1, "held"), click())
    assert segments.inside() == {"clicked", "written", "wooed"}
    with segments.database.transaction() as tx:
        told = [(one["segment"], one["because"].get("what")) for one in said(tx) if not one["initial"]]
    assert told == [("clicked", "guest.changed"), ("written", "message.sent"), ("wooed", "message.sent")]


def test_an_answer_of_a_merged_guest_counts_for_whom_they_became(segments: Segments) -> None:
    with segments.database.transaction() as tx:
        enter(tx, [Person("anna")])
        tx.execute(
            "update guest set merged_into = %s where id = %s", [make_id("guest", "ana"), make_id("guest", "anna")]
        )
    segments.told(answer(1, 3, who="anna"))
    assert segments.inside() == {"answered", "unhappy"}


def test_who_is_among_the_top_is_known_at_once_and_counted_anew_every_night(database: Database) -> None:
    people = [Person(f"guest {number:03}") for number in range(100)]
    stays = [
        Stayed(one.name, f"R{place}", date(2016, 1, 10), revenue=Decimal(100 + place))
        for place, one in enumerate(people)
    ]
    rule = {"fact": "spend_top", "op": "at_most", "value": 20}
    with database.transaction() as tx:
        enter(tx, people, stays)
        move(tx, [one.name for one in people], BEFORE)
        save_segment(tx, "top", "Top", rule, BEFORE)
    evaluate_all(database, BEFORE)
    with database.transaction() as tx:
        top = members_of(tx, "top")
        assert set(top) == {one.id for one in people[80:]}
        use_segment(tx, "top", BEFORE)
        enter(tx, [], [Stayed("guest 000", "R-great", date(2016, 1, 12), revenue=Decimal(900))])
        move(tx, ["guest 000"], BEFORE)
        assert len(members_of(tx, "top")) == 21, "until they are counted anew"
    due = Snapshots(database).next_due()
    assert due == datetime(2016, 1, 2, 2, tzinfo=UTC)
    Snapshots(database).step(due)
    with database.transaction() as tx:
        assert set(members_of(tx, "top")) == {people[0].id, *(one.id for one in people[81:])}
    assert Snapshots(database).next_due() == due + timedelta(days=1)
    marta = browser(SERVICE.build_web, Config(), database, MARTA)
    assert "Last counted as of Jan 2, 2016." in words(marta.get("/segments/segments/top"))
    told = words(marta.get(f"/segments/segments/top/why/{people[99].id}"))
    assert "2 per cent, as of Jan 2, 2016" in told


def test_where_all_are_equal_nobody_is_among_the_top(database: Database) -> None:
    people = [Person(f"guest {number}") for number in range(10)]
    with database.transaction() as tx:
        enter(tx, people, [Stayed(one.name, one.name, date(2016, 1, 10)) for one in people])
        move(tx, [one.name for one in people], BEFORE)
        save_segment(tx, "top", "Top", {"fact": "stays_top", "op": "at_most", "value": 50}, BEFORE)
        save_segment(tx, "all", "All", {"fact": "stays_top", "op": "at_most", "value": 100}, BEFORE)
    evaluate_all(database, BEFORE)
    with database.transaction() as tx:
        assert (len(members_of(tx, "top")), len(members_of(tx, "all"))) == (0, 10)
