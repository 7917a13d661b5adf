"""What is kept of journeys, and of no guest."""

from __future__ import annotations

from shared.personal_data.columns import Columns, colleague, plain
from shared.personal_data.declaration import Table
from shared.vocabulary.personal_data import Kept


def of_house(name: str, what: str, why: str, columns: Columns) -> Table:
    return Table(name=name, what=what, why=why, columns=columns, kept=Kept.INSTALLATION)


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
