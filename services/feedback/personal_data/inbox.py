"""The inbox: threads with their state, answers that people wrote, who is writing one, canned answers."""

from __future__ import annotations

from services.feedback.personal_data.guests import POINTS_OF_GUEST
from shared.crypto.purposes import Sealing
from shared.personal_data.columns import OF_GUEST, colleague, key, personal, plain
from shared.personal_data.declaration import OnErasure, Table
from shared.vocabulary.channel import Channel
from shared.vocabulary.personal_data import Kept, PersonalKind

INBOX = (
    Table(
        name="thread_answer",
        what="Our answers",
        why="What colleagues answered to what a guest wrote. It stays as a figure: how long guests wait.",
        columns={
            **key("message_id", "guest_id"),
            **key("stay_id", "recognised_by", blank="null"),
            **plain("version", "property", "held_until", "receipt_version", "to_stranger", "picture_type"),
            "channel": personal(PersonalKind.MESSAGE, "Channel", words=Channel),
            "point": personal(PersonalKind.KEY, blank="''"),
            "words_sealed": personal(PersonalKind.MESSAGE, "In words", blank="null", sealed=Sealing.WORDS),
            "picture_sealed": personal(
                PersonalKind.MESSAGE, "Picture", blank="null", sealed=Sealing.WORDS, picture="picture_type"
            ),
            "picture_alt_sealed": personal(
                PersonalKind.MESSAGE, "What the picture shows", blank="null", sealed=Sealing.WORDS
            ),
            **colleague("by_name"),
            "waited_since": personal(PersonalKind.MESSAGE),
            "answered_at": personal(PersonalKind.MESSAGE, "On"),
            **dict.fromkeys(("state", "reason", "receipt", "receipt_reason"), personal(PersonalKind.MESSAGE)),
        },
        kept=Kept.INBOUND,
        guests=f"{OF_GUEST} or to_stranger and point in {POINTS_OF_GUEST}",
        on_erasure=OnErasure.BLANKED,
        dropped="answered_at < %(before)s",
    ),
    Table(
        name="thread",
        what="Conversations",
        why="Which guest waits for a person, and who looks after it.",
        columns={
            **key("thread_id", "guest_id"),
            "point": personal(PersonalKind.KEY),
            **plain("version", "touched", "channel", "hotels", "seen_at", "is_common", "unread", "done"),
            **plain("snoozed_until"),
            **dict.fromkeys(("name_key", "name_words"), personal(PersonalKind.NAME)),
            "found_by": personal(PersonalKind.KEY),
            **dict.fromkeys(("last_at", "heard_at", "waits_since", "place_at"), personal(PersonalKind.WORDS)),
            **colleague("owner_id", "changed_by"),
            **plain("changed_at"),
        },
        kept=Kept.INBOUND,
        guests=f"{OF_GUEST} or guest_id is null and point in {POINTS_OF_GUEST}",
        on_erasure=OnErasure.DELETED,
        dropped="last_at < %(before)s",
    ),
    Table(
        name="recognition",
        what="Strangers who were recognised",
        why="Which guest writes from an address or number that is not known as theirs.",
        columns={
            **key("recognition_id", "stranger_id", "guest_id", "point"),
            "channel": personal(PersonalKind.CONTACT, "Channel", words=Channel),
            **colleague("by_name", "taken_back_by"),
            **plain("taken_back_at"),
            "at": personal(PersonalKind.CONTACT, "On"),
        },
        kept=Kept.INBOUND,
        guests=OF_GUEST,
        on_erasure=OnErasure.DELETED,
        dropped="at < %(before)s",
    ),
    Table(
        name="thread_presence",
        what="Who is answering",
        why="Two colleagues do not answer the same guest. It is over two minutes after somebody stops writing.",
        columns={**plain("thread_id", "until"), **colleague("person_id", "name")},
        kept=Kept.SESSION,
        dropped="until < %(before)s",
    ),
    Table(
        name="receiver",
        what="Accounts by which guests write",
        why="What a provider posts is believed where it is signed; what it signs with is sealed.",
        columns={
            **plain("sender_id", "version", "account", "ends_at"),
            "token_sealed": personal(PersonalKind.SECRET, sealed=Sealing.RECEIVER),
        },
        kept=Kept.SESSION,
        dropped="ends_at < %(before)s",
    ),
    Table(
        name="canned_answer",
        what="Canned answers",
        why="What is answered often, in the languages of guests.",
        columns={
            **plain("answer_id", "version", "property", "name", "texts", "changed_at"),
            **plain("picture", "picture_type"),
            **colleague("changed_by"),
        },
        kept=Kept.INSTALLATION,
    ),
)
