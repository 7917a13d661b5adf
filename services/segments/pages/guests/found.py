"""Why a guest was found, and what was tried where nobody was, in words."""

from __future__ import annotations

from typing import assert_never
from uuid import UUID

from flask_babel import gettext

from services.segments.queries.guests.finding import Page
from services.segments.rules.search.reasons import Hit, How, tried
from shared.web.i18n.labels import label


def because(page: Page) -> dict[UUID, list[str]]:
    """A line for each word that is not plainly in the name by which the guest is listed."""
    found = {guest: [_line(hit) for hit in hits if not hit.is_plain] for guest, hits in page.hits.items()}
    return {guest: list(dict.fromkeys(lines)) for guest, lines in found.items() if lines}


def tried_for(page: Page, contacts: bool) -> list[tuple[str, list[str]]]:
    """Each word, and what it was tried as."""
    return [(asked.text, [label(how) for how in tried(asked, contacts)]) for asked in page.reading]


def _line(hit: Hit) -> str:
    match hit.how:
        case How.NAME | How.BEGINNING | How.SPELLING | How.SLIP if not hit.is_shown:
            return gettext("also known as %(name)s", name=hit.what)
        case How.NAME | How.BEGINNING:
            return gettext("«%(word)s» is in the name", word=hit.word)
        case How.SPELLING:
            return gettext("«%(word)s» is another spelling of the name", word=hit.word)
        case How.SLIP:
            return gettext("«%(word)s» is one letter away from the name", word=hit.word)
        case How.RESERVATION:
            return gettext("reservation %(number)s", number=hit.what)
        case How.PHONE:
            return gettext("a phone number ends with «%(word)s»", word=hit.word)
        case How.EMAIL:
            return gettext("«%(word)s» is in an e-mail address", word=hit.word)
    assert_never(hit.how)
