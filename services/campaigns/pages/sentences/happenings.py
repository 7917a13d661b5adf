"""What happens to a guest and begins a journey, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import format_decimal, gettext
from flask_babel import lazy_gettext as _l

from services.campaigns.pages.sentences.names import Names, journey_words, offer_words
from services.campaigns.steps.happening_entry import (
    ANSWERED,
    CLICKED,
    CLOSED,
    CRITICISED,
    OPENED,
    POINTS,
    PRAISED,
    TIER,
    UNDERSTOOD,
    scores_of,
)
from services.campaigns.steps.kind import Document
from shared.vocabulary.case import CaseKind, Contentment
from shared.vocabulary.topic import TopicLabel
from shared.web.i18n.labels import label

HAPPENINGS: Mapping[str, Any] = {
    ANSWERED: _l("A guest answers a survey"),
    UNDERSTOOD: _l("A guest praises or criticises something in an answer"),
    OPENED: _l("A follow-up or complaint is opened"),
    CLOSED: _l("A follow-up or complaint is closed"),
    CLICKED: _l("A guest opens a link of a message"),
    "offer.redeemed": _l("A guest uses an offer"),
    "offer.referred": _l("A friend of a guest uses an offer"),
    TIER: _l("A guest reaches another tier"),
    POINTS: _l("A guest earns points, or reaches so many"),
}
CONTENT: Mapping[str, Any] = {
    Contentment.YES: _l("the guest is content with how it ended"),
    Contentment.NO: _l("the guest is not content with how it ended"),
}

FEELINGS: Mapping[str, Any] = {PRAISED: _l("praised"), CRITICISED: _l("criticised")}


def happening_words(entry: Document, names: Names) -> str:
    said = _words(entry, names)
    if entry.get("content"):
        said = gettext("%(when)s, and %(content)s", when=said, content=CONTENT[entry["content"]])
    if hotel := entry.get("hotel"):
        return str(gettext("%(when)s, at %(hotel)s", when=said, hotel=hotel))
    return said


def _words(entry: Document, names: Names) -> str:
    match entry["happening"]:
        case "survey.answered" if {"score_from", "score_to"} & entry.keys():
            low, high = scores_of(entry)
            return str(gettext("When a guest answers a survey with %(low)s to %(high)s of 10", low=low, high=high))
        case "survey.answered":
            return str(gettext("When a guest answers a survey"))
        case "answer.understood":
            return _understood_words(entry)
        case "case.opened" if entry.get("case"):
            return str(gettext("When a case is opened: %(kind)s", kind=label(CaseKind(entry["case"]))))
        case "case.opened":
            return str(gettext("When a follow-up or complaint is opened"))
        case "case.closed" if entry.get("case"):
            return str(gettext("When a case is closed: %(kind)s", kind=label(CaseKind(entry["case"]))))
        case "case.closed":
            return str(gettext("When a follow-up or complaint is closed"))
        case "message.clicked" if entry.get("of"):
            name = journey_words(entry["of"], names)
            return str(gettext("When a guest opens a link of a message of «%(journey)s»", journey=name))
        case "message.clicked":
            return str(gettext("When a guest opens a link of a message"))
        case "tier.changed" if entry.get("tier"):
            return str(gettext("When a guest's tier becomes «%(tier)s»", tier=entry["tier"]))
        case "tier.changed":
            return str(gettext("When a guest's tier becomes another one"))
        case "points.earned":
            return _points_words(entry.get("points_reached"), entry.get("points_earned"))
        case _:
            return _offer_words(entry, names)


def _points_words(reached: Any, earned: Any) -> str:
    """As they were typed where they are no numbers."""
    told = {
        "reached": format_decimal(reached) if isinstance(reached, int) else reached,
        "earned": format_decimal(earned) if isinstance(earned, int) else earned,
    }
    if reached and earned:
        return str(gettext("When a guest reaches %(reached)s points by earning at least %(earned)s at once", **told))
    if reached:
        return str(gettext("When a guest reaches %(reached)s points", **told))
    if earned:
        return str(gettext("When a guest earns at least %(earned)s points at once", **told))
    return str(gettext("When a guest earns points"))


def _understood_words(entry: Document) -> str:
    said = _spoken_of(entry)
    if {"score_from", "score_to"} & entry.keys():
        low, high = scores_of(entry)
        return str(gettext("%(when)s, with a score of %(low)s to %(high)s", when=said, low=low, high=high))
    return said


def _spoken_of(entry: Document) -> str:
    topic = label(TopicLabel(entry["topic"])) if entry.get("topic") in set(TopicLabel) else gettext("something")
    match entry.get("feeling"):
        case "positive":
            return str(gettext("When a guest praises in an answer: %(topic)s", topic=topic))
        case "negative":
            return str(gettext("When a guest criticises in an answer: %(topic)s", topic=topic))
        case _:
            return str(gettext("When a guest speaks in an answer of: %(topic)s", topic=topic))


def _offer_words(entry: Document, names: Names) -> str:
    offer, is_own = entry.get("offer"), entry["happening"] == "offer.redeemed"
    if offer:
        told = {"offer": offer_words(offer, names)}
        if is_own:
            return str(gettext("When a guest uses the offer «%(offer)s»", **told))
        return str(gettext("When a friend of a guest uses the offer «%(offer)s»", **told))
    return str(gettext("When a guest uses an offer") if is_own else gettext("When a friend of a guest uses an offer"))
