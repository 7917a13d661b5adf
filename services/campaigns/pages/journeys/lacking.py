"""What a journey's messages lack in the library of templates, in words, and where it is put right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext

from services.campaigns.pages.neighbours import Choices, Languages
from services.campaigns.pages.sentences.names import all_of
from services.campaigns.rules.document import templates_named
from services.campaigns.shipped import OFFERED, shipped
from services.campaigns.steps import offers_in, segments_in
from services.campaigns.steps.kind import Document
from services.campaigns.steps.own_conditions import is_own
from shared.vocabulary.channel import Channel
from shared.web.i18n.labels import labels
from shared.web.i18n.languages import language_name
from shared.web.navigation import address


@dataclass(frozen=True)
class Lack:
    """`stops`: nothing could be sent at all; else guests would read another language or be reached in one way less,
    which somebody has to want."""

    text: str
    url: str
    verb: str
    stops: bool


def lacking(messages: Sequence[Document], known: Choices, languages: Mapping[str, Languages | None]) -> list[Lack]:
    """Of these messages, contents of send steps. Empty where messaging does not answer: it is asked again as each
    message goes."""
    found: list[Lack] = []
    for message in messages:
        key = str(message["template"])
        name = known.names.get(key, key)
        written = languages.get(key)
        if known.heard_templates and key not in known.templates:
            found.append(_no_template(key, name))
        elif written is not None:
            found += _no_text(message, name, written)
    return list(dict.fromkeys(found))


def lacking_conditions(document: Document, known: Choices) -> list[Lack]:
    """Of the conditions that its forks have of their own: those that nobody has written yet."""
    if not known.heard_segments:
        return []
    found = []
    for step in document["steps"]:
        if any(is_own(one) and one not in known.segments for one in segments_in(step)):
            text = gettext("A fork asks a condition of its own that is not written yet.")
            url = f"{address('journey', document['key'])}/edit?open={step['key']}"
            found.append(Lack(str(text), url, str(gettext("Write the condition")), stops=True))
    return found


def lacking_offers(document: Document, known: Choices) -> list[Lack]:
    """Of the offers that its steps give. Empty where messaging does not answer."""
    if known.live_offers is None:
        return []
    given = dict.fromkeys(offer for step in document["steps"] for offer in offers_in(step))
    return [_not_live(key, known.offers.get(key, key)) for key in given if key not in known.live_offers]


def _not_live(key: str, name: str) -> Lack:
    text = gettext("The offer «%(offer)s» is not live: messages that make it could not be sent.", offer=name)
    return Lack(str(text), address("offer", key), str(gettext("Look at the offer")), stops=True)


def _no_template(key: str, name: str) -> Lack:
    text = gettext("There is no published template «%(template)s»: its message could not be sent.", template=name)
    begins = f"?begins_as={key}" if key in _of_gallery() else ""
    return Lack(str(text), f"/messaging/templates/new{begins}", str(gettext("Write the template")), stops=True)


def _of_gallery() -> set[str]:
    """The templates that ready journeys send: the gallery of templates has them."""
    return {template for one in OFFERED for template in templates_named(shipped(one))}


def _no_text(message: Document, name: str, written: Languages) -> list[Lack]:
    url, verb = f"{address('template', message['template'])}/edit", str(gettext("Edit the template"))
    unwritten = [channel for channel in message["channels"] if written.channels and channel not in written.channels]
    wanted = all_of([str(labels(Channel)[channel]) for channel in unwritten])
    if len(unwritten) == len(message["channels"]):
        text = gettext("The template «%(template)s» has no text for %(channels)s.", template=name, channels=wanted)
        return [Lack(str(text), url, verb, stops=True)]
    found: list[Lack] = []
    if unwritten:
        text = gettext(
            "The template «%(template)s» has no text for %(channels)s, by which its message is to go as well: nobody "
            "would get it that way.",
            template=name,
            channels=wanted,
        )
        found.append(Lack(str(text), url, verb, stops=False))
    if written.missing:
        text = gettext(
            "The template «%(template)s» is not written in %(languages)s, which many guests read: they would get "
            "another language.",
            template=name,
            languages=all_of([language_name(tag) for tag in written.missing]),
        )
        found.append(Lack(str(text), url, verb, stops=False))
    return found
