"""Guests that the index proposes, compared with the question as they stand: only what is known by whom asks counts."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from services.segments.queries.search.matches import Within
from services.segments.rules.search.parts import plain_number
from services.segments.rules.search.question import Reading
from services.segments.rules.search.reasons import Hit, Known, hits
from services.segments.store.finding.search_rows import Findable, findable
from shared.crypto.purposes import Sealing
from shared.crypto.sealing import CannotOpen
from shared.database.pool import Tx


def hits_of(tx: Tx, guests: Iterable[UUID], reading: Reading, within: Within) -> dict[UUID, tuple[Hit, ...]]:
    """Of those in whom each word of the reading is found, how."""
    found = {guest.id: hits(reading, _known(tx, guest, reading, within)) for guest in findable(tx, list(guests))}
    return {guest: how for guest, how in found.items() if how is not None}


def _known(tx: Tx, guest: Findable, reading: Reading, within: Within) -> Known:
    theirs = {number for hotel, number in guest.stays if hotel in within.scope}
    if not within.reservations:  # a whole number finds its guest for everybody
        whole = {plain_number("".join(one.text for one in reading)), *(plain_number(one.text) for one in reading)}
        theirs = {number for number in theirs if plain_number(number) in whole}
    reservations = tuple(sorted(theirs))
    points = _opened(tx, guest) if within.contacts else []
    emails = tuple(address for channel, address in points if channel == "email")
    phones = tuple(address for channel, address in points if channel == "sms")
    return Known(tuple(guest.names), emails, phones, reservations)


def _opened(tx: Tx, guest: Findable) -> list[tuple[str, str]]:
    found = []
    for channel, sealed in guest.points:
        try:
            found.append((channel, tx.keyring.open(sealed, Sealing.CONTACT)))
        except CannotOpen:
            continue  # nobody is found by it
    return sorted(found)
