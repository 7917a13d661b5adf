"""Answers the request for a guest's file: the service's part goes out in sealed pieces, a message each."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from shared.bus.outbox import publish
from shared.bus.subscriptions import Handler, Subscription
from shared.crypto.sealing import Sealed
from shared.database.pool import Tx
from shared.events.console import GuestFilePart
from shared.events.dictionary import Chunk, Lane, chunk_of
from shared.personal_data.declaration import PersonalData
from shared.personal_data.guest_file.held import Currencies, Tell, held_of, no_money, nothing_more
from shared.personal_data.guest_file.parts import sealed_pieces


def file_requests(data: PersonalData, tell: Tell = nothing_more, currencies: Currencies = no_money) -> Subscription:
    """The subscription by which a service answers."""
    return Subscription("guest_files", {"guest.file_requested.v1": answers_with(data, tell, currencies)})


def answers_with(data: PersonalData, tell: Tell, currencies: Currencies) -> Handler:
    def answer(tx: Tx, chunk: Chunk, now: datetime) -> None:
        for file_id, guest_id, ids in zip(chunk["file_id"], chunk["guest_id"], chunk["guest_ids"], strict=True):
            guests = [UUID(one) for one in ids]
            held = held_of(tx, data, guests, tell, currencies)
            _publish(tx, UUID(file_id), UUID(guest_id), sealed_pieces(tx.keyring, held), now)

    return answer


def _publish(tx: Tx, file_id: UUID, guest_id: UUID, pieces: list[Sealed], now: datetime) -> None:
    for place, piece in enumerate(pieces):
        part = GuestFilePart(
            file_id=file_id,
            guest_id=guest_id,
            service=tx.service,
            place=place,
            version=1,
            pieces=len(pieces),
            body=piece,
            made_at=now,
        )
        publish(tx, chunk_of([part]), at=now, lane=Lane.MARKETING)
