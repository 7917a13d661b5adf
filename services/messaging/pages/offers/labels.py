"""How offers read on pages: names in the reader's language, worth, days."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext, ngettext

from services.messaging.library.offers import TO_CHOOSE, day_in_words, worth_in_words
from services.messaging.rules.offers.offer import Offer
from services.messaging.rules.offers.pace import Stock
from services.messaging.store.offers.offers import Kept, offers
from services.messaging.wording.languages import choose_language
from shared.database.pool import Tx
from shared.vocabulary.offer import OfferState, RedeemedBy
from shared.vocabulary.term import Term
from shared.web.access_control import me
from shared.web.i18n.formatting import number
from shared.web.i18n.labels import label
from shared.web.i18n.languages import locale


def tongue() -> str:
    """The reader's language as a tag."""
    return str(locale()).replace("_", "-")


def sees(kept: Kept) -> bool:
    """An offer of all hotels is everybody's to see; another belongs to those of its hotels."""
    return not kept.offer.hotels or any(me().sees(code) for code in kept.offer.hotels)


def name_of(offer: Offer) -> str:
    return offer.name[choose_language(offer.name, tongue())] if offer.name else offer.key


def worth_of(offer: Offer) -> str:
    return worth_in_words(offer.worth, tongue())


def terms_of(offer: Offer) -> str:
    return offer.terms[choose_language(offer.terms, tongue())] if offer.terms else ""


def day(value: date) -> str:
    return day_in_words(value, tongue())


def live_offers(tx: Tx, besides: str | None) -> list[tuple[str, str]]:
    """What a template may make; and the one it names, whatever became of it."""
    found = [(kept.key, name_of(kept.offer)) for kept in offers(tx) if kept.state == OfferState.LIVE and sees(kept)]
    known = {key for key, _ in found}
    if besides is None or besides in known:
        return found
    return [*found, (besides, str(gettext("Choose an offer")) if besides == TO_CHOOSE else besides)]


def stock_words(stock: Stock) -> str:
    """How many codes are left, and for how long they last."""
    left = ngettext("%(count)s code is left", "%(count)s codes are left", stock.left, count=number(stock.left))
    if stock.days is None or stock.left == 0:
        return str(left)
    return str(
        ngettext(
            "%(left)s, enough for %(num)s day at this pace",
            "%(left)s, enough for %(num)s days at this pace",
            stock.days,
            left=left,
        )
    )


def told(source: str) -> str:
    return label(RedeemedBy(source))


def pairs(terms: type[Term]) -> list[tuple[str, str]]:
    """As a choice shows them."""
    return [(str(one), label(one)) for one in terms]


def twice(values: list[str]) -> list[tuple[str, str]]:
    return [(one, one) for one in values]
