"""What may stand in a journey's goals."""

from __future__ import annotations

from typing import Any

from marshmallow import fields as marsh
from marshmallow import validates_schema

from services.campaigns.rules.goals import ANSWERED, BOOKED, CLICKED, STAYED
from services.campaigns.steps.fields import KEY, Strict, Whole, wrong
from shared.whole_text import WholeText

SIMPLE = (BOOKED, STAYED, ANSWERED, CLICKED, "offer.redeemed")
GOALS = WholeText(
    rf"^({'|'.join(one.replace('.', '[.]') for one in SIMPLE)}|offer\.redeemed:{KEY.pattern})$",
    error=f"one of {', '.join(SIMPLE)} expected; the last may name the offer, as offer.redeemed:winter",
)
MOST_FURTHER = 6


class GoalSchema(Strict):
    event = marsh.String(required=True, validate=GOALS)
    within_days = Whole(1, 365, required=True)
    spent_from = Whole(1, 1_000_000_000)
    currency = marsh.String(validate=WholeText("^[A-Z]{3}$", error="three capital letters, such as EUR"))
    score_from = Whole(0, 10)
    score_to = Whole(0, 10)
    ends = marsh.Boolean()

    @validates_schema
    def fits_the_event(self, data: dict[str, Any], **kwargs: Any) -> None:
        if ("spent_from" in data) != ("currency" in data):
            raise wrong("money_alone", "what is spent has an amount and a currency", "spent_from")
        if "spent_from" in data and data.get("event") != STAYED:
            raise wrong("not_a_stay", "only a guest who stayed has spent something", "spent_from")
        if {"score_from", "score_to"} & data.keys() and data.get("event") != ANSWERED:
            raise wrong("not_an_answer", "only an answer has a score", "score_from")
        if data.get("score_from", 0) > data.get("score_to", 10):
            raise wrong("no_score", "no score is at least more than at most", "score_from")
