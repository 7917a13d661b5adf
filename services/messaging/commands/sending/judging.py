"""The gate is asked about a claim's messages, in their turn: each counts for those after it."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import replace
from datetime import datetime
from typing import Literal
from uuid import UUID

from services.messaging.commands.offers.giving import Giving, Taken
from services.messaging.commands.sending.choosing import Choosing, Waiting
from services.messaging.commands.sending.claimed import Judged
from services.messaging.commands.sending.gate_context import GateContext
from services.messaging.commands.sending.gate_facts import GateFacts
from services.messaging.commands.sending.texts import MessageTexts
from services.messaging.rules.answers import answer_in
from services.messaging.rules.facts import Guest, Request
from services.messaging.rules.gate import GOES_OR_WAITS, Verdict, judge
from services.messaging.store.guest_segments import incomplete
from shared.database.pool import Tx
from shared.vocabulary.message import MessageState
from shared.vocabulary.reason import Reason


def turn(request: Request) -> tuple[bool, int, datetime, UUID]:
    return request.lane != "stay", -request.priority, request.due_at, request.message_id


def strangers(tx: Tx, requests: Sequence[Request], facts: GateFacts, at: datetime) -> list[Request]:
    """Those of which something is yet to be heard, and which are asked again later."""
    unlisted = incomplete_segments(tx, facts.words, requests)
    return [request for request in requests if _is_strange(request, facts, at, unlisted)]


def set_apart(requests: Sequence[Request], strange: Sequence[Request]) -> list[Request]:
    apart = {request.message_id for request in strange}
    return [request for request in requests if request.message_id not in apart]


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


def giving_of(tx: Tx, context: GateContext, requests: Sequence[Request], facts: GateFacts) -> Giving:
    """The offers that these messages make, with codes for all of them."""
    named = {request.message_id: facts.words.offer_named(request) for request in requests}
    giving = Giving(tx, {message_id: key for message_id, key in named.items() if key}, requests, context.code_marks)
    facts.words.make_offers(giving)
    return giving


def judged_in_turn(
    requests: Sequence[Request], facts: GateFacts, giving: Giving, choosing: Choosing, at: datetime
) -> tuple[list[Judged], list[Request]]:
    """In turn, each message counting for those after it. And those that are asked again in a moment."""
    judged, waiting = [], []
    for request in requests:
        guest = facts.guests[request.guest_id]
        verdict = _on_a_way(request, guest, facts, choosing, at)
        if isinstance(verdict, Waiting):
            continue
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


def _on_a_way(request: Request, guest: Guest, facts: GateFacts, choosing: Choosing, at: datetime) -> Verdict | Waiting:
    """By the first of its channels that passes and has a sender in time: where all of a channel's are warming up and
    have had their day, and tomorrow is too late, the next ones are tried."""
    verdict = judge(request, guest, facts.world, facts.tally, at)
    if not choosing.is_needed or verdict.state is not MessageState.CLAIMED:
        return verdict
    chosen = choosing.given(request, verdict, guest, facts)
    if isinstance(chosen, Waiting) or chosen.state is not MessageState.EXPIRED or verdict.channel is None:
        return chosen
    others = request.channels[request.channels.index(verdict.channel) + 1 :]
    if not others:
        return chosen
    other = _on_a_way(replace(request, channels=others), guest, facts, choosing, at)
    return other if isinstance(other, Waiting) or other.state in GOES_OR_WAITS else chosen


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
