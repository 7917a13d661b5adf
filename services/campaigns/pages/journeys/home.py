"""What the home page asks campaigns for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import Blueprint
from flask_babel import gettext, ngettext

from services.campaigns.pages.journeys.lines import lines_of
from services.campaigns.pages.sentences.messages import message_words
from services.campaigns.queries import journeys as queries
from services.campaigns.queries.journeys import JourneyLine
from services.campaigns.store.four_eyes import waiting_for
from shared.access.four_eyes import Waiting
from shared.access.people import May
from shared.web.access_control import me, needs
from shared.web.i18n.formatting import number
from shared.web.navigation import address
from shared.web.pages.delivery import waiting_for_a_person
from shared.web.site import here

found = Blueprint("campaigns_home", __name__, url_prefix="/campaigns")
RECENT = timedelta(days=1)


@found.get("/home")
@needs(May.SEE_FIGURES)
def home() -> dict[str, Any]:
    with here().transaction() as tx:
        lines = lines_of(tx)
        rehearsed, aside = queries.any_checked(tx), waiting_for_a_person(tx)
        to_approve = waiting_for(tx, me().person_id) if me().may(May.CONFIGURE) else ()
    running = [line for line in lines if line.state in ("live", "paused")]
    return {
        "needs": [*_to_approve(to_approve), *_failing(running), *_paused(running), *aside],
        "journeys": [
            {"key": one.key, "name": one.name, "state": one.state, "entered": one.entered, "waiting": one.waiting}
            for one in running
        ],
        "rehearsed": rehearsed,
    }


def _to_approve(waiting: Sequence[Waiting]) -> list[dict[str, Any]]:
    return [
        {
            "text": gettext(
                "%(name)s asks you to approve the broadcast «%(broadcast)s»", name=one.asked_by, broadcast=one.name
            ),
            "url": address("broadcast", one.key),
            "tone": "look",
            "count": 1,
        }
        for one in waiting
    ]


def _failing(lines: list[JourneyLine]) -> list[dict[str, Any]]:
    since = here().now() - RECENT
    return [
        {
            "text": gettext(
                "«%(journey)s»: the last problem is «%(problem)s»",
                journey=one.name,
                problem=message_words(one.problem, one.problem_reason),
            ),
            "url": address("journey", one.key),
            "tone": "look",
            "count": 1,
        }
        for one in lines
        if one.problem is not None and one.problem_at is not None and one.problem_at >= since
    ]


def _paused(lines: list[JourneyLine]) -> list[dict[str, Any]]:
    return [
        {
            "text": ngettext(
                "«%(journey)s» is paused, %(count)s guest waits",
                "«%(journey)s» is paused, %(count)s guests wait",
                one.waiting,
                journey=one.name,
                count=number(one.waiting),
            ),
            "url": address("journey", one.key),
            "tone": "look",
            "count": one.waiting,
        }
        for one in lines
        if one.state == "paused" and one.waiting
    ]
