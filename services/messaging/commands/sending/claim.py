"""The claim: one transaction that takes what is due, asks the gate, and records the verdicts.

Nothing is sent here. What this transaction has committed as `claimed` is sent by the one who holds its token, and by
nobody else; refusals, holds and their events commit with it or not at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from services.messaging.commands.sending.choosing import Choosing
from services.messaging.commands.sending.claimed import NONE, NOTHING, Claim, Claimed, UnderWay
from services.messaging.commands.sending.gate_context import GateContext
from services.messaging.commands.sending.gate_facts import GateFacts, load_gate_facts
from services.messaging.commands.sending.judging import giving_of, judged_in_turn, set_apart, strangers, turn
from services.messaging.commands.sending.results import give_up, give_up_lost_claims, taken_up_after
from services.messaging.commands.sending.verdicts import Claimer, postpone, write_verdicts
from services.messaging.rules.facts import Request
from services.messaging.rules.gate import Verdict
from services.messaging.rules.hours import closes_at
from services.messaging.rules.window import window_closes_at
from services.messaging.store.sending import claims as store
from shared.bus.set_aside import work_in_halves
from shared.database.pool import Tx
from shared.ids import make_id
from shared.vocabulary.message import MessageState
from shared.vocabulary.purpose import Purpose

ASK_AGAIN_FOR_STRANGERS = timedelta(minutes=5)
ASK_AGAIN_FOR_CODES = timedelta(seconds=2)


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
    ordered = sorted(requests, key=lambda request: (request.guest_id, *turn(request)))
    failed = work_in_halves(tx, ordered, lambda some: claims.append(_claim(tx, context, claimer, some, at, under_way)))
    if failed:
        give_up(tx, {request.message_id: reason for request, reason in failed}, at)
    return [*claims, replace(NOTHING, decided=len(failed))]


def _take(
    tx: Tx, context: GateContext, claimer: int, at: datetime, most: int, under_way: UnderWay
) -> tuple[Sequence[Request], int]:
    """The due messages of locked guests, and how many claims were given up."""
    lease = context.config.lease
    guests, may_be_lost = store.lock_due_guests(tx, at, most, under_way.full, until=at + lease - taken_up_after(lease))
    lost = give_up_lost_claims(tx, claimer, lease, at, under_way.tokens) if may_be_lost else 0
    return store.due_requests(tx, guests, at) if guests else (), lost


def _claim(
    tx: Tx, context: GateContext, claimer: int, requests: Sequence[Request], at: datetime, under_way: UnderWay
) -> Claim:
    guests = sorted({request.guest_id for request in requests})
    if any(request.purpose == Purpose.MARKETING or request.wants for request in requests):
        store.lock_points(tx, guests)
    facts = load_gate_facts(tx, context, requests, guests, at)
    strange = strangers(tx, requests, facts, at)
    giving = giving_of(tx, context, requests, facts)
    choosing = Choosing(tx, context.serving, under_way.rooms, at)
    judged, waiting = judged_in_turn(sorted(set_apart(requests, strange), key=turn), facts, giving, choosing, at)
    token = make_id("claim", claimer, at.isoformat(), requests[0].message_id, requests[0].attempts)
    postpone(tx, strange, at, ASK_AGAIN_FOR_STRANGERS)
    postpone(tx, waiting, at, ASK_AGAIN_FOR_CODES)
    choosing.write(at)
    giving.write(at)
    facts.words.hand_over_codes(giving.shown_codes())
    write_verdicts(tx, judged, facts, Claimer(claimer, token, at + context.config.lease), at)
    going = tuple(
        _claimed(request, verdict, facts, choosing, at)
        for request, verdict in judged
        if verdict.state is MessageState.CLAIMED
    )
    return Claim(token, len(requests), going, facts.words)


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
