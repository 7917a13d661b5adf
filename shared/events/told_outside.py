"""What other systems may be told of an event: numbers, states, days and hotels, never a name, an address or a word.

Whoever wants more of a guest asks the API with a key that grants it. An event of which nothing is told is named with
its reason, so that a new one is thought about.
"""

from __future__ import annotations

from collections.abc import Mapping

_STAY = (
    *("stay_id", "version", "guest_id", "property", "status", "booked_at", "arrival", "departure", "nights"),
    *("checked_in_at", "checked_out_at", "ended_at", "muted", "occurred_at"),
)
_MESSAGE = (
    *("message_id", "version", "guest_id", "journey", "step", "purpose", "property", "stay_id", "channel", "state"),
    *("reason", "held_until", "occurred_at"),
)
_CASE = (
    *("case_id", "version", "guest_id", "stay_id", "property", "kind", "level", "open", "occurred_at", "department"),
    *("matter", "outcome", "content", "compensations", "merged_into", "alert", "because"),
)
_RECEIPT = (
    *("message_id", "version", "guest_id", "journey", "step", "purpose", "property", "stay_id", "channel", "reason"),
    "occurred_at",
)
_USED = (
    *("redemption_id", "version", "offer", "guest_id", "stay_id", "property", "amount", "currency", "redeemed_on"),
    *("source", "occurred_at"),
)
TOLD: Mapping[str, tuple[str, ...]] = {
    "guest.changed.v1": ("guest_id", "version", "home_property", "occurred_at"),
    "guest.merged.v1": ("guest_id", "version", "into_guest_id", "occurred_at"),
    "guest.unmerged.v1": ("guest_id", "version", "from_guest_id", "from_version", "merged_at", "occurred_at"),
    "guest.erased.v1": ("guest_id", "version", "occurred_at"),
    **{
        f"stay.{what}.v1": _STAY
        for what in ("booked", "changed", "cancelled", "checked_in", "checked_out", "no_show", "reinstated")
    },
    **{f"message.{what}.v1": _MESSAGE for what in ("sent", "failed", "skipped", "held", "unknown")},
    **{f"message.{what}.v1": _RECEIPT for what in ("delivered", "bounced", "complained")},
    "message.clicked.v1": (
        *("message_id", "link", "version", "guest_id", "journey", "step", "purpose", "property", "stay_id", "channel"),
        *("target", "occurred_at"),
    ),
    "offer.given.v1": ("guest_id", "offer", "version", "kind", "property", "occurred_at"),
    **dict.fromkeys(("offer.redeemed.v1", "offer.referred.v1"), _USED),
    "consent.changed.v1": ("guest_id", "channel", "purpose", "version", "state", "changed_at"),
    "guest.signed_up.v1": (
        *(
            "signup_id",
            "version",
            "guest_id",
            "form",
            "form_version",
            "property",
            "page",
            "is_new",
            "said_at",
            "occurred_at",
        ),
    ),
    "guest.event.v1": ("event_id", "version", "guest_id", "stay_id", "property", "name", "happened_at", "occurred_at"),
    "audience.changed.v1": ("guest_id", "segment", "version", "entered", "initial", "at"),
    "survey.answered.v1": (
        "answer_id",
        "version",
        "guest_id",
        "stay_id",
        "property",
        "score",
        "channel",
        "answered_at",
        "void",
    ),
    "case.opened.v1": _CASE,
    "case.closed.v1": _CASE,
    "task.closed.v1": (
        "task_id",
        "version",
        "guest_id",
        "stay_id",
        "property",
        "journey",
        "step",
        "open",
        "outcome",
        "occurred_at",
    ),
    "journey.entered.v1": (*("enrolment_id", "version", "guest_id", "stay_id", "property", "journey", "entered_at"),),
    "journey.told.v1": (
        *("told_id", "version", "guest_id", "stay_id", "property", "journey", "step", "name", "occurred_at"),
    ),
    "journey.launched.v1": ("journey", "version", "launched_at"),
    "journey.ended.v1": ("journey", "version", "ended_at"),
    "warning.raised.v1": (
        *("warning_id", "version", "signal", "property", "day", "value", "centre", "border", "part", "whole"),
        *("occurred_at", "about"),
    ),
    "property.changed.v1": ("code", "version", "name", "zone", "country", "occurred_at"),
}
"""By type, the fields that are told."""

HOTEL: Mapping[str, str] = {"guest.changed.v1": "home_property", "property.changed.v1": "code"}
"""The field that names the hotel, where it is not `property`."""

_OURS = "between our own services: what it leads to is told by the event of its outcome"
_HOUSE = "about the house's own people, programs and settings"
_NOTHING_HAPPENED = "what might come, in a rehearsal: nothing of it has happened"
UNTOLD: Mapping[str, str] = {
    **dict.fromkeys(("message.requested.v1", "message.withdrawn.v1", "message.reported.v1"), _OURS),
    "optout.requested.v1": _OURS,
    **dict.fromkeys(("webhook.changed.v1", "webhook.due.v1", "senders.changed.v1", "notice.settled.v1"), _OURS),
    **dict.fromkeys(("receiver.changed.v1", "sender.counted.v1", "feed.heard.v1"), _OURS),
    **dict.fromkeys(("point.refused.v1", "optin.requested.v1", "objection.unread.v1", "reply.answered.v1"), _OURS),
    **dict.fromkeys(("reply.affirmed.v1", "reply.received.v1", "answer.attributed.v1", "property.heard.v1"), _OURS),
    **dict.fromkeys(("stranger.recognised.v1", "task.requested.v1", "guest.update_requested.v1"), _OURS),
    **dict.fromkeys(("guest.tier_requested.v1", "journey.begun.v1", "answer.understood.v1"), _OURS),
    **dict.fromkeys(("audience.wanted.v1", "audience.listed.v1"), _OURS),
    **dict.fromkeys(("access.changed.v1", "access.heartbeat.v1", "session.ended.v1", "key.used.v1"), _HOUSE),
    **dict.fromkeys(("notice.requested.v1", "audit.recorded.v1", "guest.forgotten.v1", "alert.unlisted.v1"), _HOUSE),
    "test.requested.v1": _HOUSE,
    **dict.fromkeys(("rehearsal.requested.v1", "audience.forecast.v1"), _NOTHING_HAPPENED),
    **dict.fromkeys(("message.rehearsed.v1", "message.judged.v1"), _NOTHING_HAPPENED),
    **dict.fromkeys(("retention.changed.v1", "retention.counted.v1"), _HOUSE),
    **dict.fromkeys(("guest.file_requested.v1", "guest.file_part.v1"), _OURS),
    "stay.kept.v1": "what is left of a stay whose guest was erased: sums of ours, and nobody else's business",
}
"""By type, why nothing of it is told."""
