"""What is kept of journeys, and of no guest."""

from __future__ import annotations

from shared.personal_data.columns import colleague, of_installation, plain

JOURNEYS = (
    of_installation(
        "journey",
        "Journeys",
        "What colleagues launched.",
        {
            **plain("key", "kind", "name", "state", "live_version", "launched_at", "entries_from"),
            **plain("changed_at", "checked_at", "paused_at"),
            **colleague("launched_by"),
        },
    ),
    of_installation(
        "journey_version",
        "Versions of journeys",
        "A guest ends a journey as it was when they entered it.",
        {**plain("journey", "version", "document", "published_at"), **colleague("published_by")},
    ),
    of_installation(
        "journey_draft",
        "Drafts of journeys",
        "What a colleague is working at.",
        {**plain("journey", "document", "revision", "changed_at"), **colleague("changed_by", "edited_by_id")},
    ),
    of_installation(
        "broadcast_approval",
        "Approvals of broadcasts",
        "A second colleague looks at a broadcast before it is planned, where the house wants it.",
        {
            **plain("key", "revision", "asked_at", "approved_at"),
            **colleague("asked_by", "asked_by_id", "approved_by", "approved_by_id"),
        },
    ),
    of_installation(
        "broadcast_rule",
        "Rule of approval",
        "Whether the house wants a second colleague's word on broadcasts.",
        {**plain("single", "needs_approval", "chosen_at"), **colleague("chosen_by")},
    ),
    of_installation(
        "journey_draft_step",
        "Changes of drafts",
        "What a colleague changed can be undone.",
        {**plain("journey", "number", "document", "undone", "changed_at"), **colleague("changed_by")},
    ),
    of_installation(
        "journey_awaits",
        "What journeys wait for",
        "Only what some journey waits for is noted.",
        plain("journey", "version", "what"),
    ),
    of_installation(
        "event_seen",
        "Names of hotels' own events",
        "The editor of journeys offers what hotels' systems tell of.",
        plain("name", "property"),
    ),
    of_installation(
        "letting_in",
        "Launches that let in by the day",
        "How many guests a launch lets in a day.",
        plain("journey", "a_day", "launched_at", "next_at"),
    ),
    of_installation(
        "stay_scan",
        "Launches that look through the stays",
        "Which stays booked before its launch a journey has looked at.",
        plain("journey", "after_arrival", "after_stay", "since"),
    ),
    of_installation(
        "journey_entries",
        "How many entered a journey a day",
        "A journey may have room for so many: sums, without a person.",
        plain("journey", "day", "entered", "turned_away"),
    ),
    of_installation(
        "house_holdout",
        "The house's own control group",
        "Which share of guests no offer reaches, and who set it.",
        {**plain("single", "share", "changed_at"), **colleague("changed_by")},
    ),
    of_installation(
        "version_move",
        "Moves between versions of journeys",
        "Who moved how many guests from one version to another, and who undid it.",
        {
            **plain("id", "journey", "from_version", "to_version", "mapping", "moved", "left_it", "moved_at"),
            **plain("undone_at", "brought_back"),
            **colleague("moved_by", "undone_by"),
        },
    ),
    of_installation(
        "split_watch",
        "Ways that are compared",
        "What each way of a journey brought: sums, without a person.",
        plain("journey", "step", "next_at", "figures", "judged_at"),
    ),
    of_installation(
        "split_decision",
        "Ways that were chosen",
        "Which way of a journey everybody gets, by what figures or by whom.",
        {**plain("journey", "step", "number", "way", "at", "figures"), **colleague("by")},
    ),
    of_installation(
        "result_kept",
        "Results of many guests",
        "As they were counted last, and which of them pages ask for: sums, without a person.",
        {
            **plain("journey", "by", "since", "until", "within", "everywhere", "hotels", "counted_at", "lines"),
            **plain("version", "asked_at", "wanted_at"),
        },
    ),
    of_installation(
        "calendar_day",
        "Days of calendars",
        "When festivals, public holidays and the house's own days are.",
        plain("calendar", "day", "name"),
    ),
    of_installation(
        "calendar_year",
        "Years of calendars",
        "Which years of a calendar are entered.",
        plain("calendar", "year"),
    ),
    of_installation(
        "guest_zone",
        "Where guests live, by the hour",
        "A day begins in each place by itself.",
        plain("zone"),
    ),
    of_installation(
        "calendar_turn",
        "Days that come",
        "When a journey's next day of the calendar comes where.",
        plain("journey", "zone", "everybody", "day", "at", "after", "let_in"),
    ),
    of_installation(
        "warning_turn",
        "Warnings that came",
        "Which warnings began a journey, and how far it has let its guests in.",
        plain("journey", "warning_id", "signal", "property", "raised_at", "state", "after", "let_in"),
    ),
    of_installation(
        "journey_tally",
        "Figures of journeys",
        "How many guests are where: sums, without a person.",
        plain("id", "journey", "version", "step", "property", "what", "reason", "n"),
    ),
    of_installation(
        "property_known",
        "Hotels",
        "Journeys name hotels and their hours.",
        plain("code", "version", "name", "zone", "currency"),
    ),
)
