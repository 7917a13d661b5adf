"""Lisbon asks more than one question, in two languages, for some weeks: guests have answered it."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from guestloop.composition.services import Group
from guestloop.simulation.comments import comments_in
from services.feedback.commands.surveys.filling import Filled, given_to, keep_page, send_response
from services.feedback.commands.surveys.questionnaires import begin_draft, change_draft, publish_draft
from services.feedback.queries.surveys import survey
from services.feedback.rules.asking.questionnaire_edits import options_of
from services.feedback.rules.asking.questionnaires import Question, QuestionKind, Questionnaire, Value
from services.feedback.store.surveys import questionnaires as store
from shared.database.pool import Tx

HOTEL, BY = "LIS", "Marta Marques"
ASKED_FOR, SETTLED = timedelta(days=40), timedelta(days=4)
ANSWERS_AFTER = timedelta(hours=5)
MOST = 60
SCORES = (10, 9, 9, 8, 10, 7, 9, 10)
REASONS = {"en": ["The town", "Work", "A celebration"], "zh-Hans": ["观光", "公务", "庆祝"]}
QUESTIONS = Questionnaire(
    questions=(
        Question(code="nps", kind=QuestionKind.NPS, required=True),
        Question(
            code="csat",
            kind=QuestionKind.CSAT,
            texts={"en": "How satisfied were you with your room?", "zh-Hans": "您对客房满意吗？"},
        ),
        Question(
            code="departments",
            kind=QuestionKind.DEPARTMENTS,
            texts={"en": "How did we do?", "zh-Hans": "您如何评价以下各项？"},
            departments=("front_desk", "housekeeping", "food"),
        ),
        Question(
            code="choice",
            kind=QuestionKind.CHOICE,
            texts={"en": "What brought you to Lisbon?", "zh-Hans": "您此行的目的是？"},
            options=options_of(REASONS, "en"),
        ),
        Question(code="comment", kind=QuestionKind.TEXT),
    )
)
UNANSWERED = """
    select message_id from message_known as message
    where purpose = 'feedback' and message.property = %(hotel)s and sent_at between %(since)s and %(until)s
      and not exists (select from survey_answer as given where given.stay_id = message.stay_id)
    order by sent_at, message_id limit %(most)s
"""


def leave_questionnaire(group: Group, now: datetime) -> None:
    with group.database("feedback").transaction() as tx:
        if store.versions(tx, HOTEL):
            return
        at = now - ASKED_FOR
        draft = begin_draft(tx, HOTEL, at, by=BY)
        draft = change_draft(tx, HOTEL, draft.version, lambda _: QUESTIONS, at, by=BY)
        version = publish_draft(tx, HOTEL, draft.version, at, by=BY)
        values = {"hotel": HOTEL, "since": at, "until": now - SETTLED, "most": MOST}
        for (message_id,) in tx.execute(UNANSWERED, values).fetchall():
            _fill(tx, message_id, version)


def _fill(tx: Tx, message_id: UUID, version: int) -> None:
    sent = survey(tx, message_id)
    if sent is None or sent.score is not None:
        return
    draw = int.from_bytes(sha256(message_id.bytes).digest()[:4], "big")
    number = [Value(number=3 + (draw >> place) % 3) for place in range(4)]
    chosen = QUESTIONS.questions[3].options[draw % 3].code
    values = {
        "nps": Value(number=SCORES[draw % len(SCORES)]),
        "csat": number[0],
        "departments.front_desk": number[1],
        "departments.housekeeping": number[2],
        "departments.food": number[3],
        "choice": Value(choices=(chosen,)),
    }
    comments = comments_in(sent.language or "en", pleased=True)
    words = {"comment": comments[draw % len(comments)]} if draw % 3 else {}
    at = sent.sent_at + ANSWERS_AFTER
    page = QUESTIONS.questions
    response = keep_page(tx, sent, (HOTEL, version), page, Filled(values=values, words=words), at)
    if draw % 7:  # some begin and never send
        send_response(tx, sent, QUESTIONS, response, given_to(tx, sent, QUESTIONS, response), at)
