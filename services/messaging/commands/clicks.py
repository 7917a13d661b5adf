"""A tracked link is opened: where it leads, and whether that was the guest."""

from __future__ import annotations

import hmac
import ipaddress
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.messaging.queries.templates.links import Followed, followed, sealed_words
from services.messaging.rules.links.clicks import JUDGED_AFTER, KEPT_FOR_OTHERS, TOGETHER, judge, known_at_once
from services.messaging.rules.links.targets import with_utm, without_values
from services.messaging.store import clicks as store
from services.messaging.store.sending.sent_words import targets_of
from shared.bus.outbox import publish
from shared.crypto.purposes import Signing
from shared.crypto.sealing import KeyRing
from shared.crypto.short_links import ShortLinkSigner, read_short_link
from shared.database.pool import Tx
from shared.events.dictionary import Lane, chunk_of_rows
from shared.events.messaging import MessageClicked
from shared.telemetry import metrics

A_HOUSEHOLD = {4: 32, 6: 64}  # bits of an address that one place has


def follow_link(
    tx: Tx, token: str, *, method: str, headers: Mapping[str, str], address: str | None, at: datetime
) -> str | None:
    """Where the link leads; None for what was not signed here, or names no link. The request is kept, to be judged."""
    link = read_short_link(token)
    if link is None:
        return None
    candidates = {one.message_id: one for one in followed(tx, link.first, link.last, link.number)}
    message_id = ShortLinkSigner(tx.keyring).proved(link, candidates)
    if message_id is None:
        return None
    found = candidates[message_id]
    if found.is_counted:
        known = known_at_once(method, headers)
        place = {"message_id": message_id, "number": link.number, "at": at}
        store.keep_visit(tx, {**place, "source": _source(tx.keyring, address), "known": known and str(known)})
    return _target(tx, found, link.number)


def _target(tx: Tx, found: Followed, number: int) -> str:
    """As published; the values in it are those it was sent with, kept with the message's words. Once these are gone it
    leads to the page without them."""
    target = found.target
    if "{{" in target:
        sealed = sealed_words(tx, found.message_id)
        kept = targets_of(tx.keyring, sealed) if sealed else {}
        target = kept.get(number) or without_values(target)
    if found.adds_utm:
        return with_utm(target, channel=found.channel, journey=found.journey, step=found.step)
    return target


def _source(keyring: KeyRing, address: str | None) -> str:
    """Where a request came from, as a keyed hash: it only answers whether two came from the same place."""
    try:
        read = ipaddress.ip_address(address or "")
        place = str(ipaddress.ip_network((read, A_HOUSEHOLD[read.version]), strict=False))
    except ValueError:
        place = address or ""
    key = keyring.signing_keys(Signing.LINKS)[0]
    return hmac.digest(key, f"guestloop link source {place}".encode(), "sha256")[:12].hex()


def judge_visits(tx: Tx, at: datetime, most: int) -> int:
    """Of requests that are old enough, which were a guest's: each click is published once. How many were judged."""
    store.forget_visits(tx, at - KEPT_FOR_OTHERS)
    taken = store.take_visits(tx, {"until": at - JUDGED_AFTER, "together": TOGETHER, "most": most})
    due = [visit.id for visit in taken if not visit.judged]
    if not due:
        return 0
    found = judge(taken)
    raised = store.raise_clicks(
        tx,
        {
            "message_id": [one.message_id for one in found],
            "number": [one.number for one in found],
            "at": [one.at for one in found],
            "reason": [one.reason and str(one.reason) for one in found],
        },
    )
    store.mark_judged(tx, due)
    by_lane: defaultdict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for one in raised:
        by_lane[one.lane].append(one.row())
    for lane, rows in sorted(by_lane.items()):
        publish(tx, chunk_of_rows(MessageClicked, rows), at=at, lane=Lane(lane))
    metrics.record_visits(tx.service, (one.reason for one in found))
    return len(due)
