"""What the home page shows of messaging, and what other services ask of its templates: JSON."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, jsonify
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from services.messaging.config import Config
from services.messaging.pages import outages, sentences
from services.messaging.pages.domains.shown import lost_domains
from services.messaging.pages.going_live import steps
from services.messaging.pages.offers.labels import name_of, sees, stock_words
from services.messaging.pages.template_context import standing_stops, stop_in_words
from services.messaging.queries import home as queries
from services.messaging.queries import offers, senders, unwritten
from services.messaging.queries.templates import versions as templates
from services.messaging.rules.receipts import OPERATORS_ASKED
from services.messaging.store.offers.offers import offers as kept_offers
from services.messaging.store.templates.comments import open_for
from services.messaging.store.templates.four_eyes import waiting_for
from services.messaging.wording.languages import choose_language
from shared.access.people import May
from shared.database.pool import Tx
from shared.vocabulary.channel import Channel
from shared.web.access_control import me, my_hotels, needs, scope
from shared.web.i18n.labels import label
from shared.web.i18n.languages import language_name
from shared.web.i18n.shipped_names import shown_name
from shared.web.pages.delivery import waiting_for_a_person
from shared.web.pages.needs import Weight
from shared.web.site import here

home = Blueprint("messaging_home", __name__, url_prefix="/messaging")
A_DAY, AN_HOUR = timedelta(days=1), timedelta(hours=1)
WORTH_A_TRANSLATION = 0.02  # of the guests
NOT_SENT = "/messaging/messages?state=not_sent"


@home.get("/home")
@needs(May.SEE_FIGURES)
def figures() -> Response:
    now, looked_at = here().now(), scope()
    zones = {hotel.code: hotel.zone for hotel in my_hotels() if hotel.code in looked_at}
    with here().transaction() as tx:
        rows = queries.planned(tx, zones, now - A_DAY, now + A_DAY)
        needs_ = [
            *_stopped(),
            *_waiting(tx),
            *_lost_in_dns(tx),
            *_failing(tx),
            *_came_back(tx),
            *_unclear(tx),
            *_unwritten(tx),
            *_untranslated(tx),
        ]
        needs_ += _running_out(tx)
        needs_ += [*_to_approve(tx), *_commented(tx)]
        needs_ += waiting_for_a_person(tx)
        going_live = steps(tx, here().part(Config))
    return jsonify(needs=needs_, planned=queries.by_hour(rows, zones, now), going_live=going_live)


def _stopped() -> list[dict[str, Any]]:
    return [_need(stop_in_words(stop), "/messaging/stops", "bad", 1) for stop in standing_stops()]


def _waiting(tx: Tx) -> list[dict[str, Any]]:
    """What cannot go; and the house's senders that failed, are tried again, and keep nothing waiting."""
    page, told = "/messaging/senders" if me().may(May.ADMINISTER) else "/messaging/messages", outages.told(tx)
    found = [_need(text, page, "bad", count) for text, count, _ in told]
    for number, name, why in senders.resting(tx, here().now()):
        if str(number) not in {sender for _, _, sender in told}:
            text = gettext("The sender «%(name)s» fails: %(why)s", name=name, why=sentences.why(why))
            page = f"/messaging/senders/{number}" if me().may(May.ADMINISTER) else NOT_SENT
            found.append(_need(text, page, "bad", 1))
    return found


def _lost_in_dns(tx: Tx) -> list[dict[str, Any]]:
    """Domains of which DNS no longer says what it should: mail in their name may be refused."""
    if not me().may(May.ADMINISTER):
        return []
    return [
        _need(
            gettext("%(domain)s: DNS no longer says what it should of %(records)s", domain=name, records=one.lost),
            f"/messaging/domains/{name}",
            "bad",
            1,
        )
        for one in lost_domains(tx, here().part(Config))
        for name in [one.domain.name]
    ]


def _failing(tx: Tx) -> list[dict[str, Any]]:
    found = []
    for channel, reason, count in queries.failing(tx, here().now() - A_DAY):
        text = gettext(
            "%(count)s messages by %(channel)s failed since yesterday: %(why)s",
            count=count,
            channel=label(Channel(channel)),
            why=sentences.why(reason),
        )
        found.append(_need(text, f"/messaging/messages?state=not_sent&reason={reason}", "bad", count))
    return found


def _came_back(tx: Tx) -> list[dict[str, Any]]:
    """What came back for a reason that concerns every message like it: the operators have something to do."""
    found = []
    for channel, reason, count in queries.came_back(tx, here().now() - A_DAY, list(map(str, OPERATORS_ASKED))):
        text = ngettext(
            "%(num)s message by %(channel)s came back since yesterday: %(why)s",
            "%(num)s messages by %(channel)s came back since yesterday: %(why)s",
            count,
            channel=label(Channel(channel)),
            why=sentences.why(reason),
        )
        found.append(_need(text, f"/messaging/messages?state=sent&channel={channel}", "bad", count))
    return found


def _unclear(tx: Tx) -> list[dict[str, Any]]:
    page = "/messaging/unknowns" if me().may(May.OPERATE) else "/messaging/messages?state=unknown"
    count, lasting = queries.unclear(tx, scope(), here().now() - AN_HOUR)
    if lasting:
        text = ngettext(
            "The outcome of %(num)s message has been unclear for more than an hour",
            "The outcome of %(num)s messages has been unclear for more than an hour",
            lasting,
        )
        return [_need(text, page, "bad", lasting)]
    text = ngettext("The outcome of %(num)s message is unclear", "The outcome of %(num)s messages is unclear", count)
    return [_need(text, page, "look", count)] if count else []


def _unwritten(tx: Tx) -> list[dict[str, Any]]:
    """Messages that ended for an error of ours, by template: each page says why, and offers to try them again."""
    found = []
    for one in unwritten.by_template(tx, me().scope, here().now()):
        text = ngettext(
            "%(num)s message of «%(name)s» could not be written",
            "%(num)s messages of «%(name)s» could not be written",
            one.messages,
            name=shown_name(one.name),
        )
        page = f"/messaging/templates/{one.template}" if me().may(May.CONFIGURE) else NOT_SENT
        found.append(_need(text, page, "bad" if one.useful else "look", one.messages))
    return found


def _untranslated(tx: Tx) -> list[dict[str, Any]]:
    """Templates that many guests read in a language not their own."""
    if not me().may(May.CONFIGURE):
        return []
    spoken = templates.spoken(tx, scope())
    found = []
    for each in templates.listed(tx):
        if each.version and (missing := _missing(each, spoken)):
            text = gettext(
                "«%(name)s» is not written in %(languages)s",
                name=shown_name(each.document["name"]),
                languages=gettext(", ").join(language_name(tag) for tag in missing),
            )
            found.append(_need(text, f"/messaging/templates/{each.key}", "look", len(missing), Weight.TIDY))
    return found


def _running_out(tx: Tx) -> list[dict[str, Any]]:
    """Live offers whose codes do not last a fortnight: a message without a code is not sent."""
    found, stocks = [], offers.stocks(tx, offers.live_with_codes(tx), here().now())
    low = {key: stock for key, stock in stocks.items() if stock.is_low}
    for kept in kept_offers(tx, set(low)) if low else []:
        if sees(kept):
            text = gettext("«%(name)s»: %(left)s", name=name_of(kept.offer), left=stock_words(low[kept.key]))
            found.append(_need(text, f"/messaging/offers/{kept.key}", "look" if low[kept.key].left else "bad", 1))
    return found


def _to_approve(tx: Tx) -> list[dict[str, Any]]:
    """Drafts that wait for a second person, who may be this one."""
    if not me().may(May.CONFIGURE):
        return []
    return [
        _need(
            gettext("%(person)s asks you to approve «%(name)s»", person=one.asked_by, name=shown_name(one.name)),
            f"/messaging/templates/{one.key}/edit",
            "look",
            1,
            Weight.COLLEAGUE,
        )
        for one in waiting_for(tx, me().person_id)
    ]


def _commented(tx: Tx) -> list[dict[str, Any]]:
    """What others say of the drafts of whoever reads this."""
    found = []
    for one in open_for(tx, me().person_id):
        text = ngettext(
            "%(num)s open comment on «%(name)s»",
            "%(num)s open comments on «%(name)s»",
            one.comments,
            name=shown_name(one.name),
        )
        page = f"/messaging/templates/{one.key}/edit#comments"
        found.append(_need(text, page, "look", one.comments, Weight.COLLEAGUE))
    return found


def _missing(each: templates.Listed, spoken: dict[str, int]) -> list[str]:
    enough = sum(spoken.values()) * WORTH_A_TRANSLATION
    return [
        tag
        for tag, count in spoken.items()
        if count >= enough and choose_language(each.languages, tag).split("-")[0] != tag.split("-")[0]
    ]


def _need(text: str, url: str, tone: str, count: int, weight: Weight = Weight.SENDING) -> dict[str, Any]:
    return {"text": text, "url": url, "tone": tone, "count": count, "weight": weight}


@home.get("/templates/<key>/languages")
@needs(May.SEE_FIGURES)
def languages(key: str) -> Response:
    """Which languages a template is written in, on which channels, and which many guests read and it lacks."""
    with here().transaction() as tx:
        found, spoken = templates.one(tx, key), templates.spoken(tx, scope())
    if found is None or not found.version:
        abort(404)
    return jsonify(
        key=key,
        name=shown_name(found.document["name"]),
        version=found.version,
        channels=found.channels,
        languages=found.languages,
        missing=_missing(found, spoken),
        guests=spoken,
    )
