"""Messages, decisions and texts. Rows go in this order: the last ones find the others."""

from __future__ import annotations

from shared.crypto.purposes import Sealing
from shared.personal_data.columns import colleague, key, of_installation, personal, plain
from shared.personal_data.declaration import THE_MONTH, Leaves, OnErasure, Table
from shared.vocabulary.channel import Channel
from shared.vocabulary.click import Uncounted
from shared.vocabulary.message import KEPT_AS, MessageState
from shared.vocabulary.personal_data import Kept, PersonalKind
from shared.vocabulary.purpose import Purpose
from shared.vocabulary.reason import Reason
from shared.vocabulary.receipt import ReceiptState

# A claimed message is on its way: it is blanked by whoever records what became of it.
AT_REST = "guest_id = any(%(guests)s::uuid[]) and state <> 'claimed'"
OF_MESSAGE = f"message_id in (select message_id from delivery where {AT_REST})"
# An erased guest's have no occasion; `delivery_of_nobody` is the index of these. They are told of no longer than
# decisions are, and what other services count of them they have counted by then.
ENDED = ", ".join(f"'{state}'" for state in KEPT_AS)
OF_NOBODY = f"""
    occurrence = '' and changed_at < {THE_MONTH} and state in ({ENDED})
    and exists (select from recipient where recipient.guest_id = delivery.guest_id and gone = 'erased')
"""
OUTCOMES = " ".join(f"when '{state}' then {number}" for state, number in KEPT_AS.items())

# The guest's file shows texts once, beside their messages (`services.messaging.queries.guests.guest_file`).
MESSAGES = (
    Table(
        name="template_test",
        what="Tests of templates",
        why="A colleague reads a template as a guest would get it. The words go once it was sent.",
        columns={
            **plain("test_id", "template", "title", "version", "language", "channel", "asked_at"),
            **plain("sender_id", "sender_version"),
            **key("guest_id"),
            **colleague("person_id"),
            "words_sealed": personal(PersonalKind.MESSAGE, sealed=Sealing.MESSAGE_TEXT),
        },
        kept=Kept.SESSION,
        guests="guest_id = any(%(guests)s::uuid[])",
        on_erasure=OnErasure.DELETED,
        dropped="asked_at < %(before)s",
    ),
    Table(
        name="sent_text",
        what="Texts of messages",
        why="What was written to a guest, sealed, for whoever asks. They go with their month.",
        columns={
            **key("message_id"),
            **plain("sheet"),
            "text_sealed": personal(PersonalKind.MESSAGE, sealed=Sealing.MESSAGE_TEXT),
            "text_boxed": personal(PersonalKind.MESSAGE, sealed=Sealing.MESSAGE_TEXT, boxed=True),
            "sent_at": personal(PersonalKind.MESSAGE),
        },
        kept=Kept.MESSAGE_TEXT,
        guests=OF_MESSAGE,
        on_erasure=OnErasure.DELETED,
        by_month="sent_at",
    ),
    Table(
        name="kept_text",
        what="Texts of messages of before",
        why="What was written to a guest before texts were kept by month, until its term ends it.",
        columns={
            **key("message_id"),
            **plain("sheet"),
            "text_sealed": personal(PersonalKind.MESSAGE, sealed=Sealing.MESSAGE_TEXT),
            "sent_at": personal(PersonalKind.MESSAGE),
        },
        kept=Kept.MESSAGE_TEXT,
        guests=OF_MESSAGE,
        on_erasure=OnErasure.DELETED,
        dropped="sent_at < %(before)s",
    ),
    Table(
        name="sent_sheet",
        what="Sheets of messages",
        why="What is equal in many mails, kept once: a published text with its hotel's words, and none of a guest.",
        columns=plain("number", "packed", "last_sent_at"),
        kept=Kept.MESSAGE_TEXT,
        dropped=f"""last_sent_at < {THE_MONTH} - interval '1 day'
            and not exists (select from sent_text where sent_at < {THE_MONTH})""",
    ),
    Table(
        name="answer_picture",
        what="Pictures of answers",
        why="What a colleague's answer shows, for the guest who has its link. It goes when the text does.",
        columns={
            **key("message_id"),
            **plain("media_type"),
            "content_sealed": personal(PersonalKind.MESSAGE, sealed=Sealing.ANSWER),
            "answered_at": personal(PersonalKind.MESSAGE),
        },
        kept=Kept.MESSAGE_TEXT,
        guests="message_id in (select message_id from delivery where guest_id = any(%(guests)s::uuid[]))",
        on_erasure=OnErasure.DELETED,
        dropped="answered_at < %(before)s",
    ),
    Table(
        name="sandbox_message",
        what="Messages in the sandbox",
        why="What would have been sent, where nothing is really sent.",
        columns={
            **key("message_id"),
            "channel": personal(PersonalKind.MESSAGE),
            "purpose": personal(PersonalKind.MESSAGE),
            "language": personal(PersonalKind.PROFILE),
            "address_sealed": personal(PersonalKind.CONTACT, sealed=Sealing.CONTACT),
            **plain("from_name"),
            "subject": personal(PersonalKind.MESSAGE),
            "body": personal(PersonalKind.MESSAGE),
            "page": personal(PersonalKind.MESSAGE),
            "words_sealed": personal(PersonalKind.MESSAGE, sealed=Sealing.MESSAGE_TEXT),
            "sent_at": personal(PersonalKind.MESSAGE),
        },
        kept=Kept.MESSAGE_TEXT,
        guests=OF_MESSAGE,
        on_erasure=OnErasure.DELETED,
        dropped="sent_at < %(before)s",
    ),
    Table(
        name="counted_contact",
        what="How often a guest was written to, by the version before",
        why="Senders of the version before count the cap by it while they still run; messages say it themselves now.",
        columns={
            **key("key", "message_id"),
            **plain("kind"),
            "at": personal(PersonalKind.MESSAGE),
        },
        kept=Kept.GUEST,
        guests=f"""{OF_MESSAGE} and (kind = 'guest' or not exists (
            select from recipient_point where point = key and guest_id <> all(%(guests)s::uuid[])))""",
        on_erasure=OnErasure.DELETED,
    ),
    Table(
        name="receipt",
        what="What became of messages",
        why="Whether a message arrived, by the word of the provider or of a mail that came back, and what it cost. "
        "An erased guest's leads to nobody, and goes with the message.",
        columns={
            **key("message_id"),
            **plain("version", "rank", "price", "currency", "price_due", "reported_at"),
            "channel": personal(PersonalKind.MESSAGE, "Channel", words=Channel),
            "state": personal(PersonalKind.MESSAGE, "What became of it", words=ReceiptState),
            "reason": personal(PersonalKind.MESSAGE, "Because", words=Reason),
            "detail": personal(PersonalKind.MESSAGE, blank="null"),
            "provider_ref": personal(PersonalKind.KEY, blank="null"),
            "happened_at": personal(PersonalKind.MESSAGE, "On"),
            "read_at": personal(PersonalKind.CONDUCT, "Read on", blank="null"),
        },
        kept=Kept.GUEST,
        guests=OF_MESSAGE,
        on_erasure=OnErasure.BLANKED,
    ),
    Table(
        name="click",
        what="Links that were opened",
        why="Which links of a message its guest opened, where the hotel and the guest do not mind; that an e-mail was "
        "opened is not recorded.",
        columns={
            **key("message_id"),
            "number": personal(PersonalKind.CONDUCT, "Link"),
            **plain("counted"),
            "reason": personal(PersonalKind.CONDUCT, "Not counted, because", words=Uncounted),
            "at": personal(PersonalKind.CONDUCT, "On"),
        },
        kept=Kept.GUEST,
        guests=OF_MESSAGE,
        on_erasure=OnErasure.DELETED,
    ),
    Table(
        name="link_visit",
        what="Requests of links",
        why="Requests of an hour, until it is clear which were a guest's. Where they came from is a keyed hash.",
        columns={
            **plain("id", "judged"),
            **key("message_id", "source"),
            "number": personal(PersonalKind.CONDUCT),
            "at": personal(PersonalKind.CONDUCT),
            "known": personal(PersonalKind.CONDUCT),
        },
        kept=Kept.GUEST,
        guests=OF_MESSAGE,
        on_erasure=OnErasure.DELETED,
    ),
    Table(
        name="decision",
        what="Decisions about messages",
        why="Why a message waits or does not go; that it went is said by the message. It goes with its month; of an "
        "erased guest it stays until then, without the address.",
        columns={
            **plain("seq"),
            **key("message_id"),
            "at": personal(PersonalKind.MESSAGE, "On"),
            "state": personal(PersonalKind.MESSAGE, "Decision", words=MessageState),
            "reason": personal(PersonalKind.MESSAGE, "Because", words=Reason),
            "channel": personal(PersonalKind.MESSAGE, "Channel", words=Channel),
            "address_sealed": personal(PersonalKind.CONTACT, "To", blank="null", sealed=Sealing.CONTACT),
            "language": personal(PersonalKind.PROFILE, blank="'en'"),
            **plain("held_until"),
        },
        kept=Kept.DECISION,
        guests=OF_MESSAGE,
        on_erasure=OnErasure.BLANKED,
        by_month="at",
    ),
    Table(
        name="delivery",
        what="Messages",
        why="What was asked for, to whom it goes and what became of it. An erased guest's leads to nobody, and "
        "goes with its month once decisions of that month have gone; its number stays in `delivery_left`.",
        columns={
            **key("message_id", "guest_id"),
            **key("stay_id", "point", blank="null"),
            **plain("request_version", "version", "journey_version", "lane", "priority", "wants", "holdout", "next_at"),
            **plain("held_until", "template_version", "claim_token", "claimer", "claimed_at", "lease_until"),
            **plain("attempts", "changed_at", "taken_back", "channels", "useful_until", "local_time", "sender_id"),
            **plain("parts", "price", "price_currency", "waiting_since", "says_sent"),
            "state": personal(PersonalKind.MESSAGE, "State", words=MessageState),
            "reason": personal(PersonalKind.MESSAGE, "Because", words=Reason),
            "journey": personal(PersonalKind.MESSAGE, "Journey"),
            "step": personal(PersonalKind.MESSAGE, "Step"),
            "occurrence": personal(PersonalKind.MESSAGE, blank="''"),
            "purpose": personal(PersonalKind.MESSAGE, "Purpose", words=Purpose),
            "template": personal(PersonalKind.MESSAGE, "Wording"),
            "property": personal(PersonalKind.MESSAGE, "Hotel"),
            "zone": personal(PersonalKind.PROFILE, blank="'UTC'"),
            "due_at": personal(PersonalKind.MESSAGE, "Planned for"),
            "values": personal(PersonalKind.MESSAGE, blank="'{}'"),
            "requested_at": personal(PersonalKind.MESSAGE, "Asked for"),
            "channel": personal(PersonalKind.MESSAGE, "Channel", words=Channel),
            "address_sealed": personal(
                PersonalKind.CONTACT, "To", blank="null", sealed=Sealing.CONTACT, or_boxed="address_boxed"
            ),
            "address_boxed": personal(PersonalKind.CONTACT, blank="null", sealed=Sealing.CONTACT, boxed=True),
            "language": personal(PersonalKind.PROFILE, "Language", blank="null"),
            "provider_ref": personal(PersonalKind.KEY, blank="null"),
            "provider_detail": personal(PersonalKind.MESSAGE, blank="null"),
        },
        kept=Kept.GUEST,
        guests=AT_REST,
        on_erasure=OnErasure.BLANKED,
        leaves=Leaves(
            kept=Kept.DECISION,
            rows=OF_NOBODY,
            key="message_id",
            into="delivery_left",
            keeps={"outcome": f"case state {OUTCOMES} end"},
            with_them={"receipt": "message_id"},
        ),
    ),
    of_installation(
        "delivery_left",
        "Numbers of messages that are gone",
        "A request that comes again years later makes no second message, and what became of each is counted.",
        {**key("message_id"), **plain("outcome")},
    ),
)
