"""The claim: one transaction that takes what is due, asks the gate, and records the verdicts.

Nothing is sent here. What this transaction has committed as `claimed` is sent by the one who holds its token, and by
nobody else; refusals, holds, counted contacts and their events commit with it or not at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from services.messaging.channels.flow import Room
from services.messaging.commands.offers.giving import Giving, Taken
from services.messaging.commands.on.news import look_for_news
from services.messaging.commands.sending.choosing import Choosing, Waiting
from services.messaging.commands.sending.gate_context import GateContext
from services.messaging.commands.sending.gate_facts import GateFacts, load_gate_facts
from services.messaging.commands.sending.publish_status import publish_status
from services.messaging.commands.sending.results import give_up, give_up_expired_leases
from services.messaging.commands.sending.texts import MessageTexts
from services.messaging.rules.answers import answer_in
from services.messaging.rules.facts import Guest, Property, Request
from services.messaging.rules.gate import Verdict, judge
from services.messaging.rules.hours import closes_at
from services.messaging.rules.prices import Price, price_of
from services.messaging.rules.senders import HouseSender, Tiers
from services.messaging.rules.window import window_closes_at
from services.messaging.store.guest_segments import incomplete
from services.messaging.store.sending import claims as store
from services.messaging.store.sending.results import MessageStatus
from shared.bus.set_aside import work_in_halves
from shared.database.pool import Tx
from shared.ids import make_id
from shared.rows import row
from shared.vocabulary.message import MessageState
from shared.vocabulary.purpose import Purpose
from shared.vocabulary.reason import Reason

ASK_AGAIN_FOR_STRANGERS = timedelta(minutes=5)
ASK_AGAIN_FOR_CODES = timedelta(seconds=2)


@row
class Claimed:
    """A message that goes now, with what is needed to write it. `valid_for`: seconds a carrier may keep trying. `by`:
    the house's sender that it is given to, None for the environment's; `others`: all that might have it."""

    request: Request
    guest: Guest
    verdict: Verdict
    speaker: Property | None
    hotel: Property | None
    valid_for: int | None
    by: HouseSender | None = None
    others: Tiers = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """What one claim did: `decided` messages judged or given up, of which `messages` are sent, under one token."""

    token: UUID | None
    decided: int
    messages: tuple[Claimed, ...]
    words: MessageTexts | None


@dataclass(frozen=True, slots=True)
class UnderWay:
    """What the claimer is at: claims not yet wholly answered, channels with enough to do for now, and how much more
    each sender takes."""

    tokens: Sequence[UUID] = ()
    full: Sequence[str] = ()
    rooms: Mapping[str, Room] = field(default_factory=dict)


NONE = UnderWay()
NOTHING = Claim(None, 0, (), None)
Judged = tuple[Request, Verdict]


def claim_due(
    tx: Tx, context: GateContext, claimer: int, at: datetime, *, most: int, under_way: UnderWay = NONE
) -> Claim:
    """Take about `most` due messages, all of a guest together; lock, judge, record."""
    requests, lost = _take(tx, context, claimer, at, most, under_way)
    claim = _claim(tx, context, claimer, requests, at, under_way) if requests else NOTHING
    return replace(claim, decided=claim.decided + lost)


def claim_carefully(
    tx: Tx, context: GateContext, claimer: int, at: datetime, *, most: int, under_way: UnderWay = NONE
) -> list[Claim]:
    """The same where that raised: a message that cannot be judged has failed, and waits for a person; its neighbours
    are judged, in several claims."""
    requests, lost = _take(tx, context, claimer, at, most, under_way)
    claims = [replace(NOTHING, decided=lost)]
    ordered = sorted(requests, key=lambda request: (request.guest_id, *_turn(request)))
    failed = work_in_halves(tx, ordered, lambda some: claims.append(_claim(tx, context, claimer, some, at, under_way)))
    if failed:
        give_up(tx, {request.message_id: reason for request, reason in failed}, at)
    return [*claims, replace(NOTHING, decided=len(failed))]


def _take(
    tx: Tx, context: GateContext, claimer: int, at: datetime, most: int, under_way: UnderWay
) -> tuple[Sequence[Request], int]:
    """The due messages of locked guests, and how many claims were given up."""
    guests, expired = store.lock_due_guests(tx, at, most, under_way.full)
    lost = give_up_expired_leases(tx, claimer, context.config.lease, at, under_way.tokens) if expired else 0
    return store.due_requests(tx, guests, at) if guests else (), lost


def _claim(
    tx: Tx, context: GateContext, claimer: int, requests: Sequence[Request], at: datetime, under_way: UnderWay
) -> Claim:
    guests = sorted({request.guest_id for request in requests})
    if any(request.purpose == Purpose.MARKETING or request.wants for request in requests):
        store.lock_points(tx, guests)
    facts = load_gate_facts(tx, context, requests, guests, at)
    unlisted = incomplete_segments(tx, facts.words, requests)
    strange = [request for request in requests if _is_strange(request, facts, at, unlisted)]
    giving = _giving(tx, context, requests, facts)
    choosing = Choosing(tx, context.serving, under_way.rooms, at)
    judged, waiting = _judge(sorted(set_apart(requests, strange), key=_turn), facts, giving, choosing, at)
    token = make_id("claim", claimer, at.isoformat(), requests[0].message_id, requests[0].attempts)
    _postpone(tx, strange, at, ASK_AGAIN_FOR_STRANGERS)
    _postpone(tx, waiting, at, ASK_AGAIN_FOR_CODES)
    choosing.write(at)
    giving.write(at)
    facts.words.hand_over_codes(giving.shown_codes())
    _write(tx, context, judged, facts, token, claimer, at)
    going = tuple(
        _claimed(request, verdict, facts, choosing, at)
        for request, verdict in judged
        if verdict.state is MessageState.CLAIMED
    )
    return Claim(token, len(requests), going, facts.words)


def set_apart(requests: Sequence[Request], strange: Sequence[Request]) -> list[Request]:
    apart = {request.message_id for request in strange}
    return [request for request in requests if request.message_id not in apart]


def _turn(request: Request) -> tuple[bool, int, datetime, UUID]:
    return request.lane != "stay", -request.priority, request.due_at, request.message_id


def incomplete_segments(tx: Tx, words: MessageTexts, requests: Sequence[Request]) -> set[str]:
    """The segments by which these messages show blocks and whose members are not all known yet: just published."""
    named = frozenset[str]().union(*(words.segments_named(template) for template in {one.template for one in requests}))
    return incomplete(tx, named) if named else set()


def _is_strange(request: Request, facts: GateFacts, at: datetime, unlisted: Set[str]) -> bool:
    """The request came before any event of its guest, or before the members of a segment that its text asks for: the
    gate waits as long as the message is of use. A person's answer to somebody who is no guest waits for none."""
    if unlisted & facts.words.segments_named(request.template) and at <= request.useful_until:
        return True
    answer = answer_in(request)
    if answer and answer.address:
        return False
    return not facts.guests[request.guest_id].known and at <= request.useful_until


def _giving(tx: Tx, context: GateContext, requests: Sequence[Request], facts: GateFacts) -> Giving:
    """The offers that these messages make, with codes for all of them."""
    named = {request.message_id: facts.words.offer_named(request.template) for request in requests}
    giving = Giving(tx, {message_id: key for message_id, key in named.items() if key}, requests, context.code_marks)
    facts.words.make_offers(giving)
    return giving


def _judge(
    requests: Sequence[Request], facts: GateFacts, giving: Giving, choosing: Choosing, at: datetime
) -> tuple[list[Judged], list[Request]]:
    """In turn, each message counting for those after it. And those that are asked again in a moment."""
    judged, waiting = [], []
    for request in requests:
        guest = facts.guests[request.guest_id]
        verdict = judge(request, guest, facts.world, facts.tally, at)
        if choosing.is_needed and verdict.state is MessageState.CLAIMED:
            chosen = choosing.given(request, verdict, guest, facts)
            if isinstance(chosen, Waiting):
                continue
            verdict = chosen
        if giving.names_one(request) and verdict.state is MessageState.CLAIMED:
            refused = _without_offer(request, facts, giving, at)
            if refused is Taken.ASK_AGAIN:
                waiting.append(request)
                continue
            if refused is not None:
                verdict = Verdict(MessageState.SKIPPED, verdict.language, refused, verdict.channel, verdict.point)
        if verdict.state is MessageState.CLAIMED and verdict.point:
            facts.tally.note(request, guest, verdict.point, at)
            choosing.note(verdict)
        judged.append((request, verdict))
    return judged, waiting


def _without_offer(
    request: Request, facts: GateFacts, giving: Giving, at: datetime
) -> Reason | Literal[Taken.ASK_AGAIN] | None:
    """Why a message that may go does not, for its offer's sake; None: it goes, and its guest has a code."""
    hotel = facts.hotel(request) or facts.speaker(request)
    offer = giving.offer(request)
    if offer is None or not offer.is_made(at, hotel.zone if hotel else request.zone):
        return Reason.OFFER_OVER
    match giving.take(request):
        case Taken.HAS:
            return None
        case Taken.NONE_LEFT:
            return Reason.NO_CODE_LEFT
        case Taken.ASK_AGAIN:
            return Taken.ASK_AGAIN


def _postpone(tx: Tx, requests: Sequence[Request], at: datetime, pause: timedelta) -> None:
    if requests:
        ids = [request.message_id for request in requests]
        store.postpone(tx, {"message_id": ids, "next_at": [at + pause] * len(ids), "at": at})


def _write(
    tx: Tx, context: GateContext, judged: Sequence[Judged], facts: GateFacts, token: UUID, claimer: int, at: datetime
) -> None:
    if not judged:
        return
    verdicts = [verdict for _, verdict in judged]
    prices = [_price(request, verdict, facts) for request, verdict in judged]
    changed = store.record_verdicts(
        tx,
        {
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
            "counted": [_counts(request, verdict) for request, verdict in judged],
            "at": at,
            "token": token,
            "claimer": claimer,
            "lease_until": at + context.config.lease,
        },
    )
    assert changed == len(judged), "a message moved while its guest was locked"
    stale = {request.property for request, verdict in judged if verdict.reason is Reason.STALE_DATA}
    if hotels := sorted(filter(None, stale)):
        look_for_news(tx, hotels, at)
    publish_status(
        tx, (_state(request, verdict) for request, verdict in judged if verdict.state is not MessageState.CLAIMED), at
    )


def _counts(request: Request, verdict: Verdict) -> bool:
    return verdict.state is MessageState.CLAIMED and request.purpose == Purpose.MARKETING


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


def _window(request: Request, verdict: Verdict, facts: GateFacts) -> list[datetime]:
    """When it closes, where the message needs one."""
    assert verdict.point is not None
    closes = window_closes_at(request, verdict.point, verdict.language, facts.world)
    return [closes] if closes else []


def _claimed(request: Request, verdict: Verdict, facts: GateFacts, choosing: Choosing, at: datetime) -> Claimed:
    guest = facts.guests[request.guest_id]
    valid_for = None
    if verdict.channel and facts.world.channels[verdict.channel].is_queued:
        closes = closes_at(request, guest, verdict.channel, facts.world, at, verdict.point)
        closes = min(closes, request.useful_until, *_window(request, verdict, facts))
        valid_for = max(int((closes - at).total_seconds()), 1)
    speaker, hotel = facts.speaker(request), facts.hotel(request)
    by = choosing.sender(verdict.sender) if verdict.sender else None
    others = choosing.tiers(verdict, guest, facts, speaker) if by else ()
    return Claimed(request, guest, verdict, speaker, hotel, valid_for, by, others)
