"""What guests of the last days wrote, and what the desk answered: one unread, one put off, two that are talked out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from guestloop.composition.services import Group
from guestloop.demo.colleagues import person_named
from services.feedback.commands.inbox.answering import Draft, answer
from services.feedback.commands.inbox.canned import write_canned
from services.feedback.commands.inbox.changes import close_thread, read_thread, snooze_thread
from services.feedback.commands.receive_reply import Reply, receive_reply
from services.feedback.queries.guests import same_person
from services.feedback.queries.inbox.threads import ThreadLine, thread_of
from services.feedback.rules.inbox import Snooze
from shared.access.scope import EVERYWHERE
from shared.database.pool import Tx
from shared.ids import make_id
from shared.vocabulary.channel import Channel

GUEST, DESK = "guest", "desk"


@dataclass(frozen=True, kw_only=True)
class Conversation:
    """`of`: guests of that hotel whose stay stands so, who are written to in that language. `said`: who, how long ago,
    what. `ends`: done, snoozed or unread."""

    hotel: str
    of: str
    language: str
    said: Sequence[tuple[str, timedelta, str]]
    by: str
    ends: str
    channel: Channel = Channel.SMS


CONVERSATIONS = (
    Conversation(
        hotel="LIS",
        of="checked_in",
        language="en",
        by="Filipa Faria",
        ends="unread",
        said=[(GUEST, timedelta(minutes=40), "Could we have two more pillows in the room tonight?")],
    ),
    Conversation(
        hotel="LIS",
        of="checked_out",
        language="en",
        by="Filipa Faria",
        ends="done",
        said=[
            (GUEST, timedelta(hours=26), "I think we left a blue scarf in the wardrobe. Has somebody found it?"),
            (DESK, timedelta(hours=25), "We have it here. Shall we send it to the address of your booking?"),
            (GUEST, timedelta(hours=24), "Yes please, that is very kind."),
            (DESK, timedelta(hours=23), "It goes out this afternoon."),
        ],
    ),
    Conversation(
        hotel="LIS",
        of="booked",
        language="pt",
        by="Dina Duarte",
        ends="snoozed",
        said=[
            (GUEST, timedelta(hours=5), "Há estacionamento perto do hotel? Chegamos de carro."),
            (DESK, timedelta(hours=4), "Há um parque na rua ao lado. Perguntamos se guardam um lugar, dizemos amanhã."),
        ],
    ),
    Conversation(
        hotel="SHA",
        of="checked_in",
        language="zh",
        by="Wei Wang",
        channel=Channel.EMAIL,
        ends="done",
        said=[
            (GUEST, timedelta(hours=9), "请问明天早餐几点开始？"),
            (DESK, timedelta(hours=8), "您好，早餐六点半开始，在二楼江景餐厅。"),
        ],
    ),
)
CANNED = {"en": "Breakfast is from half past six until ten.", "pt": "O pequeno-almoço é servido das 6h30 às 10h.",
          "zh-Hans": "早餐时间为六点半至十点。"}  # fmt: skip
GUESTS = """
    select guest.guest_id, case when %(channel)s = 'sms' then numbers[1] else emails[1] end
    from stay_known as stay join guest_known as guest using (guest_id)
    where stay.property = %(hotel)s and status = %(of)s and guest.language like %(language)s || '%%'
      and case when %(channel)s = 'sms' then numbers else emails end <> '{}' and not gone
      and not exists (select from thread where thread.guest_id = guest.guest_id)
      and not exists (select from guest_known as other where other.guest_id <> guest.guest_id
                      and (other.numbers && guest.numbers or other.emails && guest.emails))
    order by abs(departure - %(today)s::date), reservation limit 1
"""


def leave_conversations(group: Group, now: datetime) -> None:
    with group.database("feedback").transaction() as tx:
        write_canned(tx, make_id("demo", "breakfast"), 0, None, "Breakfast", CANNED, now, by="Dina Duarte")
        for number, one in enumerate(CONVERSATIONS):
            values = {"hotel": one.hotel, "of": one.of, "language": one.language, "today": now.date()}
            values["channel"] = str(one.channel)
            found = tx.execute(GUESTS, values).fetchone()
            if found is not None:
                guest_id, point = found
                _talk(tx, f"demo {number}", one, guest_id, point, now)


def _talk(tx: Tx, ref: str, one: Conversation, guest_id: UUID, point: str, now: datetime) -> None:
    for number, (who, ago, words) in enumerate(one.said):
        at = now - ago
        if who == GUEST:
            receive_reply(tx, Reply(ref=f"{ref} {number}", channel=one.channel, point=point, text=words), at)
        else:
            _answer(tx, make_id("demo answer", f"{ref} {number}"), _thread(tx, guest_id), guest_id, one, words, at)
    thread = _thread(tx, guest_id)
    at = now - one.said[-1][1]
    if one.ends == "done":
        close_thread(tx, thread.thread_id, thread.version, at, by=one.by)
    elif one.ends == "snoozed":
        if thread.unread:
            read_thread(tx, thread.thread_id, thread.version, at, unread=False, by=one.by)
            thread = _thread(tx, guest_id)
        until = Snooze.TOMORROW.until(now, thread.zone)
        snooze_thread(tx, thread.thread_id, thread.version, until, at, by=one.by)


def _answer(
    tx: Tx, answer_id: UUID, thread: ThreadLine, guest_id: UUID, one: Conversation, words: str, at: datetime
) -> None:
    draft = Draft(
        answer_id=answer_id,
        thread_id=thread.thread_id,
        guest_id=guest_id,
        guests=same_person(tx, guest_id),
        hotels=EVERYWHERE.values,
        channel=one.channel,
        language=thread.language or one.language,
        words=words,
        seen=thread.heard_at,
    )
    answer(tx, draft, at, by=person_named(one.by))


def _thread(tx: Tx, guest_id: UUID) -> ThreadLine:
    found = thread_of(tx, guest_id, EVERYWHERE)
    assert found is not None
    return found
