"""How offers read on pages: names in the reader's language, worth, days."""

from __future__ import annotations

from datetime import date

from services.messaging.library.offers import day_in_words, worth_in_words
from services.messaging.rules.offers.offer import Offer
from services.messaging.store.offers.offers import offers
from services.messaging.wording.languages import choose_language
from shared.database.pool import Tx
from shared.vocabulary.offer import OfferState
from shared.web.i18n.languages import locale


def tongue() -> str:
    """The reader's language as a tag."""
    return str(locale()).replace("_", "-")


def name_of(offer: Offer) -> str:
    return offer.name[choose_language(offer.name, tongue())] if offer.name else offer.key


def worth_of(offer: Offer) -> str:
    return worth_in_words(offer.worth, tongue())


def day(value: date) -> str:
    return day_in_words(value, tongue())


def live_offers(tx: Tx, besides: str | None) -> list[tuple[str, str]]:
    """What a template may make; and the one it names, whatever became of it."""
    found = [(kept.key, name_of(kept.offer)) for kept in offers(tx) if kept.state == OfferState.LIVE]
    known = {key for key, _ in found}
    return found if besides is None or besides in known else [*found, (besides, besides)]
