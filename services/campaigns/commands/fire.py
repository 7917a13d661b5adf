"""Timers have run out: move these enrolments on and ask for their messages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.campaigns.commands.begin import tell_who_came
from services.campaigns.commands.deeds import ask_others
from services.campaigns.commands.move_on import move_into_others
from services.campaigns.rules.absence import stands_in_the_way
from services.campaigns.rules.advance import Advanced, Asking, Due, advance
from services.campaigns.rules.journey import Journey
from services.campaigns.rules.requests import message_id, request_row
from services.campaigns.steps.kind import Facts
from services.campaigns.store.awaiting import moments_of
from services.campaigns.store.copies import inside_of
from services.campaigns.store.happenings import last_happenings
from services.campaigns.store.holdout import share_of_house
from services.campaigns.store.journeys import documents_of
from services.campaigns.store.messages import Request, ask, clicked_of
from services.campaigns.store.scores import answered_of, scores_of
from services.campaigns.store.splits import keep_taken, winners_of
from services.campaigns.store.stays import stays_by_guest
from services.campaigns.store.timers import claim_due, keep_offers, move_on
from shared.bus.outbox import publish
from shared.bus.set_aside import Item, set_aside, work_in_halves
from shared.database.pool import Tx
from shared.events import Lane
from shared.events.campaigns import MessageRequested
from shared.events.dictionary import chunk_of_rows
from shared.vocabulary.reason import Reason

ROLE = "timers"


def fire(tx: Tx, at: datetime, most: int, *, careful: bool = False) -> int:
    """Move on what is due at `at`, at most so many; how many were moved. The stay lane comes first, and alone: what is
    asked for there commits before a campaign's turn. Careful, an enrolment that cannot be moved is set aside."""
    return next((moved for lane in Lane if (moved := _fire_lane(tx, lane, at, most, careful))), 0)


def _fire_lane(tx: Tx, lane: Lane, at: datetime, most: int, careful: bool) -> int:
    dues = claim_due(tx, lane, at, most)
    if careful:
        failed = work_in_halves(tx, dues, lambda some: _move(tx, lane, some, at))
        set_aside(tx, ROLE, [_item(due, reason) for due, reason in failed], at)
    elif dues:
        _move(tx, lane, dues, at)
    return len(dues)


def _item(due: Due, reason: str) -> Item:
    return Item(str(due.id), f"{due.journey}, version {due.version}, step {due.step}", reason, due.guest_id)


def _move(tx: Tx, lane: Lane, dues: Sequence[Due], at: datetime) -> None:
    documents = documents_of(tx, ((due.journey, due.version) for due in dues))
    tell_who_came(tx, dues, at)
    facts = _facts(tx, dues, list(documents.values()))
    ways = _in_the_way(tx, dues, documents, at)
    moves = [(due, advance(documents[due.journey, due.version], due, facts, at, ways.get(due.id))) for due in dues]
    moves = move_into_others(tx, moves, at)
    move_on(tx, [(due.id, to) for due, to in moves], at)
    keep_taken(tx, [(due.id, due.journey, took) for due, to in moves for took in to.took])
    keep_offers(tx, [(due.id, to.gave) for due, to in moves if to.gave])
    ask_others(tx, moves, documents, at)
    _request(tx, lane, moves, documents, at)


def _in_the_way(
    tx: Tx, dues: Sequence[Due], documents: dict[tuple[str, int], Journey], at: datetime
) -> dict[UUID, Reason]:
    """By enrolment, why its journey keeps away from the guest just now."""
    asked = [due for due in dues if documents[due.journey, due.version].not_while]
    stays = stays_by_guest(tx, sorted({due.guest_id for due in asked})) if asked else {}
    found = {}
    for due in asked:
        journey = documents[due.journey, due.version]
        if reason := stands_in_the_way(journey, due.stay_id, stays.get(due.guest_id, ()), at):
            found[due.id] = reason
    return found


def _facts(tx: Tx, dues: Sequence[Due], journeys: Sequence[Journey]) -> Facts:
    guests = sorted({due.guest_id for due in dues})
    audiences = sorted({audience for journey in journeys for audience in journey.step_audiences})
    events = sorted({event for journey in journeys for event in journey.step_events})
    awaited = sorted({what for journey in journeys for what in journey.awaited})
    split = sorted(journey.key for journey in journeys if journey.splits)
    own = [due.id for due in dues]
    return Facts(
        inside_of(tx, guests, audiences) if audiences else frozenset(),
        last_happenings(tx, guests, events) if events else {},
        moments_of(tx, guests, awaited) if awaited else {},
        winners=winners_of(tx, split) if split else {},
        scores=scores_of(tx, guests) if any(journey.asks_scores for journey in journeys) else {},
        clicked=clicked_of(tx, own) if any(one.asks_clicks for one in journeys) else {},
        answered=answered_of(tx, own) if any(one.asks_answers for one in journeys) else {},
    )


def _request(
    tx: Tx,
    lane: Lane,
    moves: Sequence[tuple[Due, Advanced]],
    documents: dict[tuple[str, int], Journey],
    at: datetime,
) -> None:
    wanted = [(message_id(due, asking), due, asking) for due, to in moves for asking in to.asking]
    asked = ask(tx, [_as_request(id_, due, asking) for id_, due, asking in wanted], at)
    share = share_of_house(tx) if asked else 0
    rows = [
        request_row(id_, documents[due.journey, due.version], due, asking, at, share)
        for id_, due, asking in wanted
        if id_ in asked
    ]
    if rows:
        publish(tx, chunk_of_rows(MessageRequested, rows), at=at, lane=lane)


def _as_request(id_: UUID, due: Due, asking: Asking) -> Request:
    origin = asking.origin
    return Request(id_, due.id, asking.send.key, due.plan, asking.due_at, origin.step, origin.at)
