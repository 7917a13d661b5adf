"""What key figures, warnings and home count by."""

from __future__ import annotations

from shared.personal_data.columns import OF_GUEST, colleague, key, of_installation, personal, plain
from shared.personal_data.declaration import OnErasure, Table
from shared.vocabulary.personal_data import Kept, PersonalKind

FIGURES = (
    of_installation(
        "message_seen",
        "Messages by day",
        "Home counts messages by state. A message leads to a guest by messaging only.",
        {
            **key("message_id"),
            **plain("version", "journey", "purpose", "property", "state", "reason", "day", "sent_at"),
            **plain("channel", "cost", "currency"),
        },
    ),
    of_installation(
        "message_day",
        "Messages that went, by day",
        "How many went and what they cost, by journey, hotel and channel: sums, without a person.",
        plain("day", "journey", "purpose", "property", "channel", "currency", "messages", "priced", "cost"),
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
    of_installation(
        "stay_day",
        "Stays by day",
        "How many stays, nights and what revenue, by day, hotel, channel and market: sums, without a person.",
        plain(
            *("day", "property", "channel", "market", "currency", "bookings", "lead_days", "arrivals", "cancelled"),
            *("no_shows", "stays", "nights", "priced", "revenue"),
        ),
    ),
    of_installation(
        "stay_month",
        "Stays by month",
        "The same sums by month.",
        plain(
            *("day", "property", "channel", "market", "currency", "bookings", "lead_days", "arrivals", "cancelled"),
            *("no_shows", "stays", "nights", "priced", "revenue"),
        ),
    ),
    of_installation(
        "signal_seen",
        "Complaints, answers and returned mail by day",
        "Warnings count them. They lead to a guest by the service that has them only.",
        {**key("id"), **plain("kind", "version", "property", "day", "value")},
    ),
    of_installation(
        "sender_day",
        "Messages of senders by day",
        "Warnings judge a sender's reputation: sums, without a person.",
        plain("sender", "purpose", "day", "version", "name", "channel", "sent", "bounced", "complained"),
    ),
    of_installation(
        "source_day",
        "Days on which a source told of a hotel",
        "Warnings notice an import or a system that has fallen silent.",
        plain("property", "source", "day"),
    ),
    of_installation(
        "warning",
        "Warnings",
        "Which figure of a hotel left its usual course when, and who saw it: numbers, without a guest.",
        {
            **plain("id", "signal", "property", "began_on", "last_on", "ended_on", "value", "centre", "border"),
            **plain("part", "whole", "raised_at", "seen_at", "about", "named", "also"),
            **colleague("seen_by"),
        },
    ),
    of_installation(
        "warning_setting",
        "Who is told of warnings",
        "By role.",
        {**plain("single", "told", "calls_duty", "changed_at"), **colleague("changed_by")},
    ),
    of_installation(
        "warning_night",
        "Warnings to come",
        "When is judged next.",
        plain("single", "next_at"),
    ),
    of_installation(
        "dashboard",
        "Dashboards",
        "Which figures colleagues look at together, and with which roles they share them; no figure is kept in it.",
        {
            **plain("dashboard_id", "version", "name", "shared_with", "tiles", "changed_at"),
            **colleague("owner_id", "owner", "changed_by"),
        },
    ),
    of_installation(
        "report_setting",
        "When reports go",
        "On which day of the week and month, at which hour.",
        {**plain("single", "weekday", "monthday", "hour", "changed_at"), **colleague("changed_by")},
    ),
    of_installation(
        "channel_cost",
        "What channels cost",
        "Commission and costs by channel, from a day on, as the house enters them.",
        {
            **plain("property", "channel", "since", "commission", "a_stay", "a_night", "currency", "changed_at"),
            **colleague("changed_by"),
        },
    ),
    of_installation(
        "figure_target",
        "Targets",
        "What the house wants of its key figures.",
        {**plain("figure", "target", "changed_at"), **colleague("changed_by")},
    ),
    of_installation(
        "figure_setting",
        "How figures are counted",
        "Which channels are the house's own, and what a message cost while no other price was known.",
        {**plain("single", "direct", "prices", "currency", "changed_at"), **colleague("changed_by")},
    ),
    of_installation(
        "journey_launched",
        "Launches",
        "Home shows what was launched.",
        {**plain("journey", "version", "launched_at"), **colleague("launched_by")},
    ),
)
