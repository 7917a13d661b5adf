"""The verdicts of a claim are written down, with the contacts that count and the events of what does not go now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from services.messaging.commands.on.news import look_for_news
from services.messaging.commands.sending.claimed import Judged
from services.messaging.commands.sending.gate_facts import GateFacts
from services.messaging.commands.sending.publish_status import publish_status
from services.messaging.rules.facts import Request
from services.messaging.rules.gate import Verdict
from services.messaging.rules.prices import Price, price_of
from services.messaging.store.sending import claims as store
from services.messaging.store.sending.results import MessageStatus
from shared.database.pool import Tx
from shared.vocabulary.message import MessageState
from shared.vocabulary.reason import Reason


def postpone(tx: Tx, requests: Sequence[Request], at: datetime, pause: timedelta) -> None:
    if requests:
        ids = [request.message_id for request in requests]
        store.postpone(tx, {"message_id": ids, "next_at": [at + pause] * len(ids), "at": at})


@dataclass(frozen=True, slots=True)
class Claimer:
    """Who claims, by what token, and until when what is claimed is theirs."""

    number: int
    token: UUID
    lease_until: datetime


def write_verdicts(tx: Tx, judged: Sequence[Judged], facts: GateFacts, claimer: Claimer, at: datetime) -> None:
    if not judged:
        return
    changed = store.record_verdicts(tx, _columns(judged, facts, claimer, at))
    assert changed == len(judged), "a message moved while its guest was locked"
    stale = {request.property for request, verdict in judged if verdict.reason is Reason.STALE_DATA}
    if hotels := sorted(filter(None, stale)):
        look_for_news(tx, hotels, at)
    publish_status(
        tx, (_state(request, verdict) for request, verdict in judged if verdict.state is not MessageState.CLAIMED), at
    )


def _columns(judged: Sequence[Judged], facts: GateFacts, claimer: Claimer, at: datetime) -> Mapping[str, Any]:
    verdicts = [verdict for _, verdict in judged]
    prices = [_price(request, verdict, facts) for request, verdict in judged]
    return {
        "message_id": [request.message_id for request, _ in judged],
        "state": [str(verdict.state) for verdict in verdicts],
        "reason": [verdict.reason and str(verdict.reason) for verdict in verdicts],
        "channel": [verdict.channel for verdict in verdicts],
        "point": [verdict.point and verdict.point.point for verdict in verdicts],
        "address": [verdict.point and verdict.point.address for verdict in verdicts],
        "language": [verdict.language for verdict in verdicts],
        "held_until": [verdict.held_until for verdict in verdicts],
        "wording": [verdict.channel and facts.words.version(request.template) for request, verdict in judged],
        "sender": [verdict.sender for verdict in verdicts],
        "price": [price and price.amount for price in prices],
        "price_currency": [price and price.currency for price in prices],
        "at": at,
        "token": claimer.token,
        "claimer": claimer.number,
        "lease_until": claimer.lease_until,
    }


def _price(request: Request, verdict: Verdict, facts: GateFacts) -> Price | None:
    """Of what goes: by where its number is, else by where its guest lives."""
    if verdict.state is not MessageState.CLAIMED or verdict.channel is None or verdict.point is None:
        return None
    country = facts.world.country_of(verdict.point) or facts.guests[request.guest_id].country
    return price_of(facts.prices, verdict.channel, country)


def _state(request: Request, verdict: Verdict) -> MessageStatus:
    return MessageStatus(
        message_id=request.message_id,
        version=request.version + 1,
        guest_id=request.guest_id,
        journey=request.journey,
        journey_version=request.journey_version,
        step=request.step,
        occurrence=request.occurrence,
        purpose=request.purpose,
        property=request.property,
        stay_id=request.stay_id,
        lane=request.lane,
        channel=verdict.channel,
        state=str(verdict.state),
        reason=verdict.reason and str(verdict.reason),
        held_until=verdict.held_until,
        language=verdict.language,
    )
