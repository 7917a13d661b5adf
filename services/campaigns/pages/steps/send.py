"""A message: which template, by which channel, how long it is of use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from services.campaigns.pages.sentences.names import Names, length
from services.campaigns.pages.steps.view import StepView, Ways
from services.campaigns.schemas.forms import Form, in_order, whole
from services.campaigns.steps.kind import Document
from services.campaigns.steps.send import WANTS
from shared.vocabulary.channel import Channel
from shared.web.i18n.labels import labels

WANTED = {
    "no_future_booking": _l("Not to guests who have a booking"),
    "in_house": _l("Also to guests who are in house"),
    "absence": _l("Not while the hotel's data is out of date"),
    "once_a_household": _l("Once a household"),
    "for_everyone": _l("Everybody gets this: nobody is chosen for it by their stays or profile"),
}


def channels_words(channels: list[str]) -> str:
    known = [labels(Channel).get(channel, channel) for channel in channels]
    if len(known) == 2:
        return str(gettext("By %(first)s, else by %(second)s", first=known[0], second=known[1]))
    return str(gettext("By %(first)s", first=known[0])) if known else str(gettext("By no channel yet"))


def _sentence(send: Document, names: Names) -> str:
    if not send["template"]:
        return str(gettext("A message that is not chosen yet"))
    return names.get(send["template"], send["template"])


def _whole(send: Document, names: Names, _ways: Ways) -> str:
    useful = gettext("of use for %(length)s", length=length(send["useful_for"]))
    wants = [str(WANTED.get(want, want)) for want in send["wants"]]
    return "; ".join((_sentence(send, names), channels_words(send["channels"]), useful, *wants))


def _more(send: Document) -> str:
    useful = length(send["useful_for"])
    return str(gettext("%(channels)s, of use for %(length)s", channels=channels_words(send["channels"]), length=useful))


def _read(form: Form) -> Document:
    return {
        "template": form.get("template").strip(),
        "channels": [name for name in _distinct(form) if name in labels(Channel)],
        "useful_for": {name: whole(form.get(f"useful_{name}") or "0") for name in ("days", "hours")},
        "wants": in_order(WANTS, form.getlist("wants")),
    }


def _distinct(form: Form) -> list[str]:
    return list(dict.fromkeys(form.get(name) for name in ("channel_1", "channel_2")))


def _choices() -> Mapping[str, Any]:
    return {"channels": labels(Channel), "wants": WANTED}


VIEW = StepView(
    label=_l("Message"),
    icon="mail",
    sentence=_sentence,
    whole=_whole,
    read=_read,
    more=_more,
    choices=_choices,
    problems={
        "template": _l("Choose the template of the message."),
        "channels": _l("Choose by which channel the message is sent."),
        "wants": _l("What everybody gets cannot rest on a guest's absence."),
        "useful_for": _l("Say how long the message is worth sending: up to 365 days or 240 hours."),
    },
)
