"""Offers are used, by guests or by their friends: exits, forks, waits and goals that rest on it.

A journey asks for an offer by its key, `offer.redeemed:winter`, or for any: `offer.redeemed`.
"""

from __future__ import annotations

from datetime import datetime

from services.campaigns.commands.let_in_happened import let_in_happened
from services.campaigns.commands.note_happenings import note_happenings
from services.campaigns.commands.reach_goals import reach_goals
from services.campaigns.steps.events import of_offer
from services.campaigns.store.journeys import live_journeys
from shared.database.pool import Tx
from shared.events import Chunk


def on_offer_used(tx: Tx, chunk: Chunk, at: datetime) -> None:
    """A use of which nobody knows whose it was moves nobody."""
    known = chunk.pick(place for place, guest in enumerate(chunk["guest_id"]) if guest is not None)
    if chunk.republished or not len(known):
        return
    lives, name = live_journeys(tx, at), chunk.type.name.removesuffix(".v1")
    offers = sorted(set(known["offer"]))
    by_offer = {of_offer(name, key): [n for n, one in enumerate(known["offer"]) if one == key] for key in offers}
    for event, places in {name: list(range(len(known))), **by_offer}.items():
        uses = known.pick(places)
        note_happenings(tx, lives, uses, "occurred_at", at, event=event)
        reach_goals(tx, lives, uses, event, "occurred_at", at)
    let_in_happened(tx, lives, known, "occurred_at", at)
