"""Home: is everything being sent, and is it working?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, render_template
from flask_babel import gettext, ngettext

from services.console.pages.home.month import coming_days, month_of
from services.console.pages.home.today import SPARK_DAYS, day_of, journeys_of, today_of
from services.console.pages.other_services import ask, silence_of
from services.console.pages.webhooks import needs_of_webhooks
from services.console.queries.home import by_day, launched, sent_between
from services.console.queries.properties import with_a_brand
from services.console.store.backups import NewestBackup, newest_backup
from services.console.store.warnings import count_unseen
from shared.access.people import Hotel, May
from shared.localtime import local_date
from shared.web.access_control import chosen_hotel, me, my_hotels, needs, scope
from shared.web.i18n.formatting import number
from shared.web.pages.delivery import waiting_for_a_person
from shared.web.pages.needs import Weight
from shared.web.site import here

HOME = Blueprint("console_home", __name__)
ASKED = ("segments", "campaigns", "messaging", "feedback")
STALE_AFTER = timedelta(hours=36)
Answers = Mapping[str, Mapping[str, Any] | None]


@dataclass(frozen=True)
class Step:
    """One of those between an empty house and guests who are written to."""

    text: str
    url: str
    done: bool


@HOME.get("/")
@needs(May.SEE_FIGURES)
def show() -> str:
    now, hotels = here().now(), hotels_shown()
    with here().transaction() as tx:
        sent = sent_between(tx, *day_of(hotels, now), [hotel.code for hotel in hotels])
        daily, keys = by_day(tx, (now.astimezone(UTC) - timedelta(days=SPARK_DAYS)).date(), scope()), launched(tx)
        own, branded = [*waiting_for_a_person(tx), *_warned(count_unseen(tx, scope()))], with_a_brand(tx)
        own += _backed_up(newest_backup(tx), now) if me().may(May.OPERATE) else []
    answers = ask(ASKED, "home")
    wanted = in_order([*needs_of(answers), *own, *(needs_of_webhooks() if me().may(May.ADMINISTER) else ())])
    journeys = _of(answers, "campaigns", "journeys", [{"key": key} for key in keys])
    zone = hotels[0].zone if hotels else "UTC"
    today = local_date(now, zone)
    return render_template(
        "home.html",
        title=title_of(wanted, answers) if keys else gettext("Nothing is sent before a journey is launched"),
        wanted=wanted,
        today=today_of(hotels, sent, _of(answers, "messaging", "planned", {}), now),
        month=month_of(daily, _of(answers, "campaigns", "won", None), today),
        home_zone=zone,
        coming=coming_days(_of(answers, "campaigns", "coming", []), today),
        journeys=journeys_of(journeys, daily, now.date()),
        scores=scores_of(_of(answers, "feedback", "nps", []), hotels),
        freshness=freshness_of(_of(answers, "segments", "heard", []), hotels, now),
        silent=[silence_of(service) for service in ASKED if answers[service] is None],
        is_quiet=bool(keys) and not wanted and None not in answers.values(),
        first_run=first_run(answers, bool(keys), branded),
    )


def hotels_shown() -> list[Hotel]:
    chosen = chosen_hotel()
    return [chosen] if chosen else my_hotels()


def _of(answers: Answers, service: str, key: str, default: Any) -> Any:
    answer = answers[service]
    return default if answer is None else answer.get(key, default)


def needs_of(answers: Answers) -> list[Mapping[str, Any]]:
    """What needs a person, from all services."""
    return [need for service in ASKED for need in _of(answers, service, "needs", [])]


def in_order(wanted: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """First what is urgent; then by whom it lets down: a guest who waits before two who might be one."""
    return sorted(wanted, key=lambda need: (need.get("tone") != "bad", need.get("weight", Weight.TIDY)))


def _warned(unseen: int) -> list[dict[str, Any]]:
    """Figures outside what chance explains."""
    if not unseen:
        return []
    text = ngettext("%(num)s warning nobody has seen yet", "%(num)s warnings nobody has seen yet", unseen)
    return [{"text": text, "url": "/figures/warnings", "tone": "look", "weight": Weight.GUEST, "count": unseen}]


def _backed_up(newest: NewestBackup | None, now: datetime) -> list[dict[str, Any]]:
    """A backup that is too old, where somebody tells of backups at all."""
    if newest is None or not newest.is_too_old(now):
        return []
    hours = (now - newest.at) // timedelta(hours=1)
    text = gettext("The newest verified backup is %(hours)s hours old", hours=number(hours))
    return [{"text": text, "url": "/delivery", "tone": "bad", "weight": Weight.DATA}]


def title_of(wanted: list[Mapping[str, Any]], answers: Answers) -> str:
    if count := len([need for need in wanted if need.get("tone") == "bad"]):
        return str(ngettext("%(num)d thing needs you now", "%(num)d things need you now", count))
    if answers["messaging"] is None or answers["campaigns"] is None:
        return gettext("Part of Guestloop does not answer")
    if wanted:
        return str(
            ngettext(
                "Everything is being sent; %(num)d thing to check",
                "Everything is being sent; %(num)d things to check",
                len(wanted),
            )
        )
    return gettext("Everything is being sent")


def scores_of(scores: list[Mapping[str, Any]], hotels: list[Hotel]) -> list[dict[str, Any]]:
    names = {hotel.code: hotel.name for hotel in hotels}
    return [
        {**one, "name": names[one["hotel"]], "score": f"{one['score']:+d}".replace("-", "−")}
        for one in scores
        if one.get("hotel") in names and one.get("n")
    ]


def freshness_of(
    imports: list[Mapping[str, Any]], hotels: list[Hotel], now: datetime
) -> list[tuple[Hotel, datetime | None, bool]]:
    """When data of each hotel last arrived, and whether that is too long ago."""
    at = {one["code"]: datetime.fromisoformat(one["at"]) if one.get("at") else None for one in imports}
    known = [(hotel, at[hotel.code]) for hotel in hotels if hotel.code in at]
    return [(hotel, instant, instant is None or now - instant > STALE_AFTER) for hotel, instant in known]


def first_run(answers: Answers, is_launched: bool, branded: frozenset[str]) -> list[Step]:
    """The steps until all are done, each ticked by doing; none where a service does not answer, or the reader may not
    do them. Where the environment decides what is really sent, that is no step. `branded`: hotels whose mails show
    whose they are."""
    guests, rehearsed = _of(answers, "segments", "guests", None), _of(answers, "campaigns", "rehearsed", None)
    consents = bool(_of(answers, "segments", "consents", False))
    told = _of(answers, "messaging", "going_live", None)
    if guests is None or rehearsed is None or not me().may(May.CONFIGURE):
        return []
    journey = [
        Step(gettext("Import your guests"), "/segments/imports", guests > 0),
        Step(gettext("Say what they agreed to: an import asks what yes and no mean"), "/segments/imports", consents),
        Step(gettext("Rehearse a journey"), "/campaigns/journeys", bool(rehearsed)),
        Step(gettext("Launch it"), "/campaigns/journeys", is_launched),
    ]
    steps = [*(_house(branded) if me().may(May.ADMINISTER) else []), *journey, *_outside(told)]
    return [] if is_launched and (told is None or told["live"]) else steps


def _house(branded: frozenset[str]) -> list[Step]:
    mine = [hotel.code for hotel in my_hotels()]
    unknown = [code for code in mine if code not in branded]
    look = f"/properties/{unknown[0]}/brand" if unknown else "/properties"
    return [
        Step(gettext("Add your hotel"), "/properties/new", bool(mine)),
        Step(gettext("Show whose mail it is: name, logo and postal address"), look, bool(mine) and not unknown),
    ]


def _outside(told: Mapping[str, bool] | None) -> list[Step]:
    """Those that administrators alone may do."""
    if told is None or not me().may(May.ADMINISTER):
        return []
    return [
        Step(gettext("Set up a sender and send yourself a test"), "/messaging/senders", told["sender"]),
        Step(gettext("Show DNS that your mail is yours"), "/messaging/domains", told["domain"]),
        Step(gettext("Go live"), "/messaging/going-live", told["live"]),
    ]
