"""A split: how guests are divided among its ways, where each leads, and whether one may win."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from services.campaigns.pages.sentences.names import Names, all_of
from services.campaigns.pages.steps.view import StepView, Ways
from services.campaigns.schemas.forms import Form, whole
from services.campaigns.steps.kind import Document
from services.campaigns.steps.split import DAYS, FEWEST, MOST, NAMES
from shared.web.i18n.formatting import percent

USUAL_DAYS = 14


def way_name(name: str) -> str:
    """As it is called on pages: «Way A»."""
    return str(gettext("Way %(name)s", name=name.upper()))


def way_words(split: Document) -> list[str]:
    """Each way with its share."""
    weights = [way["weight"] if isinstance(way["weight"], int) else 0 for way in split["ways"]]
    return [
        str(gettext("Way %(name)s: %(share)s", name=way["name"].upper(), share=percent(weight, sum(weights) or 1)))
        for way, weight in zip(split["ways"], weights, strict=True)
    ]


def _named_ways(split: Document, _names: Names) -> Sequence[str]:
    return way_words(split)


def _sentence(split: Document, _names: Names) -> str:
    return str(gettext("Divide guests: %(ways)s", ways=all_of(way_words(split))))


def _more(split: Document) -> str:
    if not split["winner"]:
        return ""
    return str(
        gettext("The way that brings more within %(days)s days becomes everybody's", days=split["winner"]["days"])
    )


def _whole(split: Document, _names: Names, ways: Ways) -> str:
    led = [
        str(gettext("%(way)s, on to %(step)s", way=way, step=step))
        for way, step in zip(way_words(split), ways, strict=True)
    ]
    return "; ".join([*led, *([_more(split)] if split["winner"] else [])])


def _read(form: Form) -> Document:
    wanted = whole(form.get("count", str(FEWEST)))
    count = min(max(wanted, FEWEST), MOST) if isinstance(wanted, int) else FEWEST
    winner = {"days": whole(form.get("days", str(USUAL_DAYS)))} if form.get("winner") else None
    return {"ways": [_way(form, name) for name in NAMES[:count]], "winner": winner}


def _way(form: Form, name: str) -> Document:
    return {"name": name, "weight": whole(form.get(f"weight-{name}", "50")), "to": form.get(f"to-{name}") or None}


def _choices() -> Mapping[str, Any]:
    return {
        "counts": [(str(count), str(count)) for count in range(FEWEST, MOST + 1)],
        "usual_days": USUAL_DAYS,
        "way_name": way_name,
    }


VIEW = StepView(
    label=_l("Split"),
    icon="path",
    sentence=_sentence,
    whole=_whole,
    read=_read,
    more=_more,
    choices=_choices,
    named_ways=_named_ways,
    problems={
        "weight": _l("The share of a way is a whole number from 1 to 1000."),
        "days": _l(
            "The days after which ways are compared are a whole number from %(least)d to %(most)d.",
            least=DAYS[0],
            most=DAYS[1],
        ),
        "winner_without_goal": _l("Give the journey a goal: the way that wins is the one that reaches it more often."),
        "no_such_step": _l("A way of the split leads to a step that is no longer there."),
        "leads_back": _l("A way of the split leads back: move it above the step it leads to."),
        "ways_alike": _l("All ways of the split lead to the same step."),
    },
)
