"""What guests wrote and answered, what they complained of, and whose it is."""

from __future__ import annotations

from shared.crypto.purposes import Sealing
from shared.personal_data.columns import OF_GUEST, colleague, key, personal, plain
from shared.personal_data.declaration import OnErasure, Table
from shared.vocabulary.answer import AnswerWay
from shared.vocabulary.case import CaseKind, CaseReason, Contentment
from shared.vocabulary.channel import Channel
from shared.vocabulary.optout import OptOutScope
from shared.vocabulary.personal_data import Kept, PersonalKind

POINTS_OF_GUEST = """(
    select unnest(emails || numbers) from guest_known where guest_id = any(%(guests)s::uuid[])
    except
    select unnest(emails || numbers) from guest_known where guest_id <> all(%(guests)s::uuid[])
        and (emails || numbers) && (select array_agg(point) from (
            select unnest(emails || numbers) as point from guest_known where guest_id = any(%(guests)s::uuid[])
        ) as theirs)
)"""
OF_REPLY = f"{OF_GUEST} or guest_id is null and point in {POINTS_OF_GUEST}"
FIGURE = "It stays as a figure of the hotel: the number of an erased guest stands for nobody."

GUESTS = (
    Table(
        name="reply_picture",
        what="Pictures that came with replies",
        why="What a guest shows us, for those who look after it.",
        columns={
            **key("picture_id", "reply_id"),
            **plain("place", "content_type", "state", "tries", "next_at"),
            "url_sealed": personal(PersonalKind.WORDS, sealed=Sealing.WORDS),
            "content_sealed": personal(PersonalKind.WORDS, "Picture", sealed=Sealing.WORDS, picture="content_type"),
            "received_at": personal(PersonalKind.WORDS, "Received on"),
        },
        kept=Kept.INBOUND,
        guests=f"reply_id in (select reply_id from reply where {OF_REPLY})",
        on_erasure=OnErasure.DELETED,
        dropped="received_at < %(before)s",
    ),
    Table(
        name="reply",
        what="Replies",
        why="What guests write back, with the address or number it came from as a blind index.",
        columns={
            **key("reply_id"),
            **key("guest_id", "message_id", "recognised_by", blank="null"),
            "channel": personal(PersonalKind.WORDS, "Channel", words=Channel),
            "point": personal(PersonalKind.KEY, blank="''"),
            "text_sealed": personal(PersonalKind.WORDS, "Reply", blank="null", sealed=Sealing.WORDS),
            "taken_as": personal(PersonalKind.WORDS, "Taken as"),
            "because_sealed": personal(PersonalKind.WORDS, blank="null", sealed=Sealing.WORDS),
            "address_sealed": personal(PersonalKind.CONTACT, "Address or number", blank="null", sealed=Sealing.ANSWER),
            **dict.fromkeys(("language", "sentiment"), personal(PersonalKind.WORDS, blank="null")),
            "topics": personal(PersonalKind.WORDS, blank="'{}'"),
            **plain("urgent", "is_heard"),
            "received_at": personal(PersonalKind.WORDS, "Received on"),
        },
        kept=Kept.INBOUND,
        guests=OF_REPLY,
        on_erasure=OnErasure.BLANKED,
        dropped="received_at < %(before)s",
    ),
    Table(
        name="inbound_mail",
        what="Mail that came in",
        why="A mail counts once, however often it is delivered, and a reply can be read as it was sent until its term.",
        columns={
            **key("mail_id", "message_id"),
            **key("reply_id", blank="null"),
            **plain("way", "reason", "code"),
            "kind": personal(PersonalKind.WORDS, "What it was"),
            "raw_sealed": personal(PersonalKind.WORDS, blank="null", sealed=Sealing.WORDS),
            "received_at": personal(PersonalKind.WORDS, "Received on"),
        },
        kept=Kept.INBOUND,
        guests=f"message_id in (select message_id from message_known where {OF_GUEST})",
        on_erasure=OnErasure.BLANKED,
        dropped="received_at < %(before)s",
    ),
    Table(
        name="objection_question",
        what="Replies that may be objections",
        why="A person reads them, and offers and surveys wait until then.",
        columns={
            **key("reply_id", "points", "guest_id", "case_id"),
            **plain("version", "property"),
            "channel": personal(PersonalKind.CONSENT, "Channel", words=Channel),
            **dict.fromkeys(("asked_at", "read_at", "is_objection"), personal(PersonalKind.CONSENT)),
            **colleague("read_by"),
        },
        kept=Kept.SUPPRESSION,
        guests=OF_GUEST,
        on_erasure=OnErasure.DELETED,
    ),
    Table(
        name="score_correction",
        what="Corrected scores",
        why="Who decided what a reply was a score of. It stays as a figure of the hotel.",
        columns={
            **key("correction_id", "message_id"),
            "before": personal(PersonalKind.WORDS, "Score before"),
            "after": personal(PersonalKind.WORDS, "Score after"),
            **colleague("by_name"),
            "at": personal(PersonalKind.WORDS, "On"),
        },
        kept=Kept.GUEST,
        guests="message_id in (select message_id from message_known where guest_id = any(%(guests)s::uuid[]))",
    ),
    Table(
        name="optout_listed",
        what="Objections handed in as a file",
        why="The same file again changes nothing.",
        columns={
            **key("optout_id", "point"),
            "channel": personal(PersonalKind.CONSENT, "Channel", words=Channel),
            "scope": personal(PersonalKind.CONSENT, "Objection to", words=OptOutScope),
            "file": personal(PersonalKind.CONSENT),
            "requested_at": personal(PersonalKind.CONSENT, "On"),
            **plain("listed_at"),
        },
        kept=Kept.SUPPRESSION,
        guests=f"point in {POINTS_OF_GUEST}",
        on_erasure=OnErasure.DELETED,
    ),
    Table(
        name="survey_answer",
        what="Survey answers",
        why=f"What a guest thought of a stay. {FIGURE}",
        columns={
            **key("message_id", "answer_id", "guest_id"),
            **key("stay_id", blank="null"),
            **plain("version"),
            "property": personal(PersonalKind.WORDS, "Hotel"),
            "score": personal(PersonalKind.WORDS, "Score"),
            "comment_sealed": personal(PersonalKind.WORDS, "Comment", blank="null", sealed=Sealing.WORDS),
            "given_sealed": personal(PersonalKind.WORDS, "Score as written", blank="null", sealed=Sealing.WORDS),
            **plain("version", "given_scale", "is_heard", "day"),
            "segments": personal(PersonalKind.PROFILE, blank="null"),
            **colleague("entered_by"),
            "channel": personal(PersonalKind.WORDS, "Channel", words=AnswerWay),
            "answered_at": personal(PersonalKind.WORDS, "Answered on"),
        },
        kept=Kept.GUEST,
        guests=OF_GUEST,
        on_erasure=OnErasure.BLANKED,
    ),
    Table(
        name="case_entry",
        what="Notes on cases",
        why="What was done about a case.",
        columns={
            **key("entry_id", "case_id"),
            "kind": personal(PersonalKind.CONDUCT, "What"),
            **colleague("by_name", "about"),
            "words_sealed": personal(PersonalKind.WORDS, "Note", blank="null", sealed=Sealing.WORDS),
            "at": personal(PersonalKind.CONDUCT, "On"),
        },
        kept=Kept.GUEST,
        guests="case_id in (select case_id from care_case where guest_id = any(%(guests)s::uuid[]))",
        on_erasure=OnErasure.BLANKED,
    ),
    Table(
        name="care_case",
        what="Cases",
        why=f"Somebody looks after a guest who is not content. {FIGURE}",
        columns={
            **key("case_id", "guest_id"),
            **key("stay_id", "source_id", blank="null"),
            **plain("version", "level"),
            "property": personal(PersonalKind.CONDUCT, "Hotel"),
            "kind": personal(PersonalKind.CONDUCT, "Kind", words=CaseKind),
            "reason": personal(PersonalKind.CONDUCT, "Because", words=CaseReason),
            "words_sealed": personal(PersonalKind.WORDS, "In words", blank="null", sealed=Sealing.WORDS),
            **colleague("opened_by", "owner_id"),
            "opened_at": personal(PersonalKind.CONDUCT, "Opened on"),
            **plain("deadline"),
            "closed_at": personal(PersonalKind.CONDUCT, "Closed on"),
            "outcome": personal(PersonalKind.CONDUCT, "Outcome"),
            "content": personal(PersonalKind.CONDUCT, "Contentment", words=Contentment),
            "room": personal(PersonalKind.STAY, "Room", blank="null"),
            **key("merged_into"),
            **plain("department", "matter", "late_at"),
        },
        kept=Kept.GUEST,
        guests=OF_GUEST,
        on_erasure=OnErasure.BLANKED,
    ),
    Table(
        name="message_known",
        what="Messages",
        why=f"Which message an answer or a reply is to. {FIGURE}",
        columns={
            **key("message_id", "guest_id"),
            **key("stay_id", blank="null"),
            **plain("seq", "version", "journey", "purpose", "property", "channel"),
            "sent_at": personal(PersonalKind.MESSAGE),
        },
        kept=Kept.GUEST,
        guests=OF_GUEST,
        on_erasure=OnErasure.BLANKED,
    ),
    Table(
        name="voice",
        what="Last scores",
        why=f"One voice a guest and hotel in the figures. {FIGURE} Of the segments, which together may be nobody "
        "else's, nothing stays.",
        columns={
            **key("guest_id", "answer_id"),
            **plain("property", "span", "day"),
            "language": personal(PersonalKind.PROFILE),
            "room_type": personal(PersonalKind.STAY),
            "segments": personal(PersonalKind.PROFILE, blank="null"),
            "score": personal(PersonalKind.WORDS),
            "answered_at": personal(PersonalKind.WORDS),
        },
        kept=Kept.GUEST,
        guests=OF_GUEST,
        on_erasure=OnErasure.BLANKED,
    ),
    Table(
        name="reach",
        what="Who was asked",
        why=f"Of those who left, who was asked and who answered. {FIGURE}",
        columns={
            **key("guest_id"),
            **plain("property"),
            **dict.fromkeys(("left_on", "asked_at", "answered_at"), personal(PersonalKind.STAY)),
        },
        kept=Kept.GUEST,
        guests=OF_GUEST,
    ),
    Table(
        name="stay_known",
        what="Stays",
        why="Which stay a survey is about.",
        columns={
            **key("stay_id", "guest_id"),
            **plain("version", "property"),
            **dict.fromkeys(
                ("reservation", "status", "arrival", "departure", "room_type"), personal(PersonalKind.STAY)
            ),
        },
        kept=Kept.GUEST,
        guests=OF_GUEST,
        on_erasure=OnErasure.DELETED,
    ),
    Table(
        name="task_known",
        what="Tasks",
        why="What journeys ask of the staff.",
        columns={
            **key("task_id", "guest_id"),
            **plain("version", "property", "journey", "due_at"),
            "kind": personal(PersonalKind.CONDUCT),
        },
        kept=Kept.GUEST,
        guests=OF_GUEST,
        on_erasure=OnErasure.DELETED,
    ),
    Table(
        name="guest_known",
        what="Guests",
        why="Who wrote or answered. Of an erased guest the number stays, so that nothing older brings the guest back.",
        columns={
            **key("guest_id", "into_guest_id"),
            **plain("version", "gone"),
            "language": personal(PersonalKind.PROFILE, blank="'en'"),
            "emails": personal(PersonalKind.CONTACT, blank="'{}'"),
            "numbers": personal(PersonalKind.CONTACT, blank="'{}'"),
            "given_name": personal(PersonalKind.NAME, blank="''"),
            "family_name": personal(PersonalKind.NAME, blank="''"),
            "home_property": personal(PersonalKind.PROFILE, blank="null"),
        },
        kept=Kept.GUEST,
        guests=OF_GUEST,
        on_erasure=OnErasure.BLANKED,
    ),
)
