"""What key figures, warnings and home count by."""

from __future__ import annotations

from shared.personal_data.columns import OF_GUEST, colleague, key, personal, plain
from shared.personal_data.declaration import OnErasure, Table
from shared.vocabulary.personal_data import Kept, PersonalKind

FIGURES = (
    Table(
        name="message_seen",
        what="Messages by day",
        why="Home counts messages by state. A message leads to a guest by messaging only.",
        columns={
            **key("message_id"),
            **plain("version", "journey", "purpose", "property", "state", "reason", "day", "sent_at"),
            **plain("channel"),
        },
        kept=Kept.INSTALLATION,
    ),
    Table(
        name="stay_counted",
        what="Stays as they were counted",
        why="A stay that changes is taken out of the sums of its days and counted anew. An erased guest's stay "
        "stays as a figure of the hotel, without the guest.",
        columns={
            **key("stay_id"),
            **key("guest_id", blank="null"),
            **plain("version", "property", "channel", "market", "currency", "lead_days"),
            **dict.fromkeys(
                ("booked_on", "arrival", "left_on", "status", "nights", "revenue"), personal(PersonalKind.STAY)
            ),
        },
        kept=Kept.GUEST,
        guests=OF_GUEST,
        on_erasure=OnErasure.BLANKED,
    ),
    Table(
        name="stay_day",
        what="Stays by day",
        why="How many stays, nights and what revenue, by day, hotel, channel and market: sums, without a person.",
        columns=plain(
            *("day", "property", "channel", "market", "currency", "bookings", "lead_days", "arrivals", "cancelled"),
            *("no_shows", "stays", "nights", "priced", "revenue"),
        ),
        kept=Kept.INSTALLATION,
    ),
    Table(
        name="signal_seen",
        what="Complaints, answers and returned mail by day",
        why="Warnings count them. They lead to a guest by the service that has them only.",
        columns={**key("id"), **plain("kind", "version", "property", "day", "value")},
        kept=Kept.INSTALLATION,
    ),
    Table(
        name="warning",
        what="Warnings",
        why="Which figure of a hotel left its usual course when, and who saw it: numbers, without a guest.",
        columns={
            **plain("id", "signal", "property", "began_on", "last_on", "ended_on", "value", "centre", "border"),
            **plain("part", "whole", "raised_at", "seen_at"),
            **colleague("seen_by"),
        },
        kept=Kept.INSTALLATION,
    ),
    Table(
        name="warning_setting",
        what="Who is told of warnings",
        why="By role.",
        columns={**plain("single", "told", "changed_at"), **colleague("changed_by")},
        kept=Kept.INSTALLATION,
    ),
    Table(
        name="warning_night",
        what="Warnings to come",
        why="When is judged next.",
        columns=plain("single", "next_at"),
        kept=Kept.INSTALLATION,
    ),
    Table(
        name="channel_cost",
        what="What channels cost",
        why="Commission and costs by channel, from a day on, as the house enters them.",
        columns={
            **plain("property", "channel", "since", "commission", "a_stay", "a_night", "currency", "changed_at"),
            **colleague("changed_by"),
        },
        kept=Kept.INSTALLATION,
    ),
    Table(
        name="figure_target",
        what="Targets",
        why="What the house wants of its key figures.",
        columns={**plain("figure", "target", "changed_at"), **colleague("changed_by")},
        kept=Kept.INSTALLATION,
    ),
    Table(
        name="figure_setting",
        what="How figures are counted",
        why="Which channels are the house's own, and what a message costs.",
        columns={**plain("single", "direct", "prices", "currency", "changed_at"), **colleague("changed_by")},
        kept=Kept.INSTALLATION,
    ),
    Table(
        name="journey_launched",
        what="Launches",
        why="Home shows what was launched.",
        columns={**plain("journey", "version", "launched_at"), **colleague("launched_by")},
        kept=Kept.INSTALLATION,
    ),
)
