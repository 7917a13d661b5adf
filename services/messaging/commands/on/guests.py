"""What messaging keeps of guests.

Each function applies a subject only where its version is greater than the stored one, and reduces a chunk to each
subject's greatest first, so that order and repetition do not matter.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from services.messaging.commands.consents.ledger import publish_consents
from services.messaging.commands.consents.of_the_erased import honour_objections_of_the_erased, remember_objections
from services.messaging.commands.on.soundness import refuse_unknown_zones
from services.messaging.commands.points import settle_points
from services.messaging.personal_data import PERSONAL_DATA
from services.messaging.store.guests import merges
from services.messaging.store.guests import recipients as store
from services.messaging.store.guests.recognised import strangers_on_points_of
from services.messaging.wording.own_dates import kept
from shared.bus.erasing import wait_for_handlers
from shared.database.pool import Tx
from shared.events.dictionary import Chunk
from shared.personal_data.erase import erase_rows, keys_of
from shared.personal_data.events import forget_events
from shared.personal_data.forget import forget, guests_in
from shared.vocabulary.right import Right

POINT = ("channel", "point", "address", "kind", "stay_id", "forms")
CLAIM = ("channel", "state", "said_at", "source_ref", "expires_on")


def keep_guests(tx: Tx, chunk: Chunk, at: datetime) -> None:
    """Profile, contact points and what sources claim of consent. It is no news of the property: a colleague's
    correction changes a guest too."""
    refuse_unknown_zones(chunk, "home_zone")
    settle_points(tx, (point for theirs in chunk["points"] for point in theirs))
    rights = list(map(_rights, chunk["rights"]))
    own_dates = [json.dumps(kept(days)) for days in chunk["own_dates"]]
    told = {**chunk.columns, "rights": rights, "own_dates": own_dates, "again": chunk.republished}
    newest = dict(store.keep_guests(tx, told))
    _keep_points(tx, chunk, newest)
    _keep_claims(tx, chunk, at)
    honour_objections_of_the_erased(tx, list(newest))


def _rights(values: list[str]) -> str:
    """As PostgreSQL reads an array: lists of several lengths are no array of theirs."""
    return "{" + ",".join(sorted(set(values).intersection(Right))) + "}"


def _keep_points(tx: Tx, chunk: Chunk, newest: Mapping[str, int]) -> None:
    """The points of guests of whom this chunk has a newer version. Before the first version there are none, but in a
    republished chunk some may have outlived a lost table."""
    points: dict[str, list[dict[str, Any]]] = {}
    for guest_id, version, theirs in zip(chunk["guest_id"], chunk["version"], chunk["points"], strict=True):
        if newest.get(guest_id) == version:
            points[guest_id] = theirs
    if known := [guest_id for guest_id in points if chunk.republished or newest[guest_id] > 1]:
        store.drop_points(tx, {"guest_id": known})
    rows = [(id, rank, point) for id in sorted(points) for rank, point in enumerate(points[id], start=1)]
    if rows:
        columns = {name: [point[name] for _, _, point in rows] for name in POINT}
        store.add_points(tx, {**columns, "guest_id": [id for id, *_ in rows], "rank": [r for _, r, _ in rows]})


def _keep_claims(tx: Tx, chunk: Chunk, at: datetime) -> None:
    rows = [(id, claim) for id, theirs in zip(chunk["guest_id"], chunk["consents"], strict=True) for claim in theirs]
    if not rows:
        return
    columns = {name: [claim[name] for _, claim in rows] for name in CLAIM}
    columns["guest_id"] = [id for id, _ in rows]
    if others := store.keep_first_claims(tx, {**columns, "at": at}):
        names = ("guest_id", *CLAIM)
        store.keep_claims(tx, {**dict(zip(names, map(list, zip(*others, strict=True)), strict=True)), "at": at})


def merge_guests(tx: Tx, chunk: Chunk, at: datetime) -> None:
    """A merged guest is nobody until they are taken out again; what they withdrew or refused holds for the one they
    became."""
    concerned = merges.those_above(tx, merges.keep_tombstones(tx, chunk.columns))
    merges.keep_alone(tx, concerned)
    merges.hand_on_refusals(tx, concerned, at)


def unmerge_guests(tx: Tx, chunk: Chunk, at: datetime) -> None:
    """Each has again what they allowed alone, and their own messages. An objection stays with its contact point."""
    for place in range(len(chunk)):  # seldom more than one
        subject = {name: values[place] for name, values in chunk.columns.items()}
        guest, other = UUID(subject["guest_id"]), UUID(subject["from_guest_id"])
        leaving, above = merges.those_below(tx, guest), merges.those_above(tx, [guest, other])
        if not merges.revive(tx, guest, subject["version"]):
            continue
        left = [one for one in above if one not in leaving]
        merges.take_back_refusals(tx, left, leaving, at)
        merges.claimed_alone(tx, other, subject["from_consents"], at)
        merges.claimed_alone(tx, guest, subject["consents"], at)
        merges.hand_on_refusals(tx, [*left, guest], at)
        merges.forget_alone(tx, [*left, guest])
        own = {name: subject[name] for name in ("stays", "points", "merged_at")}
        merges.follow(tx, {"guest": guest, "from": other, **own})
        publish_consents(tx, merges.withdraw_by_points(tx, {"guest": guest, "at": at, **own}), at)


def erase_guests(tx: Tx, chunk: Chunk, at: datetime) -> None:
    """Nothing personal stays but that the guest is erased, and their objections as keyed hashes.

    What a sender is handing over at this moment ends as usual; whoever records its outcome erases it. What was answered
    to a stranger on a point that was theirs alone goes too.
    """
    wait_for_handlers(tx)
    guests = guests_in(chunk)
    strangers = strangers_on_points_of(tx, list(guests))
    store.add_tombstones(tx, {"guest_id": list(guests), "version": list(guests.values())})
    remember_objections(tx, list(guests), at)
    if strangers:
        erase_rows(tx, PERSONAL_DATA, strangers)
        forget_events(tx, strangers, keys_of(tx, PERSONAL_DATA, strangers))
    forget(tx, PERSONAL_DATA, guests, at)
