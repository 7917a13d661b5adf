"""Answers are published with the segments their guests were in when they answered."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.segments.commands.evaluation.full_evaluation import evaluate_next_range
from services.segments.commands.segments.lifecycle import retire_segment, save_segment
from services.segments.consumer import SUBSCRIPTIONS
from services.segments.queries.present_state import all_attributions
from shared.bus.republish import republish
from shared.database.pool import Database
from shared.events import chunk_of
from shared.events.feedback import SurveyAnswered
from shared.ids import make_id
from shared.vocabulary.channel import Channel
from tests.harness import ServiceHarness
from tests.segments.audience_people import Person, Stayed, enter, move

NOON = datetime(2016, 3, 1, 12, tzinfo=UTC)
REGULAR = {"fact": "stays", "op": "at_least", "value": 2}
GOLD = {"fact": "tier", "op": "is", "value": "gold"}


class Segments(ServiceHarness):
    subscriptions = SUBSCRIPTIONS

    def answered(self, who: str, what: str, *, version: int = 1, at: datetime = NOON, **more: Any) -> UUID:
        answer = SurveyAnswered(
            answer_id=make_id("answer", what), version=version, guest_id=make_id("guest", who), stay_id=None,
            property="LIS", score=9, comment=None, channel=Channel.EMAIL, answered_at=at, **more,
        )  # fmt: skip
        self.hear_at(at + timedelta(minutes=1), chunk_of([answer]))
        return answer.answer_id

    def told(self) -> list[tuple[str, list[str]]]:
        return [(one["answer_id"], one["segments"]) for one in self.published("answer.attributed.v1")]


@pytest.fixture
def segments(database: Database) -> Segments:
    with database.transaction() as tx:
        save_segment(tx, "regulars", "Regulars", REGULAR, NOON - timedelta(days=9))
        save_segment(tx, "gold", "Gold", GOLD, NOON - timedelta(days=9))
        save_segment(tx, "hidden", "Hidden", GOLD, NOON - timedelta(days=9), private=True)
        stays = [Stayed("ana", f"R{number}", date(2016, 1, number)) for number in (1, 9)]
        enter(tx, [Person("ana", tier="gold"), Person("ben")], stays)
        move(tx, ["ana", "ben"], NOON - timedelta(days=1))
    return Segments(database)


def test_an_answer_is_told_with_the_segments_its_guest_is_in(segments: Segments) -> None:
    ana, ben = segments.answered("ana", "one"), segments.answered("ben", "two")
    assert segments.told() == [(str(ana), ["gold", "regulars"]), (str(ben), [])]


def test_twice_it_is_told_once_and_a_correction_tells_what_was_kept(segments: Segments) -> None:
    answer = segments.answered("ana", "one")
    segments.answered("ana", "one")
    assert len(segments.told()) == 1
    with segments.database.transaction() as tx:
        enter(tx, [Person("ana", tier="silver")])
        move(tx, ["ana"], NOON + timedelta(days=1))
    segments.answered("ana", "one", version=2, void=True)
    assert len(segments.told()) == 1, "an answer that was taken back is in none"
    segments.answered("ana", "one", version=3)
    assert segments.told()[1:] == [(str(answer), ["gold", "regulars"])]


def test_what_was_said_before_a_change_counts_as_it_was_then(segments: Segments) -> None:
    with segments.database.transaction() as tx:
        enter(tx, [Person("ana", tier="silver"), Person("ben", tier="gold")])
        move(tx, ["ana", "ben"], NOON + timedelta(hours=1))
        save_segment(tx, "everybody", "Everybody", {"fact": "stays", "op": "at_least", "value": 0}, NOON)
        while evaluate_next_range(tx, NOON + timedelta(hours=2)):
            pass
    ana, ben = segments.answered("ana", "late", at=NOON), segments.answered("ben", "late too", at=NOON)
    now = segments.answered("ben", "now", at=NOON + timedelta(hours=3))
    assert segments.told() == [
        (str(ana), ["everybody", "gold", "regulars"]),
        (str(ben), ["everybody"]),
        (str(now), ["everybody", "gold"]),
    ]
    before_it_was = segments.answered("ana", "older", at=NOON - timedelta(seconds=1))
    assert segments.told()[-1] == (str(before_it_was), ["gold", "regulars"])


def test_the_answers_of_merged_and_erased_guests(segments: Segments) -> None:
    with segments.database.transaction() as tx:
        tx.execute(
            "update guest set merged_into = %s where id = %s", [make_id("guest", "ana"), make_id("guest", "ben")]
        )
    segments.answered("ben", "one")
    assert [keys for _, keys in segments.told()] == [["gold", "regulars"]]


def test_they_are_published_again_when_asked(segments: Segments) -> None:
    told = [str(segments.answered("ana", f"answer {number}")) for number in range(5)]
    segments.answered("ana", "void", void=True)
    with segments.database.transaction() as tx:
        tx.execute("delete from outbox")
        tx.execute("update answer_known set segments = null where answer_id = %s", [told[0]])  # from before
        retire_segment(tx, "gold", NOON)
    assert republish(segments.database, all_attributions, NOON, most=2) == 4
    assert segments.told() == [(answer, ["gold", "regulars"]) for answer in sorted(told[1:])]
