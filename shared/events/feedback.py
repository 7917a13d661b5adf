"""What feedback publishes: guests' answers and opt-outs, and the cases of the staff."""

from __future__ import annotations

from dataclasses import field
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.crypto.sealing import Sealed
from shared.events.dictionary import event
from shared.rows import named_row
from shared.vocabulary.case import AlertReason, CaseAlert, CaseKind, Contentment
from shared.vocabulary.channel import Channel
from shared.vocabulary.optout import OptOutScope
from shared.vocabulary.task import TaskOutcome


@event("survey.answered.v1", by="feedback", key="answer_id")
class SurveyAnswered:
    answer_id: UUID
    version: int
    guest_id: UUID
    stay_id: UUID | None
    property: str | None
    score: int  # 0–10
    comment: Sealed | None
    channel: Channel
    answered_at: datetime
    void: bool = False  # a person found that it was no score: the answer is taken back
    by_hand: bool = False  # somebody of the hotel entered it; `channel` then says nothing
    message_id: UUID | None = None  # the survey that is answered


@event("answer.understood.v1", by="feedback", key="answer_id")
class AnswerUnderstood:
    """What the words of an answer speak of, and how they feel about each (positive, negative, neutral); none where the
    words were taken back. Said anew where a person corrects it. `score`, `stay_id`, `answered_at`: the answer's, where
    it is known."""

    answer_id: UUID
    version: int
    guest_id: UUID
    property: str | None
    topics: dict[str, Any]
    understood_at: datetime
    score: int | None = None
    stay_id: UUID | None = None
    answered_at: datetime | None = None


@event("optout.requested.v1", by="feedback", key="optout_id")
class OptoutRequested:
    """A contact point objects, for every guest on it.

    `scope`: `channel` ends everything on the channel (a STOP by SMS), `marketing` or `feedback` end that purpose on
    the channel, `all_marketing` ends marketing on every channel.
    """

    optout_id: UUID
    version: int
    channel: Channel
    point: str
    guest_id: UUID | None
    scope: OptOutScope
    source: str
    requested_at: datetime


@event("optin.requested.v1", by="feedback", key="optin_id")
class OptinRequested:
    """Somebody who had objected from a contact point asks for messages again. `words`: the proof, «START» or another
    phrase that we know, never more of what they wrote.
    """

    optin_id: UUID
    version: int
    channel: Channel
    point: str
    words: str
    requested_at: datetime


@event("reply.received.v1", by="feedback", key=("reply_id", "point"))
class ReplyReceived:
    """Somebody wrote on a channel where any words may be written back for a while (`Channel.window`)."""

    reply_id: UUID
    point: str
    version: int
    channel: Channel
    received_at: datetime


@event("reply.affirmed.v1", by="feedback", key="reply_id")
class ReplyAffirmed:
    """A text message is nothing but a yes. Where one consent alone waits to be confirmed there, it confirms it."""

    reply_id: UUID
    version: int
    channel: Channel
    point: str
    words: str
    affirmed_at: datetime


@event("reply.answered.v1", by="feedback", key="message_id")
class ReplyAnswered:
    """A person answers what a guest wrote, on the contact point that it came from: messaging sends the words as they
    stand, unless the guest may not be written to there. `subject`, `in_reply_to`: of a mail, its title and the
    Message-ID it continues. `address`: of a point that no guest is known by, or not this one; `guest_id` is then the
    stranger's number, or the guest's who wrote from there. `picture`: one that it brings, of at most 160 kB, as
    base64; `picture_type`: its media type; `picture_alt`: what it shows, which may be empty.
    """

    message_id: UUID
    version: int
    guest_id: UUID
    property: str | None
    stay_id: UUID | None
    channel: Channel
    point: str
    language: str
    words: Sealed
    subject: Sealed | None
    in_reply_to: str | None
    heard_at: datetime  # when the guest last wrote there
    useful_until: datetime
    answered_at: datetime
    address: Sealed | None = None
    picture: Sealed | None = None
    picture_type: str | None = None
    picture_alt: Sealed | None = None


@event("stranger.recognised.v1", by="feedback", key="stranger_id")
class StrangerRecognised:
    """A person said which guest a stranger is: what was written to the stranger was written to the guest.

    `taken_back`: they are not that guest, and what was written to them (`messages`) is the stranger's again.
    """

    stranger_id: UUID
    version: int
    guest_id: UUID
    recognised_at: datetime
    taken_back: bool = False
    messages: list[UUID] = field(default_factory=list)


@event("objection.unread.v1", by="feedback", key=("reply_id", "point"))
class ObjectionUnread:
    """A reply from a contact point may be an objection. While it is `unread`, offers and surveys wait for every guest
    on the point; only a person ends that. `optout_id` and `scope`: the objection, where they found that it is one.
    """

    reply_id: UUID
    point: str
    version: int
    channel: Channel
    guest_id: UUID | None
    unread: bool
    optout_id: UUID | None
    scope: OptOutScope | None
    occurred_at: datetime


@named_row
class CaseState:
    """A case as it stands. `department`, `matter`: codes of its hotel's own lists. Of a closed one `outcome`, whether
    the guest is `content`, what they were given (`compensations`: kinds), and into which case it was merged. `alert`:
    who is called of it; None, nobody said.
    """

    case_id: UUID
    version: int
    guest_id: UUID
    stay_id: UUID | None
    property: str | None
    kind: CaseKind
    level: int
    open: bool
    occurred_at: datetime
    department: str | None = None
    matter: str | None = None
    outcome: str | None = None
    content: Contentment | None = None
    compensations: list[str] = field(default_factory=list)  # of `Compensation`
    merged_into: UUID | None = None
    alert: CaseAlert | None = None
    because: AlertReason | None = None


@event("case.opened.v1", by="feedback", key="case_id")
class CaseOpened(CaseState):
    pass


@event("case.closed.v1", by="feedback", key="case_id")
class CaseClosed(CaseState):
    pass


@event("task.closed.v1", by="feedback", key="task_id")
class TaskClosed:
    """A task that a journey asked for is done, with its outcome; or it is open again (`open`), ticked by mistake."""

    task_id: UUID
    version: int
    guest_id: UUID
    stay_id: UUID | None
    property: str
    journey: str
    step: str
    open: bool
    outcome: TaskOutcome | None
    occurred_at: datetime


@event("alert.unlisted.v1", by="feedback", key="alert_id")
class AlertUnlisted:
    """Something cannot wait, nobody is on the hotel's duty list (at no known hotel: on any), and no case.opened says
    so: a case or a task has become late, a stranger's words, a list that was emptied while its people were called."""

    alert_id: UUID
    version: int
    because: AlertReason
    property: str | None
    occurred_at: datetime


@event("message.reported.v1", by="feedback", key="report_id")
class MessageReported:
    """A mail came in that says what became of a message of ours, or that its reader wants no more of its kind.

    `what`: bounced | complained | unsubscribed. `reason`: of a bounce (shared.vocabulary.reason). `code`: the mail
    server's, «5.1.1», never its words.
    """

    report_id: UUID
    version: int
    message_id: UUID
    what: str
    reason: str | None
    code: str | None
    reported_at: datetime
