"""Segments whose members messaging keeps: those by which blocks are shown or journeys entered, asked for and given
back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from services.messaging.library.segments import segments_in
from services.messaging.store import guest_segments as store
from services.messaging.store.templates.journey_uses import entries
from services.messaging.store.templates.versions import newest_versions
from shared.bus.outbox import publish
from shared.database.pool import Tx
from shared.events.dictionary import Lane, chunk_of
from shared.events.messaging import AudienceWanted


def ask_for_segments(tx: Tx, at: datetime) -> None:
    """As the newest versions of all templates need them, and those by which guests enter journeys that run: of them it
    is counted who lacks a value."""
    shown_by = (segments_in(one.document) for one in newest_versions(tx))
    wanted = entries(tx).union(*shown_by)
    _publish(tx, store.use(tx, wanted, at), at)


def ask_again_for_segments(tx: Tx, at: datetime) -> None:
    """This database is what a backup held: who entered or left since then is not heard once more."""
    _publish(tx, [(segment, version, True) for segment, version in store.ask_again(tx, at)], at)


def _publish(tx: Tx, said: Sequence[tuple[str, int, bool]], at: datetime) -> None:
    wanted = [
        AudienceWanted(segment=segment, version=version, wanted=used, occurred_at=at) for segment, version, used in said
    ]
    if wanted:
        publish(tx, chunk_of(wanted), at=at, lane=Lane.MARKETING)
