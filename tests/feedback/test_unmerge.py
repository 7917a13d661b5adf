"""A merge taken back: answers, replies and cases are whose stay or contact point they are about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest

from services.feedback.commands.answer_survey import answer_survey
from services.feedback.commands.cases import Opening, open_case
from shared.events import chunk_of
from shared.events.segments.guests import GuestMerged, GuestUnmerged
from shared.vocabulary.case import CaseReason
from shared.vocabulary.channel import Channel
from tests.cast import ANA, BEN, CARLA
from tests.conftest import MakeDatabase
from tests.feedback.cast import STAY, Feedback
from tests.feedback.test_voices import TALLIED, answered

AT = datetime(2026, 3, 31, 23, 30, tzinfo=UTC)


@pytest.fixture
def feedback(make_database: MakeDatabase) -> Feedback:
    feedback = Feedback(make_database("feedback"))
    feedback.property_says(threshold=6)
    for guest in (ANA, BEN, CARLA):
        feedback.knows(guest)
    return feedback


def merge(feedback: Feedback, one: Any, into: Any, version: int = 2) -> None:
    feedback.hear(chunk_of([GuestMerged(guest_id=one, version=version, into_guest_id=into, occurred_at=AT)]))


def take_apart(feedback: Feedback, one: Any, other: Any, *stays: UUID) -> None:
    event = GuestUnmerged(
        guest_id=one, version=3, from_guest_id=other, from_version=9, merged_at=AT, stays=list(stays), points=[],
        consents=[], from_consents=[], occurred_at=AT,
    )  # fmt: skip
    feedback.hear(chunk_of([event]))


def test_voices_are_what_they_were_also_of_a_chain(feedback: Feedback) -> None:
    answered(feedback, "one", ANA, 10, AT)
    answered(feedback, "two", BEN, 3, AT + timedelta(days=1))
    answered(feedback, "three", CARLA, 8, AT + timedelta(days=2))
    before = feedback.all("select * from voice order by 1, 2, 3")
    tallied = feedback.all(TALLIED)
    for first, second in (((ANA, CARLA), (BEN, CARLA)), ((BEN, CARLA), (ANA, BEN))):
        merge(feedback, ANA, BEN, 2)
        merge(feedback, BEN, CARLA, 2)
        assert len(feedback.all("select distinct guest_id from voice")) == 1
        take_apart(feedback, *first)
        take_apart(feedback, *second)
        assert feedback.all("select * from voice order by 1, 2, 3") == before
        assert feedback.all(TALLIED) == tallied
        with feedback.tx() as tx:
            tx.execute("update guest_known set version = 1")


def test_what_came_meanwhile_goes_with_its_stay(feedback: Feedback) -> None:
    merge(feedback, ANA, BEN)
    message = feedback.sent("meanwhile", guest=BEN, at=AT)
    with feedback.tx() as tx:
        tx.execute("update message_known set stay_id = %s", [STAY])
        answer_survey(tx, message, 2, "Cold", Channel.EMAIL, AT)
        open_case(tx, Opening(ref="desk", guest_id=BEN, reason=CaseReason.DESK), AT)
    take_apart(feedback, ANA, BEN, STAY)
    take_apart(feedback, ANA, BEN, STAY)
    assert feedback.all("select guest_id from survey_answer") == [(ANA,)]
    assert feedback.all("select guest_id, version from care_case order by stay_id nulls last") == [(ANA, 2), (BEN, 1)]
    told = [(case["guest_id"], case["version"]) for case in feedback.published("case.opened.v1")]
    assert told == [(str(BEN), 1), (str(BEN), 1), (str(ANA), 2)]
    assert {guest for (guest,) in feedback.all("select guest_id from voice")} == {ANA}


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_in_whatever_order_it_is_heard_the_guest_stands_alone(feedback: Feedback, order: tuple[int, ...]) -> None:
    deeds = [
        lambda: merge(feedback, ANA, BEN),
        lambda: take_apart(feedback, ANA, BEN),
        lambda: feedback.knows(ANA, version=4),
    ]
    for place in (*order, 0, 1):
        deeds[place]()
    query = "select gone, into_guest_id, cardinality(emails) from guest_known where guest_id = %s"
    assert feedback.all(query, ANA) == [(False, None, 1)]
