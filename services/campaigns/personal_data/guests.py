"""What journeys keep of guests."""

from __future__ import annotations

from shared.personal_data.columns import OF_GUEST, Columns, key, personal, plain
from shared.personal_data.declaration import OnErasure, Table
from shared.vocabulary.message import MessageState
from shared.vocabulary.personal_data import Kept, PersonalKind
from shared.vocabulary.reason import Reason
from shared.vocabulary.receipt import ReceiptState

CONDUCT = personal(PersonalKind.CONDUCT)
OF_ENROLMENT = "enrolment_id in (select id from enrolment where guest_id = any(%(guests)s::uuid[]))"
FIGURE = "It stays as a figure of the journey; the enrolment it leads to is nobody's after an erasure."


def of_enrolment(name: str, what: str, why: str, columns: Columns) -> Table:
    return Table(name=name, what=what, why=f"{why} {FIGURE}", columns=columns, kept=Kept.GUEST, guests=OF_ENROLMENT)


GUESTS = (
    Table(
        name="message",
        what="Messages asked for",
        why=f"What a journey asked messaging to send, and what became of it. {FIGURE}",
        columns={
            **key("id", "enrolment_id"),
            **plain("plan", "withdrawn_at", "version", "settled_at", "receipt_version", "from_step", "from_at"),
            **plain("channel", "parts", "cost", "currency"),
            "language": personal(PersonalKind.PROFILE),
            "receipt": personal(PersonalKind.MESSAGE, "What became of it", words=ReceiptState),
            "clicked_at": personal(PersonalKind.CONDUCT, "Link opened on"),
            "step": personal(PersonalKind.MESSAGE, "Step"),
            "due_at": personal(PersonalKind.MESSAGE, "Planned for"),
            "requested_at": personal(PersonalKind.MESSAGE, "Asked for"),
            "state": personal(PersonalKind.MESSAGE, "State", words=MessageState),
            "reason": personal(PersonalKind.MESSAGE, "Reason", words=Reason),
        },
        kept=Kept.GUEST,
        guests=OF_ENROLMENT,
    ),
    Table(
        name="goal",
        what="Goals reached",
        why=f"Whether a guest did what the journey was for. {FIGURE}",
        columns={
            **key("enrolment_id", "stay_id", "redemption_id"),
            **plain("held_out"),
            "goal": CONDUCT,
            "reached_at": personal(PersonalKind.CONDUCT, "Reached on"),
        },
        kept=Kept.GUEST,
        guests=OF_ENROLMENT,
    ),
    Table(
        name="written_to",
        what="Control groups of journeys",
        why=f"Each guest who was kept out of a journey's messages counts once, however many there were. {FIGURE}",
        columns={**key("enrolment_id"), **plain("kept_out")},
        kept=Kept.GUEST,
        guests=OF_ENROLMENT,
    ),
    of_enrolment(
        "split_taken",
        "Ways of journeys",
        "Which of several ways of a journey a guest was given, to see which one brings more.",
        {**key("enrolment_id"), **plain("journey"), **dict.fromkeys(("step", "way", "at"), CONDUCT)},
    ),
    of_enrolment(
        "deed",
        "Tasks that journeys asked for",
        "What a journey asked the staff to do for a guest, and what came of it.",
        {**key("id", "enrolment_id"), **plain("journey", "kind", "version", "due_at", "journey_version"),
         **dict.fromkeys(("step", "property", "asked_at", "outcome", "closed_at"), CONDUCT)},
    ),
    of_enrolment(
        "version_moved",
        "Moves to another version of a journey",
        "Where a guest stood before they were moved to another version, so that it can be undone.",
        {
            **key("move_id", "enrolment_id"),
            **plain("due_at", "awaits", "awaits_since", "new_due_at"),
            **dict.fromkeys(("step", "new_step"), CONDUCT),
        },
    ),
    Table(
        name="cut_short",
        what="Journeys that a merge ended",
        why="A merge may be taken back: then a journey goes on where it was.",
        columns={**key("enrolment_id"), **plain("plan", "awaits", "awaits_since"),
                 **dict.fromkeys(("step", "due_at", "data"), CONDUCT)},
        kept=Kept.GUEST,
        guests=OF_ENROLMENT,
        on_erasure=OnErasure.DELETED,
    ),
    Table(
        name="enrolment",
        what="Journeys",
        why="A guest in a journey for one occasion. An erased guest's is ended and stays as a figure of the journey "
        "and the hotel: without the occasion it leads to nobody.",
        columns={
            **key("id", "guest_id"),
            **key("stay_id", blank="null"),
            **plain("plan", "lane", "awaits", "awaits_since", "due_at", "from_step", "from_at", "told"),
            "journey": personal(PersonalKind.CONDUCT, "Journey"),
            **plain("version"),
            "occurrence": personal(PersonalKind.CONDUCT, "Occasion", blank="id::text"),
            "step": personal(PersonalKind.CONDUCT, "Step"),
            "state": personal(PersonalKind.CONDUCT, "State"),
            "reason": personal(PersonalKind.CONDUCT, "Ended because", words=Reason),
            "entered_at": personal(PersonalKind.CONDUCT, "Entered on"),
            "changed_at": personal(PersonalKind.CONDUCT),
            "zone": personal(PersonalKind.PROFILE, blank="'UTC'"),
            "property": personal(PersonalKind.CONDUCT, "Hotel"),
            "data": personal(PersonalKind.CONDUCT, blank="'{}'"),
            "offers": personal(PersonalKind.CONDUCT),
        },
        kept=Kept.GUEST,
        guests=OF_GUEST,
        on_erasure=OnErasure.BLANKED,
    ),
    Table(
        name="audience_member",
        what="Segments the guest is in",
        why="Journeys ask who is in a segment.",
        columns={**key("guest_id"), **plain("version", "changed_at"), "segment": personal(PersonalKind.CONDUCT),
                 "inside": personal(PersonalKind.CONDUCT)},
        kept=Kept.GUEST,
        guests=OF_GUEST,
        on_erasure=OnErasure.DELETED,
    ),
    Table(
        name="guest_happening",
        what="What happened last",
        why="Journeys end and branch by what happened to a guest.",
        columns={**key("guest_id"), "event": personal(PersonalKind.CONDUCT), "last_at": personal(PersonalKind.CONDUCT)},
        kept=Kept.GUEST,
        guests=OF_GUEST,
        on_erasure=OnErasure.DELETED,
    ),
    Table(
        name="awaited_happening",
        what="What journeys wait for",
        why="A journey that waits for a happening finds it here, in whatever order events come.",
        columns={**key("guest_id", "stay_id"), **dict.fromkeys(("what", "at"), CONDUCT)},
        kept=Kept.GUEST,
        guests=OF_GUEST,
        on_erasure=OnErasure.DELETED,
    ),
    Table(
        name="guest_moment",
        what="Hours of opened links and answers",
        why="A broadcast may go at the hour at which a guest usually reads.",
        columns={**key("id", "guest_id"), "at": CONDUCT},
        kept=Kept.GUEST,
        guests=OF_GUEST,
        on_erasure=OnErasure.DELETED,
    ),
    Table(
        name="score_known",
        what="Scores of surveys",
        why="Journeys branch by what a guest answered after a stay.",
        columns={
            **key("answer_id", "guest_id", "stay_id", "message_id"),
            **plain("version", "void"),
            **dict.fromkeys(("score", "answered_at"), CONDUCT),
        },
        kept=Kept.GUEST,
        guests=OF_GUEST,
        on_erasure=OnErasure.DELETED,
    ),
    Table(
        name="understood_known",
        what="Answers that were understood",
        why="Of what an answer speaks of, the newest begins a journey.",
        columns={**key("answer_id", "guest_id"), **plain("version")},
        kept=Kept.GUEST,
        guests=OF_GUEST,
        on_erasure=OnErasure.DELETED,
    ),
    Table(
        name="opt_out_known",
        what="Objections",
        why="How many guests objected after a message of a journey is one of its results.",
        columns={
            **key("optout_id", "guest_id"),
            **plain("version"),
            "at": personal(PersonalKind.CONSENT),
        },
        kept=Kept.GUEST,
        guests=OF_GUEST,
        on_erasure=OnErasure.DELETED,
    ),
    Table(
        name="waiting_member",
        what="Guests not let in yet",
        why="A launch lets in those already in its segment, so many a day.",
        columns={
            **key("guest_id"),
            **plain("journey", "version", "place"),
            "zone": personal(PersonalKind.PROFILE),
            "because": personal(PersonalKind.CONDUCT),
        },
        kept=Kept.GUEST,
        guests=OF_GUEST,
        on_erasure=OnErasure.DELETED,
    ),
    Table(
        name="stay_known",
        what="Stays",
        why="Journeys follow stays.",
        columns={
            **key("stay_id", "guest_id"),
            **plain("version", "property", "zone"),
            **dict.fromkeys(
                ("reservation", "status", "booked_at", "checked_out_at", "arrival", "departure", "checked_in_at",
                 "ended_at", "room_type", "rate_plan", "channel", "revenue", "currency"),
                personal(PersonalKind.STAY),
            ),
        },
        kept=Kept.GUEST,
        guests=OF_GUEST,
        on_erasure=OnErasure.DELETED,
    ),
    Table(
        name="guest_known",
        what="Guests",
        why="Where a guest is at home, by the hour, and when the tier is another one or points were earned. Of an "
        "erased guest the number stays, so that nothing older brings the guest back.",
        columns={**key("guest_id", "merged_into"), **plain("version", "ended"),
                 **dict.fromkeys(("zone", "tier", "points"), personal(PersonalKind.PROFILE, blank="null"))},
        kept=Kept.GUEST,
        guests=OF_GUEST,
        on_erasure=OnErasure.BLANKED,
    ),
)  # fmt: skip
