"""Guests who answer, invented and seeded: for a demo, and for `simulate --answers seeded`.

Who answers what and when is settled by a hash of the seed and the message, so that the same run gives the same
answers. They arrive as real ones do: as replies and survey answers to feedback.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from guestloop.simulation.comments import comments_in
from services.feedback.commands.answer_survey import AnsweredBefore, answer_survey
from services.feedback.commands.receive_reply import Reply, receive_reply
from services.feedback.store.messages import SentMessage, sent_after
from shared.database.pool import Database
from shared.ids import draw
from shared.vocabulary.channel import Channel

STOP_PER_MILLE, ANSWER_PER_MILLE = 10, 250
LATEST_ANSWER = timedelta(hours=48)
READ_AT_ONCE = 1000
# A hundred answers the way hotels are scored: most are kind, some are not.
SHARE_OF_SCORE = {10: 30, 9: 26, 8: 18, 7: 9, 6: 5, 5: 4, 4: 3, 3: 2, 2: 1, 1: 1, 0: 1}
SCORES = tuple(score for score, share in SHARE_OF_SCORE.items() for _ in range(share))
SILENT_OF_TEN = 5
HIGHEST_UNHAPPY = 6


@dataclass(frozen=True, order=True)
class Answer:
    """`score` None: the answer is STOP."""

    at: datetime
    message_id: UUID
    channel: str = field(compare=False)
    point: str = field(compare=False)
    score: int | None = field(compare=False)
    comment: str | None = field(compare=False)


def answer_to(message: SentMessage, seed: int, per_mille: int = ANSWER_PER_MILLE) -> Answer | None:
    """This guest's answer to this message, if there is one."""
    if message.point is None:
        return None
    stops = draw(seed, "stop", message.message_id) % 1000 < STOP_PER_MILLE
    answers = message.purpose == "feedback" and draw(seed, "answer", message.message_id) % 1000 < per_mille
    if not (stops or answers):
        return None
    minutes = 1 + draw(seed, "when", message.message_id) % int(LATEST_ANSWER.total_seconds() // 60)
    score = None if stops else SCORES[draw(seed, "score", message.message_id) % len(SCORES)]
    comments = comments_in(message.language, pleased=score is None or score > HIGHEST_UNHAPPY)
    silent = draw(seed, "silent", message.message_id) % 10 < SILENT_OF_TEN
    return Answer(
        at=message.sent_at + timedelta(minutes=minutes),
        message_id=message.message_id,
        channel=message.channel,
        point=message.point,
        score=score,
        comment=None if silent else comments[draw(seed, "comment", message.message_id) % len(comments)],
    )


class AnsweringGuests:
    """A timed role: reads which messages feedback knows of, and answers when each guest would."""

    name = "guests"

    def __init__(
        self, feedback: Database, *, seed: int, since: datetime | None = None, per_mille: int = ANSWER_PER_MILLE
    ) -> None:
        """`since`: what was sent before is left unanswered. `per_mille`: how many of the surveys are answered."""
        self._feedback, self._seed, self._since, self._per_mille = feedback, seed, since, per_mille
        self._read = 0
        self._planned: list[Answer] = []

    def next_due(self) -> datetime | None:
        self._plan()
        return self._planned[0].at if self._planned else None

    def step(self, now: datetime) -> int:
        """Give every answer due by `now`, each its own transaction, as each would be a request of its own."""
        self._plan()
        given = 0
        while self._planned and self._planned[0].at <= now:
            self._give(heapq.heappop(self._planned), now)
            given += 1
        return given

    def _plan(self) -> None:
        while True:
            with self._feedback.transaction() as tx:
                received = sent_after(tx, self._read, READ_AT_ONCE)
            for message in received:
                if self._since is not None and message.sent_at < self._since:
                    continue
                if answer := answer_to(message, self._seed, self._per_mille):
                    heapq.heappush(self._planned, answer)
            if not received:
                return
            self._read = received[-1].seq

    def _give(self, answer: Answer, now: datetime) -> None:
        with self._feedback.transaction() as tx:
            if answer.score is None:
                reply = Reply(
                    ref=str(answer.message_id),
                    channel=Channel(answer.channel),
                    point=answer.point,
                    text="STOP",
                    answers=answer.message_id,
                )
                receive_reply(tx, reply, now)
                return
            try:
                answer_survey(tx, answer.message_id, answer.score, answer.comment, Channel(answer.channel), now)
            except AnsweredBefore:  # answered by a reply meanwhile
                return
