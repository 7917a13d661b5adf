"""What feedback keeps of people: what they wrote and answered, what they complained of, and whose it is."""

from __future__ import annotations

from shared.crypto.purposes import Sealing
from shared.personal_data.columns import OF_GUEST, colleague, key, personal, plain
from shared.personal_data.declaration import OnErasure, PersonalData, Table
from shared.personal_data.every_service import EVERY_SERVICE
from shared.vocabulary.case import CaseKind, CaseReason
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
FIGURE = "It stays as a figure of the hotel: the number of an erased guest stands for nobody."

GUESTS = (
    Table(
        name="reply",
        what="Replies",
        why="What guests write back, with the address or number it came from as a blind index.",
        columns={
            **key("reply_id"),
            **key("guest_id", "message_id", blank="null"),
            "channel": personal(PersonalKind.WORDS, "Channel", words=Channel),
            "point": personal(PersonalKind.KEY, blank="''"),
            "text_sealed": personal(PersonalKind.WORDS, "Reply", blank="null", sealed=Sealing.WORDS),
            "taken_as": personal(PersonalKind.WORDS, "Taken as"),
            "received_at": personal(PersonalKind.WORDS, "Received on"),
        },
        kept=Kept.INBOUND,
        guests=f"{OF_GUEST} or guest_id is null and point in {POINTS_OF_GUEST}",
        on_erasure=OnErasure.BLANKED,
        dropped="received_at < %(before)s",
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
            "channel": personal(PersonalKind.WORDS, "Channel", words=Channel),
            "answered_at": personal(PersonalKind.WORDS, "Answered on"),
        },
        kept=Kept.GUEST,
        guests=OF_GUEST,
        on_erasure=OnErasure.BLANKED,
    ),
    Table(
        name="answer_change",
        what="Changes of survey answers",
        why="What an answer was before the guest changed it, or a colleague put it right.",
        columns={
            **key("answer_id"),
            **plain("version"),
            "score_before": personal(PersonalKind.WORDS, "Score before"),
            "score": personal(PersonalKind.WORDS, "Score"),
            **colleague("by_name"),
            "at": personal(PersonalKind.WORDS, "On"),
        },
        kept=Kept.GUEST,
        guests="answer_id in (select answer_id from survey_answer where guest_id = any(%(guests)s::uuid[]))",
        on_erasure=OnErasure.DELETED,
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
        why=f"One voice a guest and hotel in the figures. {FIGURE}",
        columns={
            **key("guest_id", "answer_id"),
            **plain("property", "span", "day"),
            "score": personal(PersonalKind.WORDS),
            "answered_at": personal(PersonalKind.WORDS),
        },
        kept=Kept.GUEST,
        guests=OF_GUEST,
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
            **dict.fromkeys(("reservation", "status", "arrival", "departure"), personal(PersonalKind.STAY)),
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
HOTELS = (
    Table(
        name="property_known",
        what="Hotels",
        why="Whose survey it is.",
        columns=plain(
            *("code", "version", "name", "zone", "survey_threshold", "legal_entity", "postal_address", "contact")
        ),
        kept=Kept.INSTALLATION,
    ),
    Table(
        name="voice_tally",
        what="Scores by day",
        why="What scores come to: sums, without a person.",
        columns=plain("id", "property", "span", "day", "promoters", "passives", "detractors"),
        kept=Kept.INSTALLATION,
    ),
)
PERSONAL_DATA = PersonalData(tables=(*GUESTS, *HOTELS, *EVERY_SERVICE))
