"""What may be an objection holds offers and surveys until a person has read it: twice, late, by two, from elsewhere."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.feedback.commands.objections import ReadBefore, decide_objection
from services.feedback.commands.receive_reply import Reply, receive_reply
from services.feedback.config import Config
from services.feedback.rules.replies import TakenAs
from services.feedback.service import SERVICE
from shared.vocabulary.channel import Channel
from shared.vocabulary.optout import OptOutScope
from tests.cast import ADA, ANA, ANTON, BEN, DINA, NOW, WEI, Member
from tests.conftest import MakeDatabase
from tests.feedback.cast import NUMBER, Feedback
from tests.web import Browser, browser, words

MAY_BE = "Who gave you my number?"
HOUR = timedelta(hours=1)


@pytest.fixture
def feedback(make_database: MakeDatabase) -> Feedback:
    feedback = Feedback(make_database("feedback"))
    feedback.property_says(threshold=6)
    feedback.knows(ANA)
    return feedback


def as_(feedback: Feedback, who: Member) -> Browser:
    return browser(SERVICE.build_web, Config(), feedback.database, who)


def reply(feedback: Feedback, text: str = MAY_BE, ref: str = "1", number: str = NUMBER, hours_ago: int = 0) -> UUID:
    found = Reply(ref=ref, channel=Channel.SMS, point=feedback.point("sms", number), text=text)
    with feedback.tx() as tx:
        receive_reply(tx, found, NOW - hours_ago * HOUR)
    return found.reply_id


def decide(feedback: Feedback, reply_id: UUID, *, is_objection: bool) -> None:
    with feedback.tx() as tx:
        scope = OptOutScope.CHANNEL
        decide_objection(tx, reply_id, is_objection=is_objection, scope=scope, by="Dina Duarte", at=NOW)


def told(feedback: Feedback) -> list[tuple[int, bool, str | None]]:
    return [(one["version"], one["unread"], one["scope"]) for one in feedback.published("objection.unread.v1")]


def at_home(feedback: Feedback, who: Member) -> list[dict[str, Any]]:
    found = json.loads(as_(feedback, who).get("/feedback/home").data)
    return [one for one in found["needs"] if "objection" in one["text"]]


def test_it_is_published_once_and_opens_a_case_that_is_due_within_four_hours(feedback: Feedback) -> None:
    reply(feedback)
    reply(feedback)  # the provider delivers its webhook again
    assert told(feedback) == [(1, True, None)]
    assert feedback.published("optout.requested.v1") == []
    ((deadline,),) = feedback.all("select deadline from care_case where closed_at is null")
    assert deadline == NOW + 4 * HOUR


def test_found_to_be_an_objection_it_is_one_and_its_case_is_closed(feedback: Feedback) -> None:
    decide(feedback, reply(feedback), is_objection=True)
    (objection,) = feedback.published("optout.requested.v1")
    assert (objection["scope"], objection["guest_id"]) == ("channel", str(ANA))
    assert told(feedback)[-1] == (2, False, "channel")
    assert len(feedback.published("case.closed.v1")) == 1


def test_found_to_be_ordinary_it_ends_nothing_but_the_hold(feedback: Feedback) -> None:
    decide(feedback, reply(feedback), is_objection=False)
    assert feedback.published("optout.requested.v1") == []
    assert told(feedback)[-1] == (2, False, None)


def test_of_two_people_who_decide_at_once_one_does(feedback: Feedback) -> None:
    reply_id = reply(feedback)
    decide(feedback, reply_id, is_objection=False)
    with pytest.raises(ReadBefore):
        decide(feedback, reply_id, is_objection=True)
    assert feedback.published("optout.requested.v1") == []


def test_closing_the_case_ends_no_hold(feedback: Feedback) -> None:
    reply_id = reply(feedback)
    ((case_id, version),) = feedback.all("select case_id, version from care_case")
    as_(feedback, DINA).post(
        f"/feedback/cases/{case_id}/closure", {"version": str(version), "outcome": "nothing_to_do"}
    )
    assert told(feedback) == [(1, True, None)]
    decide(feedback, reply_id, is_objection=False)
    assert told(feedback)[-1][1] is False


def test_of_an_erased_guest_it_counts_as_an_objection(feedback: Feedback) -> None:
    reply(feedback)
    feedback.erased(ANA, 2)
    assert [one["scope"] for one in feedback.published("optout.requested.v1")] == ["channel"]
    assert told(feedback)[-1] == (2, False, "channel")


def test_one_from_an_unknown_number_waits_as_well(feedback: Feedback) -> None:
    reply(feedback, number="+351910000999")
    (one,) = feedback.published("objection.unread.v1")
    assert one["guest_id"] is None
    assert MAY_BE in words(as_(feedback, ADA).get("/feedback/replies?view=unread"))


def test_home_says_so_at_once_and_urgently_after_four_hours(feedback: Feedback) -> None:
    reply(feedback)
    (need,) = at_home(feedback, DINA)
    assert (need["tone"], need["url"]) == ("look", "/feedback/replies?view=unread")
    reply(feedback, "I never signed up", ref="2", hours_ago=5)
    (need,) = at_home(feedback, DINA)
    assert need["tone"] == "bad"
    assert "more than 4 hours" in need["text"]
    assert at_home(feedback, WEI) == []


def test_a_person_reads_the_whole_text_and_decides_on_the_page(feedback: Feedback) -> None:
    reply_id = reply(feedback)
    dina = as_(feedback, DINA)
    page = words(dina.get("/feedback/replies?view=unread"))
    assert MAY_BE in page and "Is this an objection?" in page
    dina.post(f"/feedback/replies/{reply_id}/objection", {"verdict": "objection"})
    assert len(feedback.published("optout.requested.v1")) == 1
    assert MAY_BE not in words(dina.get("/feedback/replies?view=unread"))
    assert dina.post(f"/feedback/replies/{reply_id}/objection", {"verdict": "ordinary"}).status_code == 409


def test_another_hotel_neither_reads_nor_decides(feedback: Feedback) -> None:
    reply_id = reply(feedback)
    wei = as_(feedback, WEI)
    assert MAY_BE not in words(wei.get("/feedback/replies?view=unread"))
    assert wei.post(f"/feedback/replies/{reply_id}/objection", {"verdict": "ordinary"}).status_code == 404
    assert told(feedback) == [(1, True, None)]


def test_who_may_not_look_after_guests_decides_nothing(feedback: Feedback) -> None:
    reply_id = reply(feedback)
    anton = as_(feedback, ANTON)
    assert "Is this an objection?" not in words(anton.get("/feedback/replies?view=unread"))
    assert anton.post(f"/feedback/replies/{reply_id}/objection", {"verdict": "ordinary"}).status_code == 403


def test_start_comes_back_with_the_words_as_proof(feedback: Feedback) -> None:
    reply(feedback, "STOP")
    reply(feedback, "Start please", ref="2")
    (back,) = feedback.published("optin.requested.v1")
    assert (back["words"], back["channel"]) == ("Start", "sms")


def test_yes_comes_back_only_who_had_stopped(feedback: Feedback) -> None:
    reply(feedback, "yes")
    assert feedback.published("optin.requested.v1") == []
    reply(feedback, "STOP", ref="2")
    reply(feedback, "yes", ref="3")
    assert len(feedback.published("optin.requested.v1")) == 1


def test_of_two_guests_on_one_number_somebody_looks_after_the_first(feedback: Feedback) -> None:
    feedback.knows(BEN)
    reply(feedback)
    assert len(feedback.published("case.opened.v1")) == 1


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Liked “See you soon”", TakenAs.REACTION),
        ("Automatic reply: out of office", TakenAs.AUTO_REPLY),
        ("👍", TakenAs.SIGNS),
        ("x" * 2000, TakenAs.WORDS),
    ],
)
def test_what_nobody_understands_is_kept_and_countable(feedback: Feedback, text: str, what: TakenAs) -> None:
    reply(feedback, text)
    assert feedback.all("select taken_as, count(*) from reply group by 1") == [(what, 1)]
    assert feedback.published("case.opened.v1") == []
