"""What a journey is for, in words."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext

from services.campaigns.pages.sentences.names import all_of, length
from services.campaigns.rules.document import goals_in
from services.campaigns.rules.goals import ANSWERED, BOOKED, CHIEF, CLICKED, STAYED, name_of
from services.campaigns.steps.kind import Document
from shared.web.i18n.formatting import money


def goal_words(goal: Document | None) -> str:
    if goal is None:
        return str(gettext("No goal"))
    words = _happens(goal, length({"days": goal["within_days"]}))
    return str(gettext("%(goal)s; the journey is over then", goal=words)) if goal.get("ends") else words


def goals_words(document: Document) -> str:
    return all_of([goal_words(goal) for goal in goals_in(document)]) if goals_in(document) else goal_words(None)


def _happens(goal: Document, days: str) -> str:
    kind, _, offer = str(goal["event"]).partition(":")
    if offer:
        text = gettext("The guest uses the offer «%(offer)s» within %(days)s of a message", offer=offer, days=days)
        return str(text)
    if goal.get("spent_from"):
        text = gettext("The guest's stays that end within %(days)s of a message come to %(sum)s at least",
                       days=days, sum=_sum(goal))  # fmt: skip
        return str(text)
    if "score_from" in goal or "score_to" in goal:
        return _answers(goal, days)
    match kind:
        case "offer.redeemed":
            return str(gettext("The guest uses an offer within %(days)s of a message", days=days))
        case _ if kind == STAYED:
            return str(gettext("A stay of the guest ends within %(days)s of a message", days=days))
        case _ if kind == ANSWERED:
            return str(gettext("The guest answers a survey within %(days)s of a message", days=days))
        case _ if kind == CLICKED:
            return str(gettext("The guest opens a link of a message within %(days)s", days=days))
    return str(gettext("The guest books within %(days)s of a message", days=days))


def _answers(goal: Document, days: str) -> str:
    low, high = goal.get("score_from", 0), goal.get("score_to", 10)
    text = gettext("The guest answers a survey with %(low)s to %(high)s within %(days)s of a message",
                   low=low, high=high, days=days)  # fmt: skip
    return str(text)


def _sum(goal: Document) -> str:
    """As it was typed, where that is no sum."""
    amount, currency = goal["spent_from"], goal.get("currency") or ""
    return money(amount, currency) if isinstance(amount, int) and len(currency) == 3 else f"{amount} {currency}"


def goal_choices(editor: Any) -> list[tuple[str, str]]:
    offers = [
        (f"offer.redeemed:{key}", str(gettext("The guest uses the offer «%(offer)s» after a message", offer=name)))
        for key, name in editor.offers
    ]
    return [
        ("", str(gettext("No goal"))),
        (BOOKED, str(gettext("The guest books after a message"))),
        (STAYED, str(gettext("A stay of the guest ends after a message"))),
        (ANSWERED, str(gettext("The guest answers a survey after a message"))),
        (CLICKED, str(gettext("The guest opens a link of a message"))),
        ("offer.redeemed", str(gettext("The guest uses an offer after a message"))),
        *offers,
    ]


def reached_words(document: Document, kept_as: str, journey: str) -> str:
    """That a goal was reached, as it is kept: one that the journey has no more is not named."""
    chief = document["goal"] if kept_as == CHIEF else None
    further = (goal for goal in document.get("further_goals", ()) if name_of(goal) == kept_as)
    goal = chief or next(further, None)
    if kept_as == CHIEF and (goal is None or goal["event"] == BOOKED):
        return str(gettext("Booked after a message of «%(journey)s»", journey=journey))
    if goal is None:
        return str(gettext("Reached a goal of «%(journey)s»", journey=journey))
    return str(gettext("Reached a goal of «%(journey)s»: %(goal)s", journey=journey, goal=goal_words(goal)))
