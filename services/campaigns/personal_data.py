"""What campaigns keeps of people: who is in which journey, and the little that journeys decide by."""

from __future__ import annotations

from shared.personal_data.columns import OF_GUEST, Columns, colleague, key, personal, plain
from shared.personal_data.declaration import OnErasure, PersonalData, Table
from shared.personal_data.every_service import EVERY_SERVICE
from shared.vocabulary.message import MessageState
from shared.vocabulary.personal_data import Kept, PersonalKind
from shared.vocabulary.reason import Reason
from shared.vocabulary.receipt import ReceiptState

CONDUCT = personal(PersonalKind.CONDUCT)
OF_ENROLMENT = "enrolment_id in (select id from enrolment where guest_id = any(%(guests)s::uuid[]))"
FIGURE = "It stays as a figure of the journey; the enrolment it leads to is nobody's after an erasure."


def of_enrolment(name: str, what: str, why: str, columns: Columns) -> Table:
    return Table(name=name, what=what, why=f"{why} {FIGURE}", columns=columns, kept=Kept.GUEST, guests=OF_ENROLMENT)


def of_house(name: str, what: str, why: str, columns: Columns) -> Table:
    return Table(name=name, what=what, why=why, columns=columns, kept=Kept.INSTALLATION)


GUESTS = (
    Table(
        name="message",
        what="Messages asked for",
        why=f"What a journey asked messaging to send, and what became of it. {FIGURE}",
        columns={
            **key("id", "enrolment_id"),
            **plain("plan", "withdrawn_at", "version", "settled_at", "receipt_version", "from_step", "from_at"),
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
            "reached_at": personal(PersonalKind.CONDUCT, "Reached on"),
        },
        kept=Kept.GUEST,
        guests=OF_ENROLMENT,
    ),
    Table(
        name="written_to",
        what="Who was written to",
        why=f"Each guest of a journey counts once, however many messages went. {FIGURE}",
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
        {**key("id", "enrolment_id"), **plain("journey", "kind", "version"),
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
            **plain("plan", "lane", "awaits", "awaits_since", "due_at", "from_step", "from_at"),
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
        name="score_known",
        what="Scores of surveys",
        why="Journeys branch by what a guest answered after a stay.",
        columns={
            **key("answer_id", "guest_id", "stay_id"),
            **plain("version", "void"),
            **dict.fromkeys(("score", "answered_at"), CONDUCT),
        },
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
        why="Where a guest is at home, by the hour. Of an erased guest the number stays, so that nothing older brings "
        "the guest back.",
        columns={**key("guest_id", "merged_into"), **plain("version", "ended"),
                 "zone": personal(PersonalKind.PROFILE, blank="null")},
        kept=Kept.GUEST,
        guests=OF_GUEST,
        on_erasure=OnErasure.BLANKED,
    ),
)  # fmt: skip
JOURNEYS = (
    Table(
        name="journey",
        what="Journeys",
        why="What colleagues launched.",
        columns={
            **plain("key", "kind", "name", "state", "live_version", "launched_at", "entries_from"),
            **plain("changed_at", "checked_at", "paused_at"),
            **colleague("launched_by"),
        },
        kept=Kept.INSTALLATION,
    ),
    Table(
        name="journey_version",
        what="Versions of journeys",
        why="A guest ends a journey as it was when they entered it.",
        columns={**plain("journey", "version", "document", "published_at"), **colleague("published_by")},
        kept=Kept.INSTALLATION,
    ),
    Table(
        name="journey_draft",
        what="Drafts of journeys",
        why="What a colleague is working at.",
        columns={**plain("journey", "document", "revision", "changed_at"), **colleague("changed_by")},
        kept=Kept.INSTALLATION,
    ),
    Table(
        name="journey_awaits",
        what="What journeys wait for",
        why="Only what some journey waits for is noted.",
        columns=plain("journey", "version", "what"),
        kept=Kept.INSTALLATION,
    ),
    Table(
        name="event_seen",
        what="Names of hotels' own events",
        why="The editor of journeys offers what hotels' systems tell of.",
        columns=plain("name", "property"),
        kept=Kept.INSTALLATION,
    ),
    Table(
        name="letting_in",
        what="Launches that let in by the day",
        why="How many guests a launch lets in a day.",
        columns=plain("journey", "a_day", "launched_at", "next_at"),
        kept=Kept.INSTALLATION,
    ),
    of_house(
        "stay_scan",
        "Launches that look through the stays",
        "Which stays booked before its launch a journey has looked at.",
        plain("journey", "after_arrival", "after_stay", "since"),
    ),
    of_house(
        "journey_entries",
        "How many entered a journey a day",
        "A journey may have room for so many: sums, without a person.",
        plain("journey", "day", "entered", "turned_away"),
    ),
    of_house(
        "house_holdout",
        "The house's own control group",
        "Which share of guests no offer reaches, and who set it.",
        {**plain("single", "share", "changed_at"), **colleague("changed_by")},
    ),
    of_house(
        "version_move",
        "Moves between versions of journeys",
        "Who moved how many guests from one version to another, and who undid it.",
        {
            **plain("id", "journey", "from_version", "to_version", "mapping", "moved", "left_it", "moved_at"),
            **plain("undone_at", "brought_back"),
            **colleague("moved_by", "undone_by"),
        },
    ),
    of_house(
        "split_watch",
        "Ways that are compared",
        "What each way of a journey brought: sums, without a person.",
        plain("journey", "step", "next_at", "figures", "judged_at"),
    ),
    of_house(
        "split_decision",
        "Ways that were chosen",
        "Which way of a journey everybody gets, by what figures or by whom.",
        {**plain("journey", "step", "number", "way", "at", "figures"), **colleague("by")},
    ),
    Table(
        name="calendar_day",
        what="Days of calendars",
        why="When festivals, public holidays and the house's own days are.",
        columns=plain("calendar", "day", "name"),
        kept=Kept.INSTALLATION,
    ),
    Table(
        name="calendar_year",
        what="Years of calendars",
        why="Which years of a calendar are entered.",
        columns=plain("calendar", "year"),
        kept=Kept.INSTALLATION,
    ),
    Table(
        name="guest_zone",
        what="Where guests live, by the hour",
        why="A day begins in each place by itself.",
        columns=plain("zone"),
        kept=Kept.INSTALLATION,
    ),
    Table(
        name="calendar_turn",
        what="Days that come",
        why="When a journey's next day of the calendar comes where.",
        columns=plain("journey", "zone", "everybody", "day", "at", "after"),
        kept=Kept.INSTALLATION,
    ),
    Table(
        name="journey_tally",
        what="Figures of journeys",
        why="How many guests are where: sums, without a person.",
        columns=plain("id", "journey", "version", "step", "property", "what", "reason", "n"),
        kept=Kept.INSTALLATION,
    ),
    Table(
        name="property_known",
        what="Hotels",
        why="Journeys name hotels and their hours.",
        columns=plain("code", "version", "name", "zone", "currency"),
        kept=Kept.INSTALLATION,
    ),
)
REHEARSALS = (
    Table(
        name="rehearsal",
        what="Rehearsals",
        why="What journeys would do in the days to come, as a colleague asked to see it.",
        columns={
            **plain(
                "id",
                "journey",
                "days",
                "at",
                "until",
                "as_booked",
                "launches",
                "state",
                "problem",
                "reached_at",
                "changes_of",
            ),
            **plain("changes_here", "lines_of", "lines_here", "ended_at", "changed_at"),
            **colleague("asked_by"),
        },
        kept=Kept.INSTALLATION,
    ),
    Table(
        name="rehearsal_change",
        what="Rehearsed changes of segments",
        why="Who would enter or leave a segment by time alone; kept while the rehearsal runs.",
        columns={
            **key("guest_id"),
            **plain("rehearsal_id", "number", "version", "initial"),
            **dict.fromkeys(("segment", "entered", "at", "because"), personal(PersonalKind.CONDUCT)),
            "stay": personal(PersonalKind.STAY),
            "zone": personal(PersonalKind.PROFILE),
        },
        kept=Kept.GUEST,
        guests=OF_GUEST,
        on_erasure=OnErasure.DELETED,
    ),
    Table(
        name="rehearsal_line",
        what="Rehearsed messages",
        why="Which messages journeys would send to whom; the last rehearsal's only, for thirty days. Nothing of it "
        "has happened.",
        columns={
            **key("guest_id", "message_id"),
            **plain("rehearsal_id", "number", "template", "purpose", "parts", "day", "hour"),
            **dict.fromkeys(("at", "journey", "step", "occurrence", "property"), personal(PersonalKind.MESSAGE)),
            **dict.fromkeys(("state", "reason", "held_until", "channel"), personal(PersonalKind.MESSAGE)),
            **dict.fromkeys(("zone", "language"), personal(PersonalKind.PROFILE)),
        },
        kept=Kept.GUEST,
        guests=OF_GUEST,
        on_erasure=OnErasure.DELETED,
    ),
)
OWN_TABLES = (*GUESTS, *JOURNEYS, *REHEARSALS)
PERSONAL_DATA = PersonalData(tables=(*OWN_TABLES, *EVERY_SERVICE))
