"""What segments hears, and which command each event becomes."""

from __future__ import annotations

from services.segments.commands.hear import (
    hear_answers,
    hear_cases,
    hear_consents,
    hear_launches,
    hear_messages,
    hear_properties,
    update_guests,
)
from shared.access import ACCESS
from shared.hearing import Concern

MESSAGES = ("sent", "delivered", "failed", "skipped", "held", "unknown", "bounced", "complained", "clicked")

CONCERNS = (
    Concern("properties", {"property.changed.v1": hear_properties}),
    Concern("consents", {"consent.changed.v1": hear_consents}),
    Concern("messages", {f"message.{what}.v1": hear_messages for what in MESSAGES}),
    Concern(
        "answers",
        {"survey.answered.v1": hear_answers, "case.opened.v1": hear_cases, "case.closed.v1": hear_cases},
    ),
    Concern("updates", {"guest.update_requested.v1": update_guests}),
    Concern("journeys", {"journey.launched.v1": hear_launches}),
    ACCESS,
)
