"""A stranger's conversation as people see it: they are answered, looked for among the guests, and recognised."""

from __future__ import annotations

from typing import Any

import pytest

from services.feedback.config import Config
from services.feedback.service import SERVICE
from tests.cast import ADA, ANA, ANTON, BEN, DINA, WEI, Member
from tests.conftest import MakeDatabase
from tests.feedback.cast import NUMBER, STAY, Feedback
from tests.feedback.test_pages_inbox import hidden, writes
from tests.web import Browser, browser, words

THEIRS = "+351910000999"
CHINESE = {"Accept-Language": "zh-CN"}
A_STAY = """
    insert into stay_known (stay_id, version, property, guest_id, reservation, status, arrival, departure)
    values (%s, 1, 'LIS', %s, 'LIS-1', 'checked_out', '2016-02-01', '2016-02-04')
"""


@pytest.fixture
def feedback(make_database: MakeDatabase) -> Feedback:
    feedback = Feedback(make_database("feedback"))
    feedback.property_says(threshold=6)
    feedback.knows(ANA)
    writes(feedback, "Is there a pool?", number=THEIRS, sender=THEIRS)
    return feedback


def as_(feedback: Feedback, who: Member) -> Browser:
    return browser(SERVICE.build_web, Config(), feedback.database, who)


def path(feedback: Feedback, verb: str = "") -> str:
    thread_id = feedback.one("select thread_id from thread where guest_id is null")
    return f"/feedback/inbox/{thread_id}{verb}"


def test_a_stranger_is_answered_from_the_page(feedback: Feedback) -> None:
    hers = as_(feedback, ADA)
    page = hers.get(path(feedback))
    assert "No guest is known by this address or number." in words(page)
    values = {"answer": hidden(page, "answer"), "seen": hidden(page, "seen"), "channel": "sms", "words": "On the roof."}
    for _ in range(2):
        hers.post(path(feedback, "/answers"), values)
    assert len(feedback.published("reply.answered.v1")) == 1
    text = words(hers.get(path(feedback)))
    assert "On the roof." in text and "planned" in text and THEIRS not in text


def test_who_wrote_before_numbers_were_kept_cannot_be_answered_yet(feedback: Feedback) -> None:
    with feedback.tx() as tx:
        tx.execute("update reply set address_sealed = null")
    page = as_(feedback, ADA).get(path(feedback))
    assert "Once they write again they can be answered here." in words(page)
    assert "f-words" not in page.get_data(as_text=True)


@pytest.mark.parametrize("sought", ["sil", "ana s", "LIS-1", NUMBER, "ana@example.com"])
def test_a_guest_is_looked_for_and_recognised_with_a_trace(feedback: Feedback, sought: str) -> None:
    with feedback.tx() as tx:
        tx.execute(A_STAY, [STAY, ANA])
    hers = as_(feedback, ADA)
    page = hers.get(path(feedback), query_string={"who": sought})
    assert "This is Ana Silva" in words(page) and "Lisbon · Feb 1, 2016 – Feb 4, 2016" in words(page)
    there = path(feedback)
    done = hers.post(f"{there}/guest", {"version": hidden(page, "version"), "guest": str(ANA)})
    assert "What they wrote stands with Ana Silva now." in words(done) and "Is there a pool?" in words(done)
    assert feedback.all("select guest_id from thread") == [(ANA,)]
    (traced,) = [one for one in feedback.published("audit.recorded.v1") if one["action"] == "thread.recognised"]
    assert traced["subject"] == f"guest {ANA}"
    assert hers.get(there).status_code == 404


def test_who_is_not_that_guest_is_a_stranger_again_with_a_trace(feedback: Feedback) -> None:
    hers = as_(feedback, ADA)
    page = hers.get(path(feedback), query_string={"who": "sil"})
    there = path(feedback)
    hers.post(f"{there}/guest", {"version": hidden(page, "version"), "guest": str(ANA)})
    thread = feedback.one("select thread_id from thread")
    recognition = feedback.one("select recognition_id from recognition")
    undo = f"/feedback/inbox/{thread}/recognitions/{recognition}/taking-back"
    assert undo in hers.get(f"/feedback/inbox/{thread}").get_data(as_text=True)
    assert as_(feedback, ANTON).post(undo).status_code == 403
    done = words(hers.post(undo))
    assert "a conversation of its own again" in done and "Who is this?" in done and "Is there a pool?" in done
    assert feedback.published("audit.recorded.v1")[-2]["action"] == "thread.recognition_taken_back"
    assert hers.post(undo).status_code == 404


def test_guests_who_share_the_number_stand_there_to_choose_from(feedback: Feedback) -> None:
    feedback.knows(BEN, number=NUMBER, address="ben@example.com")
    feedback.knows(ANA, 2)
    writes(feedback, "And breakfast?", number=NUMBER, sender=NUMBER)
    shared = feedback.one("select thread_id from thread where point = %s", feedback.point("sms", NUMBER))
    text = words(as_(feedback, ADA).get(f"/feedback/inbox/{shared}"))
    assert text.count("This is Ana Silva") == 2  # both are called so in this cast
    assert "share the address or number" in text


def test_nobody_is_recognised_whom_a_person_does_not_see(feedback: Feedback) -> None:
    with feedback.tx() as tx:
        tx.execute("update thread set hotels = '{SHA}'")
    hers = as_(feedback, WEI)
    page = hers.get(path(feedback), query_string={"who": "silva"})
    assert "Nobody is found." in words(page)
    refused = hers.post(path(feedback, "/guest"), {"version": hidden(page, "version"), "guest": str(ANA)})
    assert refused.status_code == 404
    assert feedback.all("select guest_id from thread") == [(None,)]


def test_who_does_not_care_for_guests_sees_no_form(feedback: Feedback) -> None:
    with feedback.tx() as tx:
        tx.execute("update thread set hotels = '{LIS}'")
    page = as_(feedback, ANTON).get(path(feedback))
    assert "Who is this?" not in words(page)
    refused: Any = as_(feedback, ANTON).post(path(feedback, "/guest"), {"version": "1", "guest": str(ANA)})
    assert refused.status_code == 403


def test_the_page_speaks_chinese(feedback: Feedback) -> None:
    page = words(as_(feedback, DINA).get("/feedback/inbox", headers=CHINESE))
    assert "Guest, reservation" not in page
    text = words(as_(feedback, ADA).get(path(feedback), query_string={"who": "sil"}, headers=CHINESE))
    assert "这是谁" in text and "Who is this" not in text
